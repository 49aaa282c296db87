// A vendor's own switch, kept for each event on this device: Enter places at once, without the review.

export class OnePress {
  #box;
  #key;

  /** @param {HTMLElement | null} box @param {string} event @param {() => void} changed */
  constructor(box, event, changed) {
    this.#box = /** @type {HTMLInputElement | null} */ (box);
    this.#key = `tenderbell.one-press.${event}`;
    if (!this.#box) return;
    this.#box.checked = this.#kept();
    this.#box.addEventListener("change", () => { this.#keep(); changed(); });
  }

  /** @returns {boolean} */
  get on() {
    return this.#box?.checked ?? false;
  }

  #kept() {
    try { return localStorage.getItem(this.#key) === "on"; } catch { return false; }
  }

  #keep() {
    try { localStorage.setItem(this.#key, this.on ? "on" : "off"); } catch { /* private window: it holds until the page is left */ }
  }
}
