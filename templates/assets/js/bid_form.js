// Placing a bid: look at it once in words, then place it; what it came to stands under the field.

import { ask } from "./confirm.js";
import { Field } from "./field.js";
import { hook, mark, must, show, write } from "./hooks.js";
import { freshId } from "./line.js";
import { money, wire } from "./money.js";
import { OnePress } from "./one_press.js";
import { Outcome } from "./outcome.js";
import { limit, saving, spelled } from "./terms.js";

/** @typedef {import("./lots.js").Lot} Lot */
/** @typedef {import("./terms.js").Terms} Terms */
/** @typedef {import("./line.js").Bid} Bid */
/** @typedef {import("./announce.js").Announcer} Announcer */
/** @typedef {{send: (bid: Bid) => void, waiting: (lot: string) => Bid | undefined, live: () => boolean, over: () => boolean, plain: () => boolean}} Sender over: the line will not come back; plain: the line has been broken so long that a plain form post is worth trying */

export class BidForm {
  /** @type {Lot | null} */
  #lot = null;
  #reviewing = false;
  #root;
  #form;
  #terms;
  #sender;
  #say;
  #field;
  #outcome;
  #onePress;

  /** @param {HTMLElement} root the whole room @param {Terms} terms @param {Sender} sender @param {Announcer} say */
  constructor(root, terms, sender, say) {
    this.#root = root;
    this.#terms = terms;
    this.#sender = sender;
    this.#say = say;
    this.#form = /** @type {HTMLFormElement} */ (must(root, "[data-bid-form]"));
    this.#field = new Field(/** @type {HTMLInputElement} */ (must(this.#form, "#amount")), terms.step, () => this.#changed());
    this.#outcome = new Outcome(this.#form, terms.currency, (plain) => this.#take(plain));
    this.#onePress = new OnePress(hook(this.#form, "one-press"), terms.event, () => this.#draw());
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#form.addEventListener("keydown", (event) => event.key === "Escape" && this.#back());
    for (const chip of /** @type {NodeListOf<HTMLButtonElement>} */ (this.#form.querySelectorAll("[data-step]"))) {
      chip.addEventListener("click", () => { this.#field.step(Number(chip.dataset.step)); this.#changed(); });
    }
  }

  /** Show the chosen lot as it now stands. @param {Lot} lot */
  show(lot) {
    const before = this.#lot?.id;
    this.#lot = lot;
    if (before !== undefined && before !== lot.id) this.#turn(before, lot);
    else if (!this.#reviewing) this.#field.offer(lot.next);
    this.#draw();
  }

  /** The server took a bid. @param {Bid} bid @param {Record<string, any>} answer @param {string} clock when, in words */
  taken(bid, answer, clock) {
    if (bid.lot === this.#lot?.id) this.#field.put(answer.next ?? null);
    this.#reviewing = false;
    this.#outcome.taken(bid, answer.rank ?? null, clock);
    this.#draw();
  }

  /** The server refused a bid. @param {Bid} bid @param {Record<string, any>} answer */
  async refused(bid, answer) {
    this.#reviewing = false;
    if (answer.code === "NEEDS_CONFIRM" && answer.confirm) {
      this.#outcome.clear();
      this.#draw();
      const sure = await ask(this.#root, answer.confirm.amount, answer.message, this.#lot ?? null, this.#terms);
      if (sure) this.#send(bid.lot, answer.confirm.amount, answer.confirm);
      else this.#field.input.focus();
      return;
    }
    this.#say.now(this.#outcome.refused(bid, answer));
    if (bid.lot === this.#lot?.id && answer.code !== "SLOW_DOWN") this.#field.wrong(true);
    this.#draw();
  }

  /** The server could not record a bid. @param {Bid} bid @param {string} message */
  failed(bid, message) {
    this.#say.now(this.#outcome.failed(bid, message));
    this.#draw();
  }

  /** The line broke or is back. @param {boolean} live */
  line(live) {
    const bid = this.#lot ? this.#sender.waiting(this.#lot.id) : undefined;
    if (bid) this.#outcome.unsure(bid, live);
    this.#draw();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    const lot = this.#lot, value = this.#field.value;
    if (lot && value !== null && this.#reviewing && this.#sender.plain()) return this.#post(lot, value);
    event.preventDefault();
    if (!lot || lot.status !== "open" || this.#sender.waiting(lot.id)) return;
    if (value === null) return this.#unreadable();
    if (!this.#sender.live() && !this.#sender.plain()) return this.#say.now(this.#outcome.offline());
    if (!this.#reviewing && (!this.#onePress.on || !this.#sender.live())) return this.#review(value, lot);
    this.#send(lot.id, wire(value, this.#terms.step.tick));
  }

  /** Let the browser post the form; a bid without an answer keeps its id. @param {Lot} lot @param {bigint} value */
  #post(lot, value) {
    const kept = this.#sender.waiting(lot.id), amount = wire(value, this.#terms.step.tick);
    for (const once of this.#form.querySelectorAll("[data-once]")) once.remove();
    this.#field.input.value = amount;
    for (const [name, text] of [["form-lot", lot.id], ["form-id", kept?.amount === amount ? kept.id : freshId()]]) {
      /** @type {HTMLInputElement} */ (must(this.#form, `[data-x="${name}"]`)).value = text ?? "";
    }
  }

  /** @param {string} lot @param {string} amount @param {{amount: string, own: number}} [confirm] */
  #send(lot, amount, confirm) {
    this.#reviewing = false;
    this.#field.wrong(false);
    const bid = { id: freshId(), lot, amount, rules: this.#terms.rules, ...(confirm ? { confirm: { amount: confirm.amount, own: confirm.own } } : {}) };
    this.#sender.send(bid);
    this.#outcome.sent(bid);
    this.#draw();
  }

  #unreadable() {
    this.#field.wrong(true);
    this.#say.now(this.#outcome.local("Type an amount such as 95.00: digits, a point, nothing else."));
    this.#field.input.focus();
  }

  /** @param {bigint} value @param {Lot} lot */
  #review(value, lot) {
    this.#reviewing = true;
    this.#outcome.clear();
    const total = money(wire(value, this.#terms.step.tick), this.#terms.currency);
    const lines = [total, spelled(value, this.#terms), saving(value, lot, this.#terms)];
    write(hook(this.#form, "review-total"), lines[0] ?? "");
    write(hook(this.#form, "review-words"), lines[1] ?? "");
    write(hook(this.#form, "review-saving"), lines[2] ?? "");
    this.#draw();
    this.#say.politely(`review ${Date.now()}`, `Please check: ${lines.join(" ")} Press Enter again to place it, Escape to go back.`);
  }

  #back() {
    if (!this.#reviewing) return;
    this.#reviewing = false;
    this.#draw();
    this.#field.input.focus();
  }

  #changed() {
    this.#reviewing = false;
    this.#field.wrong(false);
    if (!this.#lot || !this.#sender.waiting(this.#lot.id)) this.#outcome.clear();
    this.#draw();
  }

  /** @param {string} plain */
  #take(plain) {
    this.#field.put(plain);
    this.#changed();
    this.#field.input.focus();
  }

  /** @param {string} before @param {Lot} lot */
  #turn(before, lot) {
    this.#reviewing = false;
    this.#outcome.clear();
    this.#field.turn(before, lot.id, lot.next);
    const bid = this.#sender.waiting(lot.id);
    if (bid) this.#outcome.sent(bid);
  }

  #draw() {
    const lot = this.#lot;
    if (!lot) return;
    const bid = this.#sender.waiting(lot.id), value = this.#field.value;
    show(must(this.#root, "[data-bid]"), (lot.status === "open" || lot.status === "paused") && !this.#sender.over());
    mark(must(this.#root, "[data-bid]"), "mode", this.#outcome.kind);
    show(must(this.#form, "[data-review]"), this.#reviewing);
    this.#drawButton(lot, bid !== undefined, value);
    write(must(this.#form, "#bid-title"), lot.own === null ? "Your first bid for the whole lot" : "Your next bid for the whole lot");
    this.#drawLimit(lot);
  }

  /** @param {Lot} lot @param {boolean} waiting @param {bigint | null} value */
  #drawButton(lot, waiting, value) {
    const button = /** @type {HTMLButtonElement} */ (must(this.#form, '[data-x="place"]'));
    const total = value === null ? "" : money(wire(value, this.#terms.step.tick), this.#terms.currency);
    const words = lot.status === "paused" ? "Paused" : waiting ? "Sending…" : this.#reviewing ? `Place ${total}` : "Place bid";
    button.setAttribute("aria-disabled", String(lot.status === "paused" || waiting));
    mark(button, "sure", this.#reviewing ? "" : null);
    write(hook(button, "place-words"), words);
  }

  /** @param {Lot} lot */
  #drawLimit(lot) {
    const place = must(this.#form, "#limit"), { most, why } = limit(lot, this.#terms);
    const text = `${most ? `At most ${most}` : ""}${why}A bid that is taken is binding.`;
    if (place.textContent === text) return;
    const strong = document.createElement("strong");
    strong.textContent = most;
    place.replaceChildren(...(most ? ["At most ", strong] : []), `${why}A bid that is taken is binding.`);
  }
}
