// What a bid came to, in the line under the field; a refusal offers the nearest amount that would do.

import { hook, mark, must, show, write } from "./hooks.js";
import { given, refusal } from "./ledger.js";
import { money } from "./money.js";
import { ordinal } from "./words.js";

/** @typedef {import("./line.js").Bid} Bid */
/** @typedef {"" | "wait" | "unsure" | "taken" | "refused" | "fail"} Kind */

export class Outcome {
  /** @type {Kind} */
  kind;
  #root;
  #box;
  #currency;
  /** @type {string | null} */
  #next = null;

  /** @param {HTMLElement} root the form @param {string} currency @param {(plain: string) => void} take */
  constructor(root, currency, take) {
    this.#root = root;
    this.#box = must(root, "[data-outcome]");
    this.kind = /** @type {Kind} */ (this.#box.dataset.outcome ?? "");
    this.#currency = currency;
    must(root, '[data-x="use-next"]').addEventListener("click", () => this.#next && take(this.#next));
  }

  clear() {
    this.#tell("", "");
  }

  /** @param {Bid} bid */
  sent(bid) {
    this.#tell("wait", `Sending ${money(bid.amount, this.#currency)}…`);
  }

  /** @param {Bid} bid @param {boolean} live */
  unsure(bid, live) {
    const amount = money(bid.amount, this.#currency);
    this.#tell("unsure", live ? `The line is back: checking whether ${amount} counted…` : `The line broke while ${amount} was on its way. As soon as it is back, we check whether it counted; it cannot count twice.`);
  }

  /** @param {Bid} bid @param {number | null} rank @param {string} clock */
  taken(bid, rank, clock) {
    this.#tell("taken", `Taken${rank ? ` · ${ordinal(rank)}` : ""}: ${money(bid.amount, this.#currency)} at ${clock}`);
  }

  /** @param {Bid} bid @param {Record<string, any>} answer @returns {string} what to say aloud */
  refused(bid, answer) {
    const said = refusal(answer.message, answer.next, this.#currency), sentence = said.charAt(0).toUpperCase() + said.slice(1);
    const next = answer.next && !answer.message.includes(answer.next) ? ` ${money(answer.next, this.#currency)} would do.` : "";
    this.#tell("refused", `Refused ${given(bid.amount, this.#currency)}. ${sentence}${next}`, answer.next ?? null);
    return `Refused: ${said}${next}`;
  }

  /** @param {Bid} bid @param {string} message @returns {string} */
  failed(bid, message) {
    const text = `Not recorded: ${money(bid.amount, this.#currency)} does not count. ${message}`;
    this.#tell("fail", text);
    return text;
  }

  /** @returns {string} */
  offline() {
    return this.local("Not sent: there is no connection. The amount stays in the field until the line is back.");
  }

  /** @param {string} text @returns {string} */
  local(text) {
    this.#tell("refused", text);
    return text;
  }

  /** @param {Kind} kind @param {string} text @param {string | null} [next] */
  #tell(kind, text, next = null) {
    this.kind = kind;
    this.#next = next;
    mark(this.#box, "outcome", kind);
    write(hook(this.#root, "outcome-words"), text);
    const button = hook(this.#root, "use-next");
    show(button, next !== null);
    write(button, next === null ? "" : `Put ${money(next, this.#currency)} in`);
  }
}
