// One line as it is typed, read into what the bid says of it, with every fault beside its field.

import { isPack, nearestPackPrices, packPriceAt, packUnitPrice } from "./packs.js";
import { lineWorth, nearEnough, plainNumber, scaledDecimal, shortestDecimal } from "./prices.js";

/** @typedef {{id: string, description: string, unit: string, quantity: string, decimals: number, no_bid: boolean, alternates: boolean, or_equal: boolean}} TenderLine */
/** @typedef {Record<string, string>} Entry what was typed, by field; `no_bid` is "yes" or "" */
/** @typedef {{field: string, words: string}} EntryFault */
/** @typedef {{value: any | null, worth: bigint, faults: EntryFault[], blank: boolean}} ReadEntry `value` goes into the bid as the field items/<line> */

/** The fields of an entry, in the order of a spreadsheet's columns. */
export const ENTRY_FIELDS = ["unit_price", "no_bid", "extension", "pack_name", "pack_size", "pack_price", "kind", "brand", "model", "literature", "alternate_price", "alternate_brand", "alternate_model"];
/** What people call them. */
export const ENTRY_TITLES = {
  unit_price: "Unit price", no_bid: "No bid", extension: "Extension", pack_name: "Pack", pack_size: "Units per pack", pack_price: "Pack price", kind: "Or equal", brand: "Brand", model: "Model",
  literature: "Literature", alternate_price: "Second offer price", alternate_brand: "Second offer brand", alternate_model: "Second offer model",
};
const LONGEST_TEXT = 120, LONGEST_PACK_NAME = 40;

/** Read one entry. @param {TenderLine} line @param {Entry} [entry] @returns {ReadEntry} */
export function readEntry(line, entry = {}) {
  const said = Object.fromEntries(ENTRY_FIELDS.map((name) => [name, (entry[name] ?? "").trim()]));
  const second = alternateOf(line, said);
  if (said.no_bid) return noBid(line, said, second);
  const pack = packOf(line, said), unit = said.unit_price ? plainNumber(said.unit_price) : pack.unit;
  if (unit === null) return unpriced(said, second, pack.faults);
  const worth = lineWorth(line.quantity, unit, line.decimals);
  if (worth === null) return { value: null, worth: 0n, faults: [{ field: "unit_price", words: notAPrice(said.unit_price || unit, line.decimals) }, ...pack.faults], blank: false };
  const offer = offerOf(line, said, pack.value);
  const faults = [...pack.faults, ...offer.faults, ...second.faults, ...extensionFaults(line, said, unit, worth)];
  const value = { unit_price: unit, ...(offer.value && { offer: offer.value }), ...(second.value && { alternate: second.value }) };
  return { value, worth, faults, blank: false };
}

/** @param {TenderLine} line @param {Entry} said @param {any} second @returns {ReadEntry} */
function noBid(line, said, second) {
  const faults = [...second.faults];
  if (!line.no_bid) faults.push({ field: "no_bid", words: "A no-bid is not allowed on this line: give a price." });
  if (said.unit_price) faults.push({ field: "unit_price", words: "A price stands beside a no-bid: take one of the two out." });
  return { value: { unit_price: null, ...(second.value && { alternate: second.value }) }, worth: 0n, faults, blank: false };
}

/** @param {Entry} said @param {any} second @param {EntryFault[]} packFaults @returns {ReadEntry} */
function unpriced(said, second, packFaults) {
  const told = said.brand || said.model || said.literature || second.value;
  const faults = told ? [{ field: "unit_price", words: "The line is described, but has no price: give one, or clear the description." }] : [];
  return { value: null, worth: 0n, faults: packFaults.length ? packFaults : faults, blank: !told && !packFaults.length };
}

/** @param {string} typed @param {number} decimals @returns {string} */
function notAPrice(typed, decimals) {
  const digits = decimals ? `at most ${decimals} decimals` : "no decimals";
  return `“${typed.slice(0, 40)}” is not a price above zero with ${digits}, such as ${decimals ? "12.50" : "12"}.`;
}

