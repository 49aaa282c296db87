// Following the prices on the public page, where the rules allow it.

import { left, ServerClock } from "./clock.js";
import { showConnection } from "./connection.js";
import { hook, must, write } from "./hooks.js";
import { Line } from "./line.js";
import { remaining } from "./lots.js";
import { money } from "./money.js";

/** @typedef {{status: string, closes: string | null, pausedAt: string | null, row: HTMLElement}} Row */

const WORDS = new Map([["scheduled", "Not open yet"], ["open", "Open"], ["paused", "Paused"], ["closed", "Closed"], ["cancelled", "Cancelled"]]);
const root = must(document, "[data-watch]");
const currency = root.dataset.currency ?? "USD";
const clock = new ServerClock();
/** @type {Map<string, Row>} */
const rows = new Map();
for (const row of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-watch-lot]"))) {
  rows.set(row.dataset.watchLot ?? "", { status: row.dataset.status ?? "", closes: row.dataset.closes || null, pausedAt: null, row });
}
const line = new Line(`/events/${root.dataset.event}/socket`, hear, (_state, code) => showConnection(root, line, code));

/** @param {import("./line.js").Frame} frame */
function hear(frame) {
  clock.hear(frame.t, frame.k === "pong" ? line.trip ?? undefined : undefined);
  if (frame.k === "board") frame.lots.forEach(board);
  if (frame.k === "pong") showConnection(root, line, 0);
}

/** @param {Record<string, any>} told */
function board(told) {
  const row = rows.get(told.id);
  if (!row) return;
  Object.assign(row, { status: told.status, closes: told.closes ?? row.closes, pausedAt: told.paused_at ?? null });
  write(hook(row.row, "status"), WORDS.get(told.status) ?? told.status);
  if ("lead" in told) write(hook(row.row, "lead"), money(told.lead, currency));
  if ("count" in told) write(hook(row.row, "count"), String(told.count));
  tick();
}

function tick() {
  for (const row of rows.values()) {
    const time = remaining(row, clock.now());
    write(hook(row.row, "left"), time === null ? "—" : left(time));
  }
}

clock.hear(root.dataset.now);
showConnection(root, line, 0);
setInterval(tick, 250);
line.open();
