// One line of a schedule on the page: its fields, what it comes to, and what is wrong with it.

import { mark, must, show, write } from "./hooks.js";
import { money } from "./money.js";
import { cents, extension, perUnit } from "./schedule_sum.js";

const FIELDS = ["unit_price", "no_bid", "extension", "kind", "brand", "model", "pack_name", "pack_size", "pack_price",
  "alternate_price", "alternate_brand", "alternate_model"];

const FURTHER = ["brand", "model", "pack_name", "pack_size", "pack_price", "alternate_price", "alternate_brand", "alternate_model"];

/** @typedef {{line: string, version: number, entry: Record<string, string | boolean>, worth: string, extension: string | null, each: string | null, packs: string | null, faults: Record<string, string>, by?: string, said?: string}} Told what the server tells of a line */

export class Row {
  #root; #place; #currency;

  /** @param {HTMLElement} root @param {string} currency */
  constructor(root, currency) {
    this.#root = root;
    this.#place = root.dataset.place ?? "";
    this.#currency = currency;
  }

  get line() { return this.#root.dataset.line ?? ""; }
  get worth() { return BigInt(this.#root.dataset.worth || "0"); }
  get price() { return must(this.#root, "[data-price]"); }

  /** @param {string} name @returns {HTMLInputElement | HTMLSelectElement | null} */
  #field(name) {
    const found = this.#root.querySelector(`[name="${name}-${this.#place}"]`);
    return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : null;
  }

  /** What stands in the fields. @returns {Record<string, string>} */
  values() {
    /** @type {Record<string, string>} */
    const said = {};
    for (const name of FIELDS) {
      const field = this.#field(name);
      if (field instanceof HTMLInputElement && field.type === "checkbox") said[name] = field.checked ? "yes" : "";
      else if (field) said[name] = field.value;
    }
    return said;
  }

  /** Show the line's further fields. @returns {HTMLElement | null} */
  expand() {
    const button = this.#root.querySelector("[data-more]"), template = document.querySelector("template[data-more-fields]");
    if (!button || !(template instanceof HTMLTemplateElement)) return null;
    const { unit = "", number = "" } = this.#root.dataset;
    const fields = template.content.firstElementChild?.cloneNode(true);
    if (!(fields instanceof HTMLElement)) return null;
    for (const part of [fields, ...fields.querySelectorAll("*")]) {
      for (const each of part.attributes) each.value = each.value.replaceAll("__PLACE__", this.#place);
    }
    for (const part of fields.querySelectorAll("[data-if]")) {
      const name = part instanceof HTMLElement && part.dataset.if === "alternates" ? "alternates" : "orEqual";
      if (this.#root.dataset[name] === undefined) part.remove();
    }
    const texts = document.createTreeWalker(fields, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.nodeValue = (texts.currentNode.nodeValue ?? "").replaceAll("__PLACE__", this.#place).replaceAll("__UNIT__", unit).replaceAll("__NUMBER__", number);
    button.replaceWith(fields);
    return fields;
  }

  /** Put values into the fields, but not into the one that is being typed in. @param {Record<string, string | boolean | undefined>} said */
  fill(said) {
    if (FURTHER.some((name) => said[name])) this.expand();
    for (const name of FIELDS) {
      const field = this.#field(name), value = said[name];
      if (!field || field === document.activeElement) continue;
      if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === true || value === "yes";
      else field.value = name === "kind" ? String(value || "as_asked") : String(value ?? "");
    }
    this.reckon();
  }

  /** Add this line to a form. @param {URLSearchParams} form */
  into(form) {
    form.set(`line-${this.#place}`, this.line);
    form.set(`version-${this.#place}`, this.version);
    for (const [name, value] of Object.entries(this.values())) form.set(`${name}-${this.#place}`, value);
  }

  get version() { return this.#field("version")?.value ?? "0"; }

  /** Forget an extension that came with a file, once the price is typed over. */
  retyped() {
    const field = this.#field("extension");
    if (field) field.value = "";
  }

  /** Work out at once what the line comes to; the server's word follows. */
  reckon() {
    const said = this.values(), decimals = Number(this.#root.dataset.decimals);
    const each = perUnit(said.pack_size ?? "", said.pack_price ?? "", decimals);
    const price = this.#field("unit_price");
    if (price instanceof HTMLInputElement) price.placeholder = each ?? "";
    const worth = said.no_bid ? null : extension(this.#root.dataset.quantity ?? "", said.unit_price || each || "", decimals);
    this.#root.dataset.worth = String(worth ?? 0n);
    write(this.#root.querySelector("[data-extension]"), money(worth === null ? null : cents(worth), this.#currency));
  }

  /** Take in the server's word. @param {Told} told */
  saved(told) {
    const version = this.#field("version");
    if (version) version.value = String(told.version);
    if (told.packs) write(this.#root.querySelector("[data-packs]"), told.packs);
    for (const place of this.#root.querySelectorAll("[data-fault]")) {
      if (!(place instanceof HTMLElement)) continue;
      const name = place.dataset.fault ?? "", words = told.faults[name] ?? "";
      write(place, words);
      show(place, words !== "");
      const field = this.#field(name);
      if (words) field?.setAttribute("aria-invalid", "true");
      else field?.removeAttribute("aria-invalid");
    }
    this.#clash("");
  }

  /** A colleague changed this line meanwhile: say so, and let the next save replace it knowingly. @param {Told} told @param {string} at */
  clashed(told, at) {
    const version = this.#field("version");
    if (version) version.value = String(told.version);
    this.#clash(`${told.by} saved ${told.said} at ${at}; yours is not saved yet. Change it again to replace theirs.`);
  }

  /** Whether the fields hold just this. @param {Record<string, string>} said */
  holds(said) {
    return Object.entries(this.values()).every(([name, value]) => value.trim() === (said[name] ?? "").trim());
  }

  /** This browser kept something else than what is saved: show it beside what is. @param {Record<string, string>} said */
  differs(said) {
    const now = this.values(), saved = now.no_bid ? "a no-bid" : now.unit_price || now.pack_price || "nothing";
    this.fill(said);
    this.#clash(`This is what you typed here before; ${saved} was saved since. Change it again to save yours.`);
  }

  /** A colleague saved this line: show it. @param {Told} told @param {string} at */
  told(told, at) {
    this.fill(told.entry);
    this.saved(told);
    mark(this.#root, "told", `${told.by} at ${at}`);
    this.#root.title = `Saved by ${told.by} at ${at}`;
  }

  /** @param {string} words */
  #clash(words) {
    const place = this.#root.querySelector("[data-clash]");
    write(place, words);
    if (place instanceof HTMLElement) show(place, words !== "");
    mark(this.#root, "clashing", words ? "" : null);
  }
}
