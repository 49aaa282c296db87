// The vendor's own ledger: every bid with its answer, taken or refused alike, and what moved the clock.

import { at, hands } from "./clock.js";
import { hook, show, stamp, write } from "./hooks.js";
import { money, read } from "./money.js";
import { ordinal } from "./words.js";

/** @typedef {{f: string, at: string, lot?: string | null, [more: string]: any}} Fact */
/** @typedef {{line: string, words: string, amount: string}} Entry `line` names the template: taken, refused, or a note's picture */

const MOST = 200;
export const CAUSES = new Map([["overtime", "a late bid"], ["gap", "another lot’s close moved"], ["host", "the consortium moved it"], ["resume", "after the pause"]]);
const TOO_HIGH = new Set(["DECREMENT", "ABOVE_CEILING", "LEAD_BUFFER", "TIE"]);

/** A refusal's sentence after "Refused: ", with its amount as money. @param {string} message @param {string | null | undefined} next @param {string} currency */
export function refusal(message, next, currency) {
  const told = next ? message.replaceAll(next, money(next, currency)) : message;
  return told.charAt(0).toLowerCase() + told.slice(1);
}

/** @param {string} said @param {string | undefined} reason */
const because = (said, reason) => (reason ? `${said}: ${reason}` : said);

/** How a fact reads to its vendor; null for what is no line of a ledger. @param {Fact} fact @param {string} zone @param {string} currency @returns {Entry | null} */
export function entry(fact, zone, currency) {
  const note = (/** @type {string} */ line, /** @type {string} */ words, amount = "") => ({ line, words, amount });
  switch (fact.f) {
    case "taken": return { line: "taken", words: `Taken${fact.rank ? ` · ${ordinal(fact.rank)}` : ""}${fact.opening ? " · opening bid" : ""}`, amount: money(fact.amount, currency) };
    case "refused": return { line: "refused", words: `Refused: ${TOO_HIGH.has(fact.code) && fact.next ? `at most ${money(fact.next, currency)}` : refusal(fact.message, fact.next, currency)}`, amount: given(fact.amount, currency) };
    case "close_moved": return note("clock", `Closes ${at(fact.closes, zone)}: ${CAUSES.get(fact.cause) ?? fact.cause}`);
    case "paused": return note("pause", because("Paused", fact.reason));
    case "resumed": return note("play", because("Resumed", fact.reason));
    case "cancelled": return note("stop", because("Cancelled", fact.reason));
    case "opened": return note("bell", "Opened");
    case "closed": return note("gavel", fact.winner_you ? "Closed: yours is the winning bid" : "Closed");
    case "suspended": return note("barred", because("You were suspended", fact.reason));
    case "schedule": return note("sheet", "Line prices filed", money(fact.amount, currency));
    default: return null;
  }
}

/** An amount as it was given, which may be anything. @param {string | null | undefined} text @param {string} currency */
export function given(text, currency) {
  if (!text) return "";
  return read(text) === null ? text.slice(0, 24) : money(text, currency);
}

export class Ledger {
  #list;
  #root;
  #zone;
  #currency;

  /** @param {HTMLElement} root @param {string} zone @param {string} currency */
  constructor(root, zone, currency) {
    this.#root = root;
    this.#zone = zone;
    this.#currency = currency;
    this.#list = /** @type {HTMLElement} */ (root.querySelector("[data-ledger]"));
  }

  /** Show these facts from scratch, oldest first. @param {Fact[]} facts */
  fill(facts) {
    this.#list.replaceChildren();
    for (const fact of facts.slice(-MOST)) this.add(fact);
    this.#mind();
  }

  /** Put one fact on top. @param {Fact} fact */
  add(fact) {
    const said = entry(fact, this.#zone, this.#currency);
    if (!said) return;
    this.#list.prepend(line(this.#root, said, fact.at, this.#zone));
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
    this.#mind();
  }

  #mind() {
    show(hook(this.#root, "ledger-empty"), !this.#list.children.length);
  }
}

/** Make one line. @param {ParentNode} root @param {Entry} said @param {string} when @param {string} zone @returns {HTMLElement} */
export function line(root, said, when, zone) {
  const row = stamp(root, `[data-line="${said.line}"]`);
  write(hook(row, "at"), hands(when, zone));
  write(hook(row, "words"), said.words);
  write(hook(row, "amount"), said.amount);
  return row;
}
