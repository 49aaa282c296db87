// Saying to screen readers what changed: once, in few words; politely by default, at once for a refusal.

import { must, write } from "./hooks.js";

const GATHER = 350;

export class Announcer {
  #polite;
  #assertive;
  /** @type {Map<string, string>} */
  #waiting = new Map();
  /** @type {Map<string, string>} */
  #said = new Map();

  /** @param {ParentNode} root */
  constructor(root) {
    this.#polite = must(root, '[data-say="polite"]');
    this.#assertive = must(root, '[data-say="assertive"]');
  }

  /** Say when there is a pause; a later text under the same key takes its place, and the same text is not said twice. @param {string} key @param {string} text */
  politely(key, text) {
    if (this.#said.get(key) === text) return;
    this.#said.set(key, text);
    if (!this.#waiting.size) setTimeout(() => this.#flush(), GATHER);
    this.#waiting.set(key, text);
  }

  /** Say at once. @param {string} text */
  now(text) {
    write(this.#assertive, "");
    requestAnimationFrame(() => write(this.#assertive, text));
  }

  #flush() {
    write(this.#polite, [...this.#waiting.values()].join(" "));
    this.#waiting.clear();
  }
}
