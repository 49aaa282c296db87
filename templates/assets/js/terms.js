// The event's terms as the page carries them: what a step is, and what the amount in the field means in words.

import { decrement, money, percent, read, wire } from "./money.js";
import { amount as inWords } from "./words.js";

/** @typedef {import("./money.js").Step} Step */
/** @typedef {import("./lots.js").Lot} Lot */
/** @typedef {{event: string, rules: string, currency: string, base: string, step: Step}} Terms */

/** @param {DOMStringMap} said the page's data attributes @returns {Terms} */
export function readTerms(said) {
  const tiers = /** @type {{above: string, amount: string}[]} */ (JSON.parse(said.tiers || "[]"));
  return {
    event: said.event ?? "", rules: said.rules ?? "", currency: said.currency ?? "USD", base: said.base ?? "own",
    step: {
      tick: read(said.tick) ?? 10_000n, percent: read(said.percent), amount: read(said.amount),
      tiers: tiers.map((tier) => ({ above: read(tier.above) ?? 0n, amount: read(tier.amount) ?? 0n })),
    },
  };
}

/** What the rule asks of the next bid, in parts: plain and strong. @param {Lot} lot @param {Terms} terms @returns {{most: string, why: string}} */
export function limit(lot, terms) {
  if (lot.next === null) return { most: "", why: lot.own === null && lot.status === "open" ? "Any amount above zero is good as a first bid. " : "" };
  const most = money(lot.next, terms.currency);
  if (lot.own === null && lot.next === lot.ceiling) return { most, why: ", the ceiling. " };
  const from = read(terms.base === "lead" ? lot.lead : lot.own), next = read(lot.next);
  if (from === null || next === null || from <= next) return { most, why: ". " };
  const whose = terms.base === "lead" ? "the lead" : "your own bid";
  const rule = decrement(from, terms.step) === from - next && terms.step.percent !== null && terms.step.amount === null
    ? `${percent(from - next, from)}\u00a0%` : money(wire(from - next, terms.step.tick), terms.currency);
  return { most, why: ` (${rule} under ${whose}). ` };
}

/** What a bid comes to: against the own bid, and against what was paid before. @param {bigint} value @param {Lot} lot @param {Terms} terms @returns {string} */
export function saving(value, lot, terms) {
  const told = [["your own bid", lot.own], ["what the districts paid before", lot.baseline]].map(([whose, plain]) => {
    const before = read(plain);
    if (before === null || before === value) return "";
    const gap = before > value ? before - value : value - before;
    return `${money(wire(gap, terms.step.tick), terms.currency)} (${percent(gap, before)}\u00a0%) ${before > value ? "under" : "above"} ${whose}`;
  }).filter(Boolean);
  return told.length ? `${told.join("; ")}.` : "";
}

/** @param {bigint} value @param {Terms} terms @returns {string} the amount in words, with a capital */
export function spelled(value, terms) {
  const words = inWords(value, terms.currency);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
