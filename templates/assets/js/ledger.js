// The vendor's own ledger: every bid with its answer, taken or refused alike, and what moved the clock.

import { at, hands } from "./clock.js";
import { hook, show, stamp, write } from "./hooks.js";
import { money, read } from "./money.js";
import { ordinal } from "./words.js";

/** @typedef {{f: string, at: string, lot?: string | null, [more: string]: any}} Fact */
/** @typedef {{tone: "taken" | "refused" | "note", words: string, amount: string}} Entry */

const MOST = 200;
export const CAUSES = new Map([["overtime", "a late bid"], ["gap", "another lot’s close moved"], ["host", "the consortium moved it"], ["resume", "after the pause"]]);
const TOO_HIGH = new Set(["DECREMENT", "ABOVE_CEILING", "LEAD_BUFFER", "TIE"]);

/** @param {string} said @param {string | undefined} reason */
const because = (said, reason) => (reason ? `${said}: ${reason}` : said);

/** How a fact reads to its vendor; null for what is no line of a ledger. @param {Fact} fact @param {string} zone @param {string} currency @returns {Entry | null} */
export function entry(fact, zone, currency) {
  const note = (/** @type {string} */ words, amount = "") => /** @type {Entry} */ ({ tone: "note", words, amount });
  switch (fact.f) {
    case "taken": return { tone: "taken", words: `Taken${fact.rank ? ` · ${ordinal(fact.rank)}` : ""}${fact.opening ? " · opening bid" : ""}`, amount: money(fact.amount, currency) };
    case "refused": return { tone: "refused", words: `Refused: ${TOO_HIGH.has(fact.code) && fact.next ? `at most ${money(fact.next, currency)}` : fact.message}`, amount: given(fact.amount, currency) };
    case "close_moved": return note(`Closes ${at(fact.closes, zone)}: ${CAUSES.get(fact.cause) ?? fact.cause}`);
    case "paused": return note(because("Paused", fact.reason));
    case "resumed": return note(because("Resumed", fact.reason));
    case "cancelled": return note(because("Cancelled", fact.reason));
    case "opened": return note("Opened");
    case "closed": return note(fact.winner_you ? "Closed: yours is the winning bid" : "Closed");
    case "suspended": return { ...note(because("You were suspended", fact.reason)), tone: "refused" };
    case "schedule": return note("Line schedule filed", money(fact.amount, currency));
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
  const row = stamp(root, `[data-line="${said.tone}"]`);
  write(hook(row, "at"), hands(when, zone));
  write(hook(row, "words"), said.words);
  write(hook(row, "amount"), said.amount);
  return row;
}
