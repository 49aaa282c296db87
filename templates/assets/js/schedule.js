// A line schedule's page: totals as one types, saving by itself, pasting a column of prices, Enter to the next line.

import { Announcer } from "./announce.js";
import { must, show, write } from "./hooks.js";
import { grouped, money } from "./money.js";
import { Row } from "./schedule_row.js";
import { Saver } from "./schedule_save.js";
import { greater, total } from "./schedule_sum.js";

const page = must(document, "[data-schedule]"), form = must(document, "[data-schedule-form]");
const { currency = "USD", zone = "UTC", tick = "10000", ceiling = "", address = "", revision = "0" } = page.dataset;
const rows = [...form.querySelectorAll("[data-line]")].map((each) => new Row(/** @type {HTMLElement} */ (each), currency));
const announcer = new Announcer(page);
const byLine = new Map(rows.map((row) => [row.line, row]));
let rest = BigInt(page.dataset.rest || "0");

/** A time of day in the event's zone. @param {string} iso */
const clock = (iso) => new Intl.DateTimeFormat("en-US", { timeZone: zone, hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short" }).format(new Date(iso.replace(/(\.\d{3})\d+/, "$1")));

/** @param {string} name @param {string} words */
const say = (name, words) => write(page.querySelector(`[data-x="${name}"]`), words);

/** Show what all lines come to now. */
function sum() {
  const worth = rows.reduce((all, row) => all + row.worth, rest);
  const whole = total(worth, BigInt(tick));
  say("total", money(whole, currency));
  show(page.querySelector("[data-above]"), ceiling !== "" && greater(whole, ceiling));
}

/** @param {string} state @param {string} words */
function saving(state, words) {
  if (state === "failed") announcer.politely("save", words);
  must(page, "[data-save-state]").dataset.state = state;
  write(page.querySelector("[data-save-words]"), words);
}

/** @param {import("./schedule_save.js").Answer} answer */
function heard({ at, worth, sum: told, lines, conflicts, news }) {
  for (const line of lines) byLine.get(line.line)?.saved(line);
  for (const line of news) byLine.get(line.line)?.told(line, clock(at));
  for (const line of conflicts) byLine.get(line.line)?.clashed(line, clock(at));
  if (!saver.waits && !conflicts.length) rest = BigInt(worth) - rows.reduce((all, row) => all + row.worth, 0n);
  for (const name of /** @type {const} */ (["priced", "no_bids", "open", "faulty"])) {
    say(name, grouped(String(told[name])));
    const box = page.querySelector(`[data-x="${name}"]`)?.parentElement;
    if (box?.dataset.count !== undefined) box.dataset.count = String(told[name]);
  }
  sum();
  if (conflicts.length) {
    saving("failed", "A colleague changed the same line");
    announcer.now("A colleague changed the same line. Both are shown.");
  } else saving("saved", `Saved ${clock(at)}`);
}

const csrf = must(form, "[name=csrf]");
const saver = new Saver({ address, csrf: csrf instanceof HTMLInputElement ? csrf.value : "", revision: Number(revision), shown: saving, heard });

/** @param {EventTarget | null} target @returns {Row | undefined} */
const rowOf = (target) => target instanceof Element ? byLine.get(target.closest("[data-line]")?.getAttribute("data-line") ?? "") : undefined;

/** @param {Event} event */
const typed = (event) => take(event.target);

/** A field was typed in. @param {EventTarget | null} field */
function take(field) {
  const row = rowOf(field);
  if (!row || (field instanceof HTMLInputElement && field.type === "file")) return;
  if (field instanceof HTMLElement && (field.matches("[data-price]") || field.matches("[name^=pack_]"))) row.retyped();
  row.reckon();
  sum();
  saver.changed(row);
}

/** Paste a column of prices: one a line, from this line on. @param {ClipboardEvent} event */
function pasted(event) {
  if (!(event.target instanceof HTMLElement) || !event.target.matches("[data-price]")) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const prices = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((each) => (each.split("\t").pop() ?? "").trim());
  if (prices.length < 2) return;
  event.preventDefault();
  const first = rows.findIndex((row) => row.price === event.target);
  const filled = rows.slice(first, first + prices.length);
  filled.forEach((row, at) => {
    const input = row.price;
    if (input instanceof HTMLInputElement) input.value = prices[at] ?? "";
    row.retyped();
    row.reckon();
    saver.changed(row);
  });
  sum();
  const over = prices.length - filled.length;
  announcer.politely("paste", `${filled.length} prices pasted.` + (over > 0 ? ` ${over} more did not fit on this page.` : ""));
  if (over > 0) saving("failed", `${filled.length} pasted; ${over} more did not fit on this page`);
}

/** Enter in a price goes on to the next line. @param {KeyboardEvent} event */
function entered(event) {
  if (event.key !== "Enter" || event.isComposing || !(event.target instanceof HTMLInputElement) || event.target.type === "file") return;
  event.preventDefault();
  const at = rows.findIndex((row) => row === rowOf(event.target)), next = rows[at + (event.shiftKey ? -1 : 1)];
  if (!event.target.matches("[data-price]") || !next) return;
  next.price.focus();
  if (next.price instanceof HTMLInputElement) next.price.select();
}

/** What this browser kept because it could not be sent comes back; where the line was saved since, both are shown. */
function restore() {
  let back = 0;
  for (const [line, { version, said }] of Object.entries(saver.kept())) {
    const row = byLine.get(line);
    if (!row) continue;
    if (row.holds(said)) saver.forget([line]);
    else if (row.version !== version) row.differs(said);
    else {
      row.fill(said);
      saver.changed(row);
      back += 1;
    }
  }
  if (back) announcer.politely("back", `${back} unsaved ${back === 1 ? "line was" : "lines were"} brought back.`);
}

/** A line's further fields come without a round to the server. @param {MouseEvent} event */
function more(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-more]") : null;
  const fields = button ? rowOf(button)?.expand() : null;
  if (!fields) return;
  event.preventDefault();
  fields.querySelector("input")?.focus();
}

/** What was typed before this script was there counts as typed. */
function catchUp() {
  for (const field of form.querySelectorAll("input")) {
    if (field.type !== "hidden" && (field.value !== field.defaultValue || field.checked !== field.defaultChecked)) take(field);
  }
}

form.addEventListener("click", more);
form.addEventListener("input", typed);
form.addEventListener("paste", pasted);
form.addEventListener("keydown", entered);
restore();
catchUp();
sum();
