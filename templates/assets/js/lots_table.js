// The lead's table: one row for each lot, kept up to date.

import { left } from "./clock.js";
import { hook, mark, must, stamp, write } from "./hooks.js";
import { remaining } from "./lots.js";
import { money, percent, read } from "./money.js";
import { showPace } from "./sparkline.js";

/** @typedef {{id: string, number: string, title: string, status: string, closes: string | null, pausedAt: string | null, baseline: string | null, row: HTMLElement}} Row */

const NEAR = 180_000;

export class LotsTable {
  /** @type {Map<string, Row>} */
  rows = new Map();
  #root;
  #currency;
  #adjusted;

  /** @param {HTMLElement} root @param {string} currency @param {boolean} adjusted whether adjusted prices are ranked */
  constructor(root, currency, adjusted) {
    this.#root = root;
    this.#adjusted = adjusted;
    this.#currency = currency;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("tr[data-lot]"))) {
      const said = row.dataset, pace = hook(row, "pace");
      this.rows.set(said.lot ?? "", { id: said.lot ?? "", number: said.number ?? "", title: said.title ?? "", status: said.status ?? "", closes: said.closes || null, pausedAt: said.paused || null, baseline: said.baseline || null, row });
      if (pace?.dataset.pace) showPace(pace, pace.dataset.pace.split(",").map(Number));
    }
  }

  /** Take in a lot of a `board` frame. @param {Record<string, any>} told @returns {{row: Row, was: string} | null} the row and its status before */
  board(told) {
    const row = this.rows.get(told.id);
    if (!row) return null;
    const was = row.status;
    Object.assign(row, { status: told.status, closes: told.closes ?? row.closes, pausedAt: told.paused_at ?? null });
    if (was !== told.status) hook(row.row, "status")?.replaceChildren(stamp(this.#root, `[data-badge="${told.status}"]`));
    if (!this.#adjusted) this.#lead(row, told.lead ?? null);
    write(hook(row.row, "count"), String(told.count ?? "—"));
    write(hook(row.row, "extensions"), told.extensions ? String(told.extensions) : "—");
    return { row, was };
  }

  /** Take in a lot of a `desk` frame; an adjusted lead is the first of its ranking. @param {Record<string, any>} told */
  desk(told) {
    const row = this.rows.get(told.id), place = row && hook(row.row, "pace");
    if (place && told.bids_per_min) showPace(place, told.bids_per_min);
    if (row && this.#adjusted && told.ranking) this.#lead(row, told.ranking[0]?.adjusted ?? null);
  }

  /** Whether every lot is over. @returns {boolean} */
  get over() {
    return [...this.rows.values()].every((row) => row.status === "closed" || row.status === "cancelled");
  }

  /** @param {number} now */
  tick(now) {
    for (const row of this.rows.values()) {
      const time = remaining(row, now), place = hook(row.row, "left");
      write(place, time === null ? "—" : left(time));
      mark(place, "near", row.status === "open" && time !== null && time <= NEAR ? "" : null);
    }
  }

  /** @param {Row} row @param {string | null} lead */
  #lead(row, lead) {
    write(hook(row.row, "lead"), money(lead, this.#currency));
    const place = hook(row.row, "saving"), before = read(row.baseline), now = read(lead);
    if (!place || before === null || now === null) return;
    const share = percent(before - now, before);
    if (place.textContent === `${share} %`) return;
    const made = stamp(this.#root, "[data-saving]");
    made.classList.toggle("saving-less", now > before);
    const tenths = now < before ? Number(((before - now) * 1000n) / before) : 0;
    made.querySelector(".bar-fill")?.setAttribute("width", String(Math.min(100, tenths / 4)));
    write(must(made, ".figure"), `${share} %`);
    place.replaceChildren(made);
  }
}
