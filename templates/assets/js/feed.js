// The lead's feed: what happens in the event, in one line each, newest first.

import { at } from "./clock.js";
import { hook, show } from "./hooks.js";
import { CAUSES, given, line, refusal } from "./ledger.js";
import { money } from "./money.js";
import { ordinal } from "./words.js";

/** @typedef {import("./ledger.js").Fact} Fact */
/** @typedef {import("./ledger.js").Entry} Entry */
/** @typedef {{zone: string, currency: string, lot: (id: string) => string, name: (id: string) => string | undefined}} Names */

const MOST = 300;

const WORDS = new Map([["opened", "bell"], ["closed", "gavel"], ["paused", "pause"], ["resumed", "play"], ["cancelled", "stop"]]);

/** @param {Fact} fact @param {Names} names @returns {string} */
const who = (fact, names) => (fact.vendor && names.name(fact.vendor)) || fact.label || "A vendor";

/** How a fact reads to the lead; null for what is no line of the feed. @param {Fact} fact @param {Names} names @returns {Entry | null} */
export function told(fact, names) {
  const lot = fact.lot ? `${names.lot(fact.lot)} · ` : "", why = fact.reason ? `: ${fact.reason}` : "";
  switch (fact.f) {
    case "price": return { line: "taken", words: `${lot}${who(fact, names)}${fact.rank ? ` · ${ordinal(fact.rank)}` : ""}${fact.opening ? " · opening bid" : ""}`, amount: money(fact.amount, names.currency) };
    case "refused": return { line: "refused", words: `${lot}${who(fact, names)} refused: ${refusal(fact.message, fact.next, names.currency)}`, amount: given(fact.amount, names.currency) };
    case "close_moved": return { line: "clock", words: `${lot}closes ${at(fact.closes, names.zone)}: ${CAUSES.get(fact.cause) ?? fact.cause}`, amount: "" };
    case "suspended": return { line: "barred", words: `${who(fact, names)} suspended${why}`, amount: "" };
    case "schedule": return { line: "sheet", words: `${lot}${who(fact, names)} filed line prices`, amount: money(fact.amount, names.currency) };
    case "opened": case "closed": case "paused": case "resumed": case "cancelled": return { line: WORDS.get(fact.f) ?? "clock", words: `${lot}${fact.f}${why}`, amount: "" };
    default: return null;
  }
}

export class Feed {
  #root;
  #list;
  #names;
  #fresh = true;

  /** @param {HTMLElement} root @param {Names} names */
  constructor(root, names) {
    this.#root = root;
    this.#list = /** @type {HTMLElement} */ (root.querySelector("[data-feed]"));
    this.#names = names;
  }

  /** Put facts on top, oldest first. @param {Fact[]} facts */
  add(facts) {
    if (this.#fresh) this.#list.replaceChildren();
    this.#fresh = false;
    for (const fact of facts.slice(-MOST)) {
      const said = told(fact, this.#names);
      if (said) this.#list.prepend(line(this.#root, said, fact.at, this.#names.zone));
    }
    while (this.#list.children.length > MOST) this.#list.lastElementChild?.remove();
    show(hook(this.#root, "feed-empty"), !this.#list.children.length);
  }
}
