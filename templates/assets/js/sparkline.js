// Bids a minute as a small line, with the last figure beside it in words.

import { shape } from "./graph.js";
import { make } from "./hooks.js";

const WIDTH = 96, HEIGHT = 26;

/** @param {number[]} counts oldest first @returns {string} the points of the line */
export function points(counts) {
  const most = Math.max(1, ...counts), step = WIDTH / Math.max(1, counts.length - 1);
  return counts.map((count, at) => `${(at * step).toFixed(1)},${(HEIGHT - 2 - (count / most) * (HEIGHT - 4)).toFixed(1)}`).join(" ");
}

/** @param {HTMLElement} place @param {number[]} counts */
export function showPace(place, counts) {
  const text = counts.join(",");
  if (!counts.length || (place.dataset.pace === text && place.querySelector("svg"))) return;
  place.dataset.pace = text;
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true", focusable: "false" });
  svg.append(shape("line", { class: "base", x1: 0, x2: WIDTH, y1: HEIGHT - 1, y2: HEIGHT - 1 }), shape("polyline", { points: points(counts) }));
  const box = make("span", "", "pace");
  box.append(svg, make("span", `${counts.at(-1)} now`));
  place.replaceChildren(box);
}
