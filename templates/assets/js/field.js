// The field of the amount: filled with the next good amount, stepped by keys, and never written over while someone types.

import { grouped, stepped, typed, wire } from "./money.js";

/** @typedef {import("./money.js").Step} Step */

const STEPS = new Map([["ArrowDown", 1], ["PageDown", 10], ["ArrowUp", -1], ["PageUp", -10]]);

export class Field {
  /** What we put in ourselves; anything else in the field is the user's. @type {string} */
  #ours;
  /** @type {Map<string, string>} what was being typed for other lots */
  #drafts = new Map();
  #input;
  #step;

  /** @param {HTMLInputElement} input @param {Step} step @param {() => void} changed */
  constructor(input, step, changed) {
    this.#input = input;
    this.#step = step;
    this.#ours = input.value;
    input.addEventListener("input", changed);
    input.addEventListener("keydown", (event) => {
      const count = STEPS.get(event.key);
      if (!count || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      this.step(count);
      changed();
    });
    if (input.value) this.put(input.value);
  }

  /** The amount in the field, null when it is none. @returns {bigint | null} */
  get value() {
    return typed(this.#input.value);
  }

  get input() {
    return this.#input;
  }

  /** Whether the field holds what a person typed or stepped to. @returns {boolean} */
  get touched() {
    return this.#input.value !== this.#ours;
  }

  /** Put an amount in, as ours. @param {string | null} plain */
  put(plain) {
    this.#ours = plain === null ? "" : grouped(plain);
    if (this.#input.value !== this.#ours) this.#input.value = this.#ours;
    this.#input.removeAttribute("aria-invalid");
  }

  /** Offer the next good amount; what someone typed stays. @param {string | null} next */
  offer(next) {
    if (!this.touched) this.put(next);
  }

  /** Go to another lot, keeping what was typed for this one. @param {string} from @param {string} to @param {string | null} next */
  turn(from, to, next) {
    if (this.touched) this.#drafts.set(from, this.#input.value);
    else this.#drafts.delete(from);
    this.put(next);
    const draft = this.#drafts.get(to);
    if (draft !== undefined) this.#input.value = draft;
  }

  /** @param {number} count decrements down, negative for up */
  step(count) {
    const now = this.value;
    if (now === null) return;
    this.#input.value = grouped(wire(stepped(now, count, this.#step), this.#step.tick));
    this.#input.removeAttribute("aria-invalid");
  }

  /** @param {boolean} wrong */
  wrong(wrong) {
    if (wrong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
  }
}
