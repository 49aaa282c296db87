// The form of a bid: its lines, the technical part and attached files, kept as a draft while one types.

import { randomBytes } from "../sealing/crypto.js";
import { sealAttachment } from "../sealing/bid.js";
import { draftOfCopies, emptyDraft, readLot } from "./draft.js";
import { lineWorth, worthShown, amountShown, thousands } from "./prices.js";
import { readEntry } from "./entry.js";
import { packUnitPrice, packsCover } from "./packs.js";
import { fileRows, sheetEntries, templateText, textRows } from "./sheet.js";

const PACK_HINT = "The unit price is the pack’s price divided by what it holds; the unit price counts.";

/** A marked place. @param {ParentNode} root @param {string} name @returns {any} */
export const place = (root, name) => root.querySelector(`[data-x="${name}"]`);

/** An element with a text. @param {string} tag @param {string} [text] @param {string} [kind] @returns {any} */
export function element(tag, text = "", kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** The form of one tender; `changed` is called with the draft whenever something was typed. */
export class BidForm {
  #root; #tender; #currency; #changed; #keepBlob;
  #rows = new Map();
  draft = emptyDraft();

  /** @param {HTMLElement} root @param {any} tender @param {string} currency @param {(draft: any) => void} changed @param {(root: string, sealed: Blob) => Promise<void>} keepBlob @param {(name: string, blob: Blob) => void} offer */
  constructor(root, tender, currency, changed, keepBlob, offer) {
    [this.#root, this.#tender, this.#currency, this.#changed, this.#keepBlob] = [root, tender, currency, changed, keepBlob];
    for (const lot of tender.lots) lot.lines.forEach((line, at) => this.#addRow(lot, line, at));
    root.addEventListener("input", (event) => this.#typed(event.target));
    root.addEventListener("change", (event) => this.#chosen(event.target));
    place(root, "template").addEventListener("click", () => offer(`bid-${tender.manifests[0].tender}.csv`, new Blob([templateText(tender.lots)], { type: "text/csv" })));
    place(root, "paste").addEventListener("click", () => this.#bring(async () => textRows(place(root, "rows").value)));
  }

  /** Show a draft. @param {any} draft */
  load(draft) {
    this.draft = { ...emptyDraft(), ...draft };
    for (const [key, row] of this.#rows) this.#fillRow(row, this.draft.entries[key] ?? {});
    for (const field of this.#root.querySelectorAll("[data-draft]")) {
      if (field.type === "checkbox") field.checked = Boolean(this.draft[field.dataset.draft]);
      else field.value = this.draft[field.dataset.draft];
    }
    this.#tender.lots.forEach((lot) => this.#sum(lot));
    this.#showFiles();
  }

  /** Show every fault beside its field. @param {{place: string, field: string, words: string}[]} faults */
  showFaults(faults) {
    for (const [key, row] of this.#rows) this.#rowFaults(row, faults.filter((each) => each.place === key));
    for (const name of ["answers", "agreed"]) {
      const fault = faults.find(({ field }) => field === name), told = place(this.#root, `${name}-fault`);
      if (!told) continue;
      [told.textContent, told.hidden] = [fault?.words ?? "", !fault];
      this.#root.querySelector(`[data-draft="${name}"]`).toggleAttribute("aria-invalid", Boolean(fault));
    }
  }

  /** The field that a fault is about. @param {{place: string, field: string}} fault @returns {HTMLElement | null} */
  fieldOf({ place: where, field }) {
    const row = this.#rows.get(where);
    if (!row) return this.#root.querySelector(`[data-draft="${field}"]`) ?? this.#root.querySelector("[data-field]");
    const found = row.querySelector(`[data-field="${field}"]`) ?? row.querySelector("input");
    const more = found.closest("details");
    if (more) more.open = true;
    return found;
  }

  // --- lines ---------------------------------------------------------------------------------------------------------

  #addRow(lot, line, at) {
    const row = this.#root.querySelector("template[data-line-template]").content.firstElementChild.cloneNode(true), key = `${lot.id}/${line.id}`;
    row.dataset.line = key;
    for (const [name, text] of Object.entries({ number: String(at + 1), description: line.description, quantity: thousands(line.quantity), unit: line.unit, "pack-unit": line.unit })) place(row, name).textContent = text;
    place(row, "name").id = `name-${key}`;
    row.setAttribute("aria-labelledby", `name-${key}`);
    for (const [name, shown] of Object.entries({ "or-equal": line.or_equal, alternates: line.alternates, "no-bid": line.no_bid, kind: line.or_equal, second: line.alternates })) place(row, name).hidden = !shown;
    if (line.alternates) place(row, "more-words").textContent = ", second offer";
    row.querySelectorAll("[data-field]").forEach((field) => this.#label(row, field, key));
    place(row, "faults").id = `faults-${key}`;
    this.#rows.set(key, row);
    this.#root.querySelector(`[data-lot="${CSS.escape(lot.id)}"]`).append(row);
  }

  #label(row, field, key) {
    field.id = `${field.dataset.field}-${key}`;
    field.setAttribute("aria-describedby", `name-${key} faults-${key}`);
    const label = field.closest(".field")?.querySelector("label");
    if (label) label.htmlFor = field.id;
    if (row && field.dataset.field === "no_bid") field.setAttribute("aria-label", "No bid");
  }

  #fillRow(row, entry) {
    for (const field of row.querySelectorAll("[data-field]")) {
      if (field.type === "checkbox") field.checked = entry[field.dataset.field] === "yes";
      else field.value = entry[field.dataset.field] ?? "";
    }
    const more = row.querySelector("details");
    more.open = more.open || ["kind", "brand", "model", "literature", "extension", "pack_name", "pack_size", "pack_price", "alternate_price"].some((name) => entry[name]);
    this.#reckon(row);
  }

  #reckon(row) {
    const line = this.#lineOf(row.dataset.line), entry = this.draft.entries[row.dataset.line] ?? {};
    const each = packUnitPrice(entry.pack_size ?? "", entry.pack_price ?? "", line.decimals), pack = readEntry(line, entry).value?.offer?.pack;
    const worth = entry.no_bid ? null : lineWorth(line.quantity, entry.unit_price || each || "", line.decimals);
    row.querySelector("[data-field=unit_price]").placeholder = each ?? "";
    place(row, "packs").textContent = pack ? `${amountShown(packUnitPrice(pack.size, pack.price, line.decimals), this.#currency)} per ${line.unit}: ${packsCover(pack, line.quantity)}.` : PACK_HINT;
    place(row, "extension").textContent = worthShown(worth, this.#currency);
  }

  #lineOf(key) {
    const [lot, line] = key.split("/");
    return this.#tender.lots.find(({ id }) => id === lot).lines.find(({ id }) => id === line);
  }

  #rowFaults(row, faults) {
    place(row, "faults").replaceChildren(...faults.map(({ words }) => element("p", words, "fault")));
    for (const field of row.querySelectorAll("[data-field]")) {
      if (faults.some((each) => each.field === field.dataset.field)) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  }

  #typed(field) {
    const row = field.closest("[data-line]"), name = field.dataset.draft;
    if (row && field.dataset.field) {
      const entry = (this.draft.entries[row.dataset.line] ??= {});
      entry[field.dataset.field] = field.type === "checkbox" ? (field.checked ? "yes" : "") : field.value;
      this.#reckon(row);
      this.#rowFaults(row, readEntry(this.#lineOf(row.dataset.line), entry).faults.map(({ field: of, words }) => ({ field: of, words })));
      this.#sum(this.#tender.lots.find(({ id }) => id === row.dataset.line.split("/")[0]));
    } else if (name) this.draft[name] = field.type === "checkbox" ? field.checked : field.value;
    else return;
    this.#changed(this.draft);
  }

  #sum(lot) {
    const { amount } = readLot(lot, this.draft);
    this.#root.querySelector(`[data-total="${CSS.escape(lot.id)}"]`).textContent = amount === null ? "—" : amountShown(amount, this.#currency);
  }

  // --- spreadsheets --------------------------------------------------------------------------------------------------

  async #chosen(field) {
    if (field.dataset.x === "sheet" && field.files[0]) await this.#bring(() => fileRows(field.files[0]));
    if (field.dataset.x === "copy" && field.files[0]) await this.#fromCopy(field.files[0]);
    if (field.dataset.attach) await this.#attach(field.dataset.attach, [...field.files]);
    if (field.type === "file") field.value = "";
  }

  async #bring(read) {
    const told = place(this.#root, "sheet-told");
    try {
      const { entries, faults } = sheetEntries(await read(), this.#tender.lots);
      if (faults.length) return told.replaceChildren(faultList(faults));
      for (const [key, entry] of entries) this.draft.entries[key] = { ...this.draft.entries[key], ...entry };
      this.load(this.draft);
      this.#changed(this.draft);
      told.replaceChildren(element("p", `${entries.size} ${entries.size === 1 ? "line is" : "lines are"} taken into the draft.`));
    } catch (error) {
      told.replaceChildren(element("p", error.message, "fault"));
    }
  }

  async #fromCopy(file) {
    const told = place(this.#root, "sheet-told");
    try {
      this.load(draftOfCopies(JSON.parse(await file.text()), this.#tender.manifests[0].tender));
      this.#changed(this.draft);
      told.replaceChildren(element("p", "The draft now holds what your copy says."));
    } catch (error) {
      told.replaceChildren(element("p", error instanceof SyntaxError ? "This is no copy that was saved when a bid was sealed. Choose the file own-copy-….json." : error.message, "fault"));
    }
  }

  // --- files ---------------------------------------------------------------------------------------------------------

  async #attach(lot, files) {
    const list = this.#root.querySelector(`[data-attached="${CSS.escape(lot)}"]`);
    for (const file of files) {
      const row = element("li", `Locking ${file.name} …`);
      list.append(row);
      const { file: named, blob, sealed } = await sealAttachment(file, randomBytes(32), (done, all) => { row.textContent = `Locking ${file.name}: ${Math.floor((100 * done) / all)} %`; });
      await this.#keepBlob(blob.root, sealed);
      this.draft.files = [...this.draft.files, { name: file.name, media: named.media, size: file.size, lot, file: named, blob }];
      this.#changed(this.draft);
      this.#showFiles();
    }
  }

  #showFiles() {
    for (const list of this.#root.querySelectorAll("[data-attached]")) {
      list.replaceChildren(...this.draft.files.filter(({ lot }) => lot === list.dataset.attached).map((each) => this.#fileRow(each)));
    }
  }

  #fileRow(file) {
    const row = element("li"), drop = element("button", "Remove", "plain-button");
    drop.type = "button";
    drop.append(element("span", ` ${file.name}`, "unseen"));
    drop.addEventListener("click", () => {
      this.draft.files = this.draft.files.filter((each) => each !== file);
      this.#changed(this.draft);
      this.#showFiles();
    });
    row.append(element("span", `${file.name}, ${sizeShown(file.size)}, locked`), drop);
    return row;
  }
}

/** @param {number} size bytes @returns {string} */
function sizeShown(size) {
  return size < 1 << 20 ? `${Math.ceil(size / 1024)} KB` : `${(size / (1 << 20)).toFixed(1)} MB`;
}

/** Faults of a sheet as a list. @param {{row: number, column: string, words: string}[]} faults @returns {HTMLElement} */
function faultList(faults) {
  const whole = element("div"), list = element("ul", "", "fault-list");
  whole.append(element("p", "Nothing was taken. Put these right, then bring the file again:", "fault"), list);
  list.append(...faults.slice(0, 200).map(({ row, column, words }) => element("li", `Row ${row}${column ? `, column ${column}` : ""}: ${words}`)));
  return whole;
}
