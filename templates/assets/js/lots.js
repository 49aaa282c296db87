// The lots of the room: what is known of each, and the list to choose from (a column, or a row to swipe on a phone).

import { at, hands, instant, left } from "./clock.js";
import { hook, mark, write } from "./hooks.js";
import { ordinal } from "./words.js";

/** @typedef {"scheduled" | "open" | "paused" | "closed" | "cancelled"} Status */
/** @typedef {{closes: string, cause: string, at: string | null}} Move */
/**
 * @typedef {object} Lot
 * @property {string} id @property {string} number @property {string} title @property {Status} status
 * @property {string | null} opens @property {string | null} closes @property {string | null} pausedAt @property {number} extensions
 * @property {string | null} ceiling @property {string | null} baseline
 * @property {string | null} own @property {number} ownNo @property {number | null} rank @property {string | null} lead
 * @property {number | null} count @property {string | null} next @property {string | null} reason @property {boolean | null} won
 * @property {Move | null} moved
 */

/** What the page already says of a lot. @param {HTMLElement} link @returns {Lot} */
export function readLot(link) {
  const said = link.dataset;
  return {
    id: said.lot ?? "", number: said.number ?? "", title: said.title ?? "", status: /** @type {Status} */ (said.status),
    opens: said.opens || null, closes: said.closes || null, pausedAt: said.paused || null, extensions: Number(said.extensions),
    ceiling: said.ceiling || null, baseline: said.baseline || null, own: said.own || null, ownNo: Number(said.ownNo),
    rank: Number(said.rank) || null, lead: said.lead || null, count: said.count ? Number(said.count) : null, next: said.next || null,
    reason: said.reason || null, won: said.won ? said.won === "yes" : null, moved: said.movedTo ? { closes: said.movedTo, cause: said.movedBy ?? "", at: said.movedAt || null } : null,
  };
}

/** Take in a lot of a `board` frame. @param {Lot} lot @param {Record<string, any>} told */
export function onBoard(lot, told) {
  lot.status = told.status;
  lot.opens = told.opens ?? lot.opens;
  lot.closes = told.closes ?? lot.closes;
  lot.extensions = told.extensions ?? lot.extensions;
  lot.pausedAt = told.paused_at ?? null;
  if ("count" in told) lot.count = told.count;
}

/** Take in a lot of a `you` frame: what is absent may not be seen. @param {Lot} lot @param {Record<string, any>} told */
export function onYou(lot, told) {
  lot.own = told.own ?? null;
  lot.ownNo = told.own_no ?? 0;
  lot.rank = told.rank ?? null;
  lot.lead = told.lead ?? null;
  lot.next = told.next ?? null;
}

/** Take in a fact about a lot. @param {Lot} lot @param {Record<string, any>} fact */
export function onFact(lot, fact) {
  if (fact.f === "close_moved") lot.moved = { closes: fact.closes, cause: fact.cause, at: fact.at };
  if (fact.f === "paused" || fact.f === "cancelled") lot.reason = fact.reason ?? null;
  if (fact.f === "closed") lot.won = fact.winner_you ?? false;
}

/** Milliseconds left to bid; null when the clock does not run. @param {{status: string, closes: string | null, pausedAt: string | null}} lot @param {number} now */
export function remaining(lot, now) {
  const closes = instant(lot.closes);
  if (closes === null) return null;
  if (lot.status === "open") return closes - now;
  return lot.status === "paused" ? closes - (instant(lot.pausedAt) ?? now) : null;
}

export class LotList {
  #links;

  /**
   * @param {HTMLElement} list @param {(id: string) => void} choose
   */
  constructor(list, choose) {
    this.#links = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-lot]")]);
    list.addEventListener("click", (event) => this.#click(event, choose));
    list.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {Lot[]} */
  read() {
    return this.#links.map(readLot);
  }

  /** @param {string} id */
  mark(id) {
    for (const link of this.#links) {
      if (link.dataset.lot !== id) link.removeAttribute("aria-current");
      else {
        link.setAttribute("aria-current", "true");
        link.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }
  }

  /** Write rank and time of every lot. @param {Map<string, Lot>} lots @param {number} now @param {number} near @param {import("./standing.js").Look} look */
  show(lots, now, near, { zone, ranks, suspended }) {
    for (const link of this.#links) {
      const lot = lots.get(link.dataset.lot ?? "");
      if (!lot) continue;
      const leads = lot.rank === 1 && (lot.status === "open" || lot.status === "paused") && !suspended;
      write(hook(link, "lot-rank"), place(lot, ranks) + (leads && ranks ? " · lead" : ""));
      mark(hook(link, "lot-rank"), "state", leads || lot.won ? "leading" : "");
      const time = remaining(lot, now);
      write(hook(link, "lot-clock"), lot.status === "open" && time !== null ? left(time) : standsAt(lot, zone));
      mark(hook(link, "lot-clock"), "near", lot.status === "open" && time !== null && time <= near ? "" : null);
    }
  }

  /** @param {MouseEvent} event @param {(id: string) => void} choose */
  #click(event, choose) {
    const link = event.target instanceof Element ? event.target.closest("[data-lot]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.dataset.lot ?? "");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const here = this.#links.findIndex((link) => link === document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    this.#links[(here + step + this.#links.length) % this.#links.length]?.focus();
  }
}

/** @param {Lot} lot @param {boolean} ranks @returns {string} */
function place(lot, ranks) {
  if (lot.status === "cancelled") return "cancelled";
  if (lot.won) return "winning bid";
  if (lot.rank && ranks) return ordinal(lot.rank);
  if (lot.own) return "bid made";
  return lot.status === "closed" ? "no bid" : "no bid yet";
}

/** @param {Lot} lot @param {string} zone @returns {string} */
function standsAt(lot, zone) {
  if (lot.status === "scheduled") return lot.opens ? `opens ${hands(lot.opens, zone)}` : "opens later";
  return lot.status === "open" ? "open" : lot.status;
}

/** @param {Lot} lot @param {string} zone @param {number} now @returns {string} what stands under the clock */
export function clockNote(lot, zone, now) {
  switch (lot.status) {
    case "open": return `closes ${at(lot.closes, zone, now)}`;
    case "scheduled": return lot.opens ? `opens ${at(lot.opens, zone, now)}` : "opens when the lot before is over";
    case "paused": return "left when it was paused";
    case "closed": return `at ${at(lot.closes, zone, now)}`;
    default: return "nothing is awarded";
  }
}
