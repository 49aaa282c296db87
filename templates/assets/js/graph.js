// Prices over time as steps, drawn with the page's own colours, and the same as a table for those who read it so.

import { hands } from "./clock.js";
import { hook, make, show } from "./hooks.js";
import { money, read, sign } from "./money.js";

/** @typedef {{time: number, iso: string, who: string, own: boolean, plain: string, value: bigint}} Point */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 200, LEFT = 62, RIGHT = 12, TOP = 10, BOTTOM = 26;
const ROWS = 60, EVERY = 900;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {string} [text] @returns {SVGElement} */
export function shape(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Three to five round prices that span a range. @param {bigint} low @param {bigint} high @returns {bigint[]} */
export function rounds(low, high) {
  const span = high - low || 1n;
  let size = 10n ** BigInt(String(span).length - 1);
  const fits = [size / 5n, size / 2n, size, size * 2n, size * 5n].find((step) => step > 0n && span / step <= 4n);
  size = fits ?? size;
  const lines = [];
  for (let at = ((low + size - 1n) / size) * size; at <= high; at += size) lines.push(at);
  return lines;
}

/** A price for an axis: "$455k". @param {bigint} micros @param {bigint} gap between lines @param {string} currency @returns {string} */
export function short(micros, gap, currency) {
  const units = Number(micros / 10_000n) / 100;
  const [size, name] = units >= 1e6 ? [1e6, "m"] : units >= 10_000 ? [1e3, "k"] : [1, ""];
  const decimals = Math.max(0, Math.min(2, Math.ceil(-Math.log10(Number(gap) / 1e6 / size) - 1e-9)));
  return `${sign(currency)}${(units / size).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals })}${name}`;
}

export class Graph {
  #root;
  #zone;
  #currency;
  /** @type {Point[]} */
  #points = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;

  /** @param {HTMLElement} root @param {string} zone @param {string} currency */
  constructor(root, zone, currency) {
    this.#root = root;
    this.#zone = zone;
    this.#currency = currency;
    const place = hook(root, "graph");
    if (place) new ResizeObserver(() => this.#later()).observe(place.parentElement ?? place);
  }

  /** @param {{at: string, amount: string, label?: string, f: string, vendor_name?: string}[]} facts oldest first */
  fill(facts) {
    this.#points = [];
    for (const fact of facts) this.add(fact);
    this.#draw();
  }

  /** @param {{at: string, amount: string, label?: string, f: string, vendor_name?: string}} fact a bid, own ("taken") or another's ("price") */
  add(fact) {
    const value = read(fact.amount), time = Date.parse(fact.at);
    if (value === null || (fact.f !== "taken" && fact.f !== "price")) return;
    const own = fact.f === "taken";
    this.#points.push({ time, iso: fact.at, who: own ? "You" : fact.vendor_name ?? fact.label ?? "Vendor", own, plain: fact.amount, value });
    this.#later();
  }

  #later() {
    this.#soon ??= setTimeout(() => { this.#soon = undefined; this.#draw(); }, EVERY);
  }

  #draw() {
    const place = hook(this.#root, "graph"), some = this.#points.length > 0;
    show(hook(this.#root, "graph-empty"), !some);
    show(hook(this.#root, "graph-more"), some);
    if (!place) return;
    if (some) place.replaceChildren(this.#picture(Math.max(280, place.parentElement?.clientWidth ?? 640)));
    else place.replaceChildren();
    hook(this.#root, "graph-rows")?.replaceChildren(...this.#points.slice(-ROWS).reverse().map((point) => this.#row(point)));
  }

  /** @param {Point} point @returns {HTMLTableRowElement} */
  #row(point) {
    const row = document.createElement("tr");
    const who = make("th", point.who);
    who.scope = "row";
    row.append(make("td", hands(point.iso, this.#zone)), who, make("td", money(point.plain, this.#currency), "num"));
    return row;
  }

  /** @param {number} width @returns {SVGElement} */
  #picture(width) {
    const values = this.#points.map((point) => point.value), times = this.#points.map((point) => point.time);
    const most = values.reduce((a, b) => (a > b ? a : b)), least = values.reduce((a, b) => (a < b ? a : b));
    const room = (most - least) / 12n || most / 100n || 1n;
    const high = most + room, low = least > room ? least - room : 0n;
    const start = times[0] ?? 0, last = Math.max(times.at(-1) ?? 0, start + 1), end = last + (last - start) / 50;
    const x = (/** @type {number} */ time) => LEFT + ((time - start) / (end - start)) * (width - LEFT - RIGHT);
    const y = (/** @type {bigint} */ value) => TOP + (Number((high - value) * 10_000n / (high - low)) / 10_000) * (HEIGHT - TOP - BOTTOM);
    const svg = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT });
    const lines = rounds(low, high), gap = (lines[1] ?? high) - (lines[0] ?? low);
    for (const value of lines) {
      svg.append(shape("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value) }),
        shape("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, short(value, gap, this.#currency)));
    }
    svg.append(shape("text", { x: LEFT, y: HEIGHT - 6 }, hands(this.#points[0]?.iso, this.#zone)),
      shape("text", { x: width - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, hands(this.#points.at(-1)?.iso, this.#zone)));
    this.#lines(svg, x, y, width);
    return svg;
  }

  /** @param {SVGElement} svg @param {(time: number) => number} x @param {(value: bigint) => number} y @param {number} width */
  #lines(svg, x, y, width) {
    /** @type {Map<string, Point[]>} */
    const who = new Map();
    for (const point of this.#points) {
      const line = who.get(point.who) ?? [];
      line.push(point);
      who.set(point.who, line);
    }
    const ordered = [...who.values()].sort((a, b) => Number(a[0]?.own ?? false) - Number(b[0]?.own ?? false));
    ordered.forEach((points, place) => {
      const own = points[0]?.own ?? false, last = points.at(-1);
      const path = points.map((point, at) => (at ? `H${x(point.time).toFixed(1)}V${y(point.value).toFixed(1)}` : `M${x(point.time).toFixed(1)} ${y(point.value).toFixed(1)}`)).join("");
      svg.append(shape("path", { class: own ? "step step-own" : `step step-${1 + (place % 4)}`, d: `${path}H${width - RIGHT}` }));
      if (last) svg.append(shape("circle", { class: own ? "end end-own" : "end", cx: width - RIGHT, cy: y(last.value), r: own ? 5 : 3 }));
    });
  }
}
