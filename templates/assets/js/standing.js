// How the vendor stands on the chosen lot: rank, own bid, lead, time left, and the bands that say in words what is special.

import { at, instant, left } from "./clock.js";
import { hook, make, mark, show, write } from "./hooks.js";
import { clockNote, remaining } from "./lots.js";
import { money } from "./money.js";
import { ordinal, span, suffix } from "./words.js";

/** @typedef {import("./lots.js").Lot} Lot */
/** @typedef {{zone: string, currency: string, ranks: boolean, window: number, extension: number, trigger: number | null, suspended: boolean}} Look seconds */

const WORDS = new Map([
  ["won", "winning bid"], ["lost", "not the winning bid"], ["scheduled", "not open yet"], ["paused", "paused"], ["cancelled", "cancelled"],
  ["leading", "you lead"], ["behind", "you do not lead"], ["bid", "your bid stands"], ["suspended", "suspended"],
]);

/** One word for how a lot stands to this vendor. @param {Lot} lot @returns {string} */
export function stateOf(lot) {
  if (lot.status === "closed") return lot.own === null ? "none" : lot.won ? "won" : "lost";
  if (lot.status !== "open") return lot.status;
  if (lot.own === null) return "none";
  return lot.rank === 1 ? "leading" : lot.rank ? "behind" : "bid";
}

/** @param {HTMLElement} root @param {Lot} lot @param {Look} look @param {number} now */
export function showStanding(root, lot, look, now) {
  const over = lot.status === "closed" || lot.status === "cancelled";
  const state = look.suspended && !over ? "suspended" : stateOf(lot);
  write(hook(root, "title"), `Lot ${lot.number} · ${lot.title}`);
  mark(root.querySelector("[data-standing]"), "state", state);
  showRank(hook(root, "rank"), look.ranks ? lot.rank : null);
  write(hook(root, "rank-label"), `Your rank: ${look.ranks && lot.rank ? ordinal(lot.rank) : "none"}`);
  write(hook(root, "rank-word"), WORDS.get(state) ?? (over ? "no bid made" : "no bid yet"));
  const own = hook(root, "own");
  write(own, money(lot.own, look.currency));
  write(own?.previousElementSibling ?? null, over ? "Your final bid" : "Your bid");
  write(hook(root, "lead"), money(lot.lead, look.currency));
  show(hook(root, "lead-note"), lot.lead === null && !over);
  write(hook(root, "count"), lot.count === null ? "—" : String(lot.count));
  showClock(root, lot, look, now);
  showBands(root, lot, look, now);
}

/** @param {HTMLElement | null} place @param {number | null} rank */
function showRank(place, rank) {
  const text = rank ? ordinal(rank) : "—";
  if (!place || place.textContent === text) return;
  const before = place.textContent;
  place.replaceChildren(...(rank ? [String(rank), make("span", suffix(rank), "rank-suffix")] : ["—"]));
  if (before !== "—") settle(place, "rank");
}

/** Let a changed figure settle, for the eye only. @param {HTMLElement} place @param {string} what */
function settle(place, what) {
  const box = /** @type {HTMLElement | null} */ (place.closest("[data-standing]"));
  mark(box, "moved", what);
  setTimeout(() => box?.dataset.moved === what && mark(box, "moved", null), 200);
}

/** The part that runs with the time. @param {HTMLElement} root @param {Lot} lot @param {Look} look @param {number} now */
export function showClock(root, lot, look, now) {
  const time = lot.status === "scheduled" ? (instant(lot.opens) ?? now) - now : remaining(lot, now);
  const over = lot.status === "closed" || lot.status === "cancelled";
  const words = over ? (lot.status === "closed" ? "Closed" : "Cancelled") : time === null ? "—" : left(time);
  write(hook(root, "left"), words);
  write(hook(root, "clock-label"), lot.status === "scheduled" ? "Time until it opens: " : over ? "State: " : "Time left: ");
  write(hook(root, "clock-at"), time !== null && time <= 0 && lot.status === "open" ? "waiting for the close" : clockNote(lot, look.zone, now));
  const box = hook(root, "clock-box");
  mark(box, "near", isNear(lot, look, now) ? "" : null);
  mark(box, "far", !over && time !== null && time >= 86_400_000 ? "" : null);
}

/** Whether a bid now may move the close. @param {Lot} lot @param {Look} look @param {number} now */
const isNear = (lot, look, now) => lot.status === "open" && look.extension > 0 && (remaining(lot, now) ?? Infinity) <= look.window * 1000;

/** @param {HTMLElement} root @param {Lot} lot @param {Look} look @param {number} now */
export function showBands(root, lot, look, now) {
  const state = stateOf(lot);
  const shown = new Set([state === "none" && lot.status === "closed" ? "missed" : state]);
  const near = isNear(lot, look, now);
  if (lot.status === "open" && (lot.moved || near)) shown.add("overtime");
  for (const band of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-bands] > [data-band]"))) {
    show(band, shown.has(band.dataset.band ?? ""));
  }
  write(hook(root, "overtime-words"), [lot.moved ? moved(lot, look.zone) : "", near ? ifLate(look, lot.moved !== null) : ""].filter(Boolean).join(" "));
  write(hook(root, "paused-words"), lot.reason ?? "");
  write(hook(root, "cancelled-words"), lot.reason ?? "");
  write(hook(root, "lost-words"), look.ranks && lot.rank ? `Your final rank is ${ordinal(lot.rank)}.` : "");
  write(hook(root, "scheduled-words"), `Bidding opens ${lot.opens ? at(lot.opens, look.zone, now) : "when the lot before is over"}.`);
}

/** Why the close is where it is. @param {Lot} lot @param {string} zone @returns {string} */
export function moved(lot, zone) {
  const move = lot.moved;
  if (!move) return "";
  const to = at(move.closes, zone);
  switch (move.cause) {
    case "overtime": return `Extended${lot.extensions === 1 ? " once" : lot.extensions ? ` ${lot.extensions} times` : ""}: a late bid${move.at ? ` at ${at(move.at, zone)}` : ""} moved the close to ${to}.`;
    case "gap": return `The close moved to ${to}, to stay clear of the lot before.`;
    case "host": return `The consortium moved the close to ${to}.`;
    default: return `After the pause, this lot closes at ${to}.`;
  }
}

/** What a bid does to the clock from here. @param {Look} look @param {boolean} again @returns {string} */
function ifLate(look, again) {
  const who = look.trigger === null ? "Any accepted bid" : look.trigger === 1 ? "A bid that takes or keeps the lead" : `A bid that ranks ${ordinal(look.trigger)} or better`;
  return `${who} now gives everyone ${span(look.extension)}${again ? " more" : " to answer"}.`;
}
