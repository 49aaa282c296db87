// The vendor's live room: the line's frames in, the page up to date, the vendor's bids out.

import { Announcer } from "./announce.js";
import { BidForm } from "./bid_form.js";
import { at, hands, ServerClock } from "./clock.js";
import { showConnection } from "./connection.js";
import { Graph } from "./graph.js";
import { hook, must, show, write } from "./hooks.js";
import { Ledger } from "./ledger.js";
import { Line } from "./line.js";
import { LotList, onBoard, onFact, onYou } from "./lots.js";
import { money } from "./money.js";
import { showClock, showStanding } from "./standing.js";
import { readTerms } from "./terms.js";
import { ordinal } from "./words.js";

/** @typedef {import("./lots.js").Lot} Lot */
/** @typedef {import("./line.js").Frame} Frame */
/** @typedef {import("./ledger.js").Fact} Fact */

const root = must(document, "[data-room]");
const said = root.dataset;
const zone = said.zone ?? "UTC", currency = said.currency ?? "USD";
const terms = readTerms(said);
const look = { zone, currency, ranks: Boolean(said.seesRank), window: Number(said.window), extension: Number(said.extension), trigger: said.trigger ? Number(said.trigger) : null, suspended: !must(root, '[data-band="suspended"]').hidden };

const clock = new ServerClock();
const say = new Announcer(root);
const list = new LotList(must(root, "[data-lots]"), (id) => choose(id, true));
const lots = new Map(list.read().map((lot) => [lot.id, lot]));
const line = new Line(`/events/${terms.event}/socket?as=vendor`, hear, (_state, code) => lineChanged(code));
const ledger = new Ledger(root, zone, currency);
const graphPlace = /** @type {HTMLElement | null} */ (root.querySelector("[data-graph]"));
const graph = graphPlace && new Graph(graphPlace, zone, currency);
const form = new BidForm(root, terms, {
  send: (bid) => line.bid(bid),
  waiting: (lot) => [...line.unanswered.values()].find((bid) => bid.lot === lot),
  live: () => line.state === "live",
  over: () => line.state === "ended",
  plain: () => line.state === "offline" && line.brokenFor > 8000 && navigator.onLine,
}, say);
/** @type {Fact[]} */
const facts = [];
/** @type {Map<string, number>} the rank that was told with the answer to a bid, by lot */
const toldWith = new Map();
let chosen = said.chosen ?? "";

/** @param {Frame} frame */
function hear(frame) {
  clock.hear(frame.t, frame.k === "pong" ? line.trip ?? undefined : undefined);
  switch (frame.k) {
    case "welcome": return welcome(frame);
    case "board": return each(frame.lots, onBoard);
    case "you": return each(frame.lots, onYou);
    case "facts": return learn(frame.facts, frame.first);
    case "taken": return taken(frame);
    case "no": return refused(frame);
    case "fail": return settle(frame.id, (bid) => form.failed(bid, frame.message));
    case "pong": return showConnection(root, line, 0);
  }
}

/** @param {Frame} frame */
function welcome(frame) {
  if (!frame.rules || frame.rules === terms.rules) return;
  const band = must(root, '[data-band="line"]');
  write(hook(band, "line-words"), "The rules of this event have changed since this page was loaded, so bids from it would be refused. Load the page again.");
  show(band, true);
}

/** @param {Record<string, any>[]} told @param {(lot: Lot, told: Record<string, any>) => void} take */
function each(told, take) {
  for (const row of told) {
    const lot = lots.get(row.id);
    if (!lot) continue;
    const before = { ...lot };
    take(lot, row);
    announce(before, lot);
  }
  draw();
}

/** Say what changed, once. @param {Lot} before @param {Lot} lot */
function announce(before, lot) {
  const name = `Lot ${lot.number}, ${lot.title}`;
  if (look.ranks && lot.rank && before.rank !== lot.rank && toldWith.get(lot.id) !== lot.rank) say.politely(`rank ${lot.id}`, `${name}: you are now ${ordinal(lot.rank)}.`);
  if (before.rank !== lot.rank) toldWith.delete(lot.id);
  if (lot.status !== before.status) say.politely(`status ${lot.id}`, `${name} is now ${lot.status === "scheduled" ? "not open" : lot.status}.`);
  else if (before.closes && lot.closes !== before.closes && lot.status === "open") say.politely(`close ${lot.id}`, `${name} now closes at ${at(lot.closes, zone)}.`);
}

