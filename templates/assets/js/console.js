// The lead's console: the line's frames in, the tables up to date. Every action is a plain form of the page.

import { Announcer } from "./announce.js";
import { hands, instant, ServerClock, at } from "./clock.js";
import { showConnection } from "./connection.js";
import { Feed } from "./feed.js";
import { Graph } from "./graph.js";
import { HandForms } from "./hand_forms.js";
import { hook, make, mark, must, show, write } from "./hooks.js";
import { Line } from "./line.js";
import { LotsTable } from "./lots_table.js";
import { money, read, wire } from "./money.js";
import { ordinal } from "./words.js";

/** @typedef {import("./line.js").Frame} Frame */
/** @typedef {{label: string, vendor?: string, rank: number, amount: string, adjusted?: string, at: string, suspended?: boolean}} Standing */

const root = must(document, "[data-console]");
const zone = root.dataset.zone ?? "UTC", currency = root.dataset.currency ?? "USD", chosen = root.dataset.chosen ?? "";
const clock = new ServerClock();
const say = new Announcer(root);
const adjusted = Boolean(root.dataset.adjusted), named = Boolean(root.dataset.named);
const table = new LotsTable(root, currency, adjusted);
const forms = new HandForms(root);
const seats = new Map(/** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-here] [data-vendor]")]).map((row) => [row.dataset.vendor ?? "", row]));
const nameOf = (/** @type {string} */ id) => seats.get(id)?.querySelector(".here-name")?.textContent ?? undefined;
const feed = new Feed(root, { zone, currency, lot: (id) => `Lot ${table.rows.get(id)?.number ?? id}`, name: nameOf });
const graph = new Graph(must(root, "[data-graph]"), zone, currency);
const line = new Line(`/events/${root.dataset.event}/socket?as=buyer`, hear, (_state, code) => showConnection(root, line, code));

/** @param {Frame} frame */
function hear(frame) {
  clock.hear(frame.t, frame.k === "pong" ? line.trip ?? undefined : undefined);
  switch (frame.k) {
    case "board": return board(frame.lots);
    case "desk": return desk(frame);
    case "facts": return learn(frame);
    case "pong": return showConnection(root, line, 0);
  }
}

/** @param {Record<string, any>[]} lots */
function board(lots) {
  for (const told of lots) {
    const change = table.board(told);
    if (!change || change.was === told.status) continue;
    say.politely(`status ${told.id}`, `Lot ${change.row.number}, ${change.row.title} is now ${told.status}.`);
    forms.lot(told.id, told.status);
    if (table.over || (named && told.id === chosen && told.status === "closed")) show(must(root, '[data-band="closed"]'), true);
  }
  tick();
}

/** @param {Frame} frame */
function desk(frame) {
  for (const lot of frame.lots ?? []) {
    table.desk(lot);
    if (lot.id === chosen && lot.ranking) rank(lot.ranking);
  }
  if (frame.connected) connected(frame.connected);
}

/** @param {Standing[]} ranking */
function rank(ranking) {
  const first = read(ranked(ranking[0]));
  must(root, '[data-x="ranking"]').replaceChildren(...ranking.map((row) => standing(row, first)));
  show(hook(root, "ranking-empty"), !ranking.length);
}

/** What is ranked of a row. @param {Standing | undefined} row */
const ranked = (row) => row?.adjusted ?? row?.amount;

/** @param {string} label what stands before it on a phone @param {string} text @param {string} kind */
function cell(label, text, kind) {
  const made = make("td", text, kind);
  made.dataset.label = label;
  return made;
}

/** @param {Standing} row @param {bigint | null} first @returns {HTMLTableRowElement} */
function standing(row, first) {
  const made = document.createElement("tr"), value = read(ranked(row));
  const who = make("th", (row.vendor && nameOf(row.vendor)) || row.label);
  who.scope = "row";
  if (row.suspended) who.append(" ", make("span", "suspended", "tag tag-alarm"));
  const above = first !== null && value !== null && value > first ? `+${money(wire(value - first, 10_000n), currency)}` : "—";
  made.append(cell("Rank", ordinal(row.rank), "strong"), who, cell("Bid", money(row.amount, currency), adjusted ? "num" : "num strong"));
  if (adjusted) made.append(cell("Adjusted", money(row.adjusted, currency), "num strong"));
  made.append(cell("Above the lead", above, "num soft"), cell("Since", at(row.at, zone, clock.now()), "num soft"));
  return made;
}

/** @param {{vendor: string, connections: number}[]} here */
function connected(here) {
  const count = new Map(here.map((row) => [row.vendor, row.connections]));
  for (const [id, row] of seats) {
    const open = count.get(id) ?? 0;
    mark(row, "hereState", open ? "here" : "away");
    write(hook(row, "seats"), open ? `${open} window${open === 1 ? "" : "s"}` : "not connected");
  }
  write(hook(root, "here-count"), `${[...count.values()].filter(Boolean).length} of ${seats.size}`);
}

/** @param {Frame} frame */
function learn(frame) {
  feed.add(frame.facts);
  for (const fact of frame.facts) {
    if (fact.f === "price" && fact.lot === chosen) graph.add({ ...fact, vendor_name: fact.vendor && nameOf(fact.vendor) });
  }
}

function tick() {
  table.tick(clock.now());
}

/** Stand a good proposal in the field of the new close: ten minutes after the chosen lot's. */
function propose() {
  const field = /** @type {HTMLInputElement | null} */ (root.querySelector("#extend-closes"));
  const closes = instant(table.rows.get(chosen)?.closes);
  if (!field || field.value || closes === null) return;
  const later = new Date(closes + 600_000).toISOString();
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(later));
  field.value = `${day}T${hands(later, zone)}`;
}

root.querySelector(".hand")?.addEventListener("toggle", propose, true);
clock.hear(root.dataset.now);
tick();
showConnection(root, line, 0);
setInterval(tick, 250);
line.open();
