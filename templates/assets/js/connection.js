// What the page says about its line: the pill in the header, and the band when there is none.

import { hook, mark, show, write } from "./hooks.js";

/** @typedef {import("./line.js").Line} Line */

const ENDS = new Map([
  [4400, "This page and the server do not understand each other. Load the page again."],
  [4401, "Your session has ended, so nothing more is sent or shown. Sign in again; your bids stand as they are."],
  [4403, "You are not admitted to this room. If you think you should be, ask the consortium."],
  [4404, "This room does not exist any more. Go back to the events."],
]);
const BREAKS = new Map([
  [4413, "Your line was too slow to keep up and was closed."],
  [4429, "Too many messages came from here at once, so the line was closed for a moment."],
  [4503, "The server is restarting."],
]);

const WORDS = { joining: "Connecting", live: "Connected", offline: "Reconnecting", ended: "Not connected" };

/** @param {number} code @param {boolean} waiting whether a bid is without an answer @returns {string} */
export function explain(code, waiting) {
  if (ENDS.has(code)) return ENDS.get(code) ?? "";
  const first = BREAKS.get(code) ?? "No connection. What you see may be out of date.";
  const bid = waiting
    ? " A bid was on its way: as soon as the line is back, we check whether it counted. It cannot count twice."
    : " Nothing you have bid is lost. New bids can be placed once the line is back.";
  return `${first} Trying again by itself.${bid}`;
}

/**
 * Show the line's state. @param {ParentNode} root the page's own part @param {Line} line @param {number} code
 */
export function showConnection(root, line, code) {
  const pill = /** @type {HTMLElement | null} */ (document.querySelector("[data-connection]"));
  mark(pill, "state", line.state);
  if (pill) write(pill.querySelector("[data-connection-words]"), WORDS[line.state]);
  if (pill) write(pill.querySelector("[data-connection-trip]"), line.state === "live" && line.trip !== null ? ` · ${line.trip} ms` : "");
  const band = /** @type {HTMLElement | null} */ (root.querySelector('[data-band="line"]'));
  if (!band) return;
  const broken = line.state === "offline" || line.state === "ended";
  show(band, broken);
  if (!broken) return;
  write(hook(band, "line-words"), explain(code, line.unanswered.size > 0));
  offer(band, code);
}

/** @param {HTMLElement} band @param {number} code */
function offer(band, code) {
  const action = /** @type {HTMLAnchorElement | null} */ (hook(band, "line-action"));
  if (!action) return;
  if (code === 4401) {
    action.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    write(action, "Sign in again");
  } else if (code === 4403 || code === 4404) {
    action.href = "/";
    write(action, "Go to the events");
  }
}