/** @param {Fact[]} told @param {number} first */
function learn(told, first) {
  const fresh = first <= 1 && facts.length === 0;
  for (const fact of told) {
    facts.push(fact);
    const lot = lots.get(fact.lot ?? "");
    if (lot) onFact(lot, fact);
    if (fact.f === "suspended") suspend(fact.reason ?? "");
    if (fact.f === "taken" && fact.id && line.unanswered.has(fact.id)) settle(fact.id, (bid) => form.taken(bid, { ...fact, next: lot?.next }, hands(fact.at, zone)));
    if (!fresh && concerns(fact)) { ledger.add(fact); graph?.add(/** @type {any} */ (fact)); }
  }
  if (fresh) fillLot();
  draw();
}

/** @param {Fact} fact */
const concerns = (fact) => !fact.lot || fact.lot === chosen;

function fillLot() {
  const mine = facts.filter(concerns);
  ledger.fill(mine);
  graph?.fill(/** @type {any} */ (mine.filter((fact) => fact.f === "taken" || fact.f === "price")));
}

/** @param {string | null} id @param {(bid: import("./line.js").Bid) => void} then */
function settle(id, then) {
  const bid = line.answered(id);
  if (bid) then(bid);
}

/** @param {Frame} frame */
function taken(frame) {
  settle(frame.id, (bid) => {
    const lot = lots.get(bid.lot), rank = frame.rank ? `, ${ordinal(frame.rank)}` : "";
    if (frame.rank && lot && lot.rank !== frame.rank) toldWith.set(lot.id, frame.rank);
    say.politely(`${frame.rank ? "rank" : "bid"} ${bid.lot}`, `${lot ? `Lot ${lot.number}, ${lot.title}: y` : "Y"}our bid of ${money(bid.amount, currency)} is taken${rank}.`);
    form.taken(bid, frame, hands(frame.t, zone));
  });
}

/** @param {Frame} frame */
function refused(frame) {
  if (!line.unanswered.has(frame.id ?? "")) return void (frame.id === null && say.now(frame.message));
  if (frame.code === "STALE_RULES") welcome({ k: "welcome", rules: "other" });
  settle(frame.id, (bid) => void form.refused(bid, frame));
}

/** @param {string} reason */
function suspend(reason) {
  if (!look.suspended) say.now(`You are suspended from this event. ${reason}`);
  look.suspended = true;
  show(must(root, '[data-band="suspended"]'), true);
  write(hook(root, "suspended-words"), reason);
}

/** @param {number} code */
function lineChanged(code) {
  showConnection(root, line, code);
  form.line(line.state === "live");
  if (line.state === "live") say.politely("line", "Connected.");
  if (line.state === "offline") say.politely("line", "The connection is lost. Trying again.");
  if (line.state === "ended") say.now(hook(root, "line-words")?.textContent ?? "Not connected.");
}

/** @param {string} id @param {boolean} remember */
function choose(id, remember) {
  if (!lots.has(id)) return;
  chosen = id;
  list.mark(id);
  if (remember) history.pushState({ lot: id }, "", `?lot=${encodeURIComponent(id)}`);
  fillLot();
  draw();
}

function draw() {
  const lot = lots.get(chosen);
  if (!lot) return;
  showStanding(root, lot, look, clock.now());
  form.show(lot);
  if (look.suspended) show(must(root, "[data-bid]"), false);
  tick();
}

function tick() {
  const lot = lots.get(chosen), now = clock.now();
  if (lot) showClock(root, lot, look, now);
  list.show(lots, now, look.window * 1000, look);
}

addEventListener("popstate", () => choose(new URLSearchParams(location.search).get("lot") ?? said.chosen ?? "", false));
clock.hear(said.now);
list.mark(chosen);
draw();
showConnection(root, line, 0);
setInterval(tick, 200);
line.open();