/** The pack as typed, and the unit price that it gives where none is typed. @param {TenderLine} line @param {Entry} said @returns {{value: import("./packs.js").OfferedPack | null, unit: string | null, faults: EntryFault[]}} */
function packOf({ decimals }, said) {
  const size = plainNumber(said.pack_size), name = said.pack_name, unit = said.unit_price ? plainNumber(said.unit_price) : "";
  const price = !said.pack_price && unit && scaledDecimal(size, 6) ? packPriceAt(size, unit) : plainNumber(said.pack_price);
  const told = (field, words) => ({ value: null, unit: null, faults: [{ field, words }] });
  if (!size && !price && !name) return { value: null, unit: null, faults: [] };
  if (!isPack(size, price)) return told(size && !price ? "pack_price" : "pack_size", "Give both how many units the pack holds and its price, above zero; or leave the pack out.");
  if (name.length > LONGEST_PACK_NAME) return told("pack_name", `The pack’s name is too long: give at most ${LONGEST_PACK_NAME} characters.`);
  const each = packUnitPrice(size, price, decimals);
  if (each === null) return told("pack_price", `${price} for ${size} is no price per unit with at most ${decimals} decimals; take ${nearestPackPrices(size, price, decimals)}.`);
  const typed = scaledDecimal(unit, decimals);
  if (typed && typed !== scaledDecimal(each, decimals)) return told("pack_price", `${price} for ${size} is ${each} each, but the unit price is ${unit}. The unit price counts: at ${unit} the pack is ${packPriceAt(size, unit)}.`);
  return { value: { size, price, ...(name && { name }) }, unit: each, faults: [] };
}

/** @param {TenderLine} line @param {Entry} said @param {import("./packs.js").OfferedPack | null} pack @returns {{value: any, faults: EntryFault[]}} */
function offerOf(line, said, pack) {
  const equal = said.kind === "equal", faults = [];
  if (equal && !line.or_equal) faults.push({ field: "kind", words: "An equal product is not allowed: this line asks for the one that it names." });
  for (const name of ["brand", "model"]) faults.push(...named(name, said[name], equal));
  const value = { ...(equal && { kind: "equal" }), ...(said.brand && { brand: said.brand }), ...(said.model && { model: said.model }), ...(said.literature && { literature: said.literature }), ...(pack && { pack }) };
  return { value: Object.keys(value).length ? value : null, faults };
}

/** @param {TenderLine} line @param {Entry} said @returns {{value: any, faults: EntryFault[]}} */
function alternateOf(line, said) {
  const { alternate_price: price, alternate_brand: brand, alternate_model: model } = said;
  if (!price && !brand && !model) return { value: null, faults: [] };
  if (!line.alternates) return { value: null, faults: [{ field: "alternate_price", words: "This line takes no second offer: clear it." }] };
  const faults = [...named("alternate_brand", brand, true), ...named("alternate_model", model, true)];
  const unit = plainNumber(price);
  if (!scaledDecimal(unit, line.decimals)) faults.push({ field: "alternate_price", words: notAPrice(price, line.decimals) });
  return { value: { unit_price: unit, brand, model }, faults };
}

/** @param {string} field @param {string} said @param {boolean} needed @returns {EntryFault[]} */
function named(field, said, needed) {
  if (needed && !said) return [{ field, words: `${ENTRY_TITLES[field]} is needed, because the product is not the one named.` }];
  return said.length > LONGEST_TEXT ? [{ field, words: `${ENTRY_TITLES[field]} is too long: give at most ${LONGEST_TEXT} characters.` }] : [];
}

/** @param {TenderLine} line @param {Entry} said @param {string} unit @param {bigint} worth @returns {EntryFault[]} */
function extensionFaults(line, said, unit, worth) {
  if (!said.extension) return [];
  const typed = scaledDecimal(plainNumber(said.extension), 12);
  if (typed !== null && nearEnough(typed, worth)) return [];
  const counts = shortestDecimal(worth, 12);
  return [{ field: "extension", words: `“${said.extension.slice(0, 40)}” is not ${line.quantity} × ${unit}, which is ${counts}. The unit price counts: correct it, or clear the extension.` }];
}
