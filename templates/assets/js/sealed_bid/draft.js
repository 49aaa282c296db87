// A draft of a bid, and what it comes to: every line read, every fault with its place, and the envelopes to be sealed.

import { readEntry } from "./entry.js";
import { totalAmount } from "./prices.js";

/** @typedef {{name: string, media: string, size: number, lot: string, file: {name: string, media: string, len: number, key: string}, blob: {len: number, root: string}}} DraftFile `lot` is where it belongs, `_technical` for the technical part; its sealed bytes are kept by their root */
/** @typedef {{entries: Record<string, Record<string, string>>, answers: string, note: string, files: DraftFile[], agreed: boolean}} Draft entries by `lot/line` */
/** @typedef {{place: string, field: string, words: string}} DraftFault */
/** @typedef {{id: string, title: string, lines: any[], priced: number, noBids: number, missing: number, amount: string | null, values: [string, any][], faults: DraftFault[]}} ReadLot */

/** Where files and answers of the technical part belong. */
export const TECHNICAL = "_technical";
const LONGEST_ANSWER = 100_000;

/** @returns {Draft} nothing typed yet */
export function emptyDraft() {
  return { entries: {}, answers: "", note: "", files: [], agreed: false };
}

/** Read a lot of a draft. @param {{id: string, title: string, lines: any[]}} lot @param {Draft} draft @returns {ReadLot} */
export function readLot(lot, draft) {
  const read = lot.lines.map((line) => [line, readEntry(line, draft.entries[`${lot.id}/${line.id}`])]);
  const faults = read.flatMap(([line, { faults: found }]) => found.map(({ field, words }) => ({ place: `${lot.id}/${line.id}`, field, words: `Line ${line.id}: ${words}` })));
  const priced = read.filter(([, { value }]) => value?.unit_price).length, started = read.some(([, { blank }]) => !blank);
  const missing = started ? read.filter(([line, { blank, value }]) => blank && !value && !line.no_bid) : [];
  faults.push(...missing.map(([line]) => ({ place: `${lot.id}/${line.id}`, field: "unit_price", words: `Line ${line.id}: a price is missing. No line may be left out${line.no_bid ? "" : ", and a no-bid is not allowed on it"}.` })));
  const worth = read.reduce((all, [, each]) => all + each.worth, 0n);
  const values = read.flatMap(([line, { value }]) => (value ? [[`items/${line.id}`, value]] : line.no_bid && started ? [[`items/${line.id}`, { unit_price: null }]] : []));
  return { ...lot, priced, noBids: values.length - priced, missing: missing.length, amount: priced ? totalAmount(worth) : null, values, faults };
}

/** A whole draft, read: its lots, which of them are bid on, and everything that keeps it from being sealed. @param {{lots: any[], envs: string[]}} tender @param {Draft} draft @returns {{lots: ReadLot[], bidOn: ReadLot[], faults: DraftFault[]}} */
export function readDraft({ lots, envs }, draft) {
  const read = lots.map((lot) => readLot(lot, draft)), bidOn = read.filter(({ priced }) => priced > 0);
  const faults = read.flatMap((lot) => lot.faults);
  if (!bidOn.length && !faults.length) faults.push({ place: "", field: "", words: "No line has a price yet. Give at least one." });
  if (envs.includes("technical")) faults.push(...technicalFaults(draft));
  if (!draft.agreed) faults.push({ place: "statement", field: "agreed", words: "Confirm the statement below the prices." });
  return { lots: read, bidOn, faults };
}

/** @param {Draft} draft @returns {DraftFault[]} */
function technicalFaults({ answers, files }) {
  const some = answers.trim() || files.some(({ lot }) => lot === TECHNICAL);
  if (!some) return [{ place: "technical", field: "answers", words: "The technical part is empty: describe what you offer, or attach a file." }];
  return answers.length > LONGEST_ANSWER ? [{ place: "technical", field: "answers", words: "The technical answer is too long: put it into an attached file." }] : [];
}

/** The bids of a draft that has no faults, one for each envelope. @param {{lots: any[], envs: string[], statement: string}} tender @param {Draft} draft @returns {{lot: string, env: string, bid: any, files: DraftFile[]}[]} */
export function bidsOf(tender, draft) {
  const { bidOn } = readDraft(tender, draft), confirmed = ["statement", { confirmed: true, words: tender.statement }];
  const prices = bidOn.map((lot) => {
    const files = draft.files.filter((each) => each.lot === lot.id);
    const fields = [...lot.values, ["total", { amount: lot.amount }], confirmed, ...fileFields(files)];
    return { lot: lot.id, env: "price", bid: { fields, note: draft.note }, files };
  });
  if (!tender.envs.includes("technical")) return prices;
  const files = draft.files.filter(({ lot }) => lot === TECHNICAL), answers = draft.answers.trim();
  const fields = [...(answers ? [["answers/offer", { words: answers }]] : []), confirmed, ...fileFields(files)];
  return [{ lot: tender.lots.length > 1 ? "_all" : tender.lots[0].id, env: "technical", bid: { fields, note: "" }, files }, ...prices];
}

/** @param {DraftFile[]} files @returns {[string, any][]} */
function fileFields(files) {
  return files.map(({ file }, place) => [`files/${place}`, file]);
}

/** A draft made of a vendor's own copies; throws Error where they are of another tender, or are none. @param {any} copies @param {string} tender @returns {Draft} */
export function draftOfCopies(copies, tender) {
  const draft = emptyDraft(), newest = new Map();
  if (!Array.isArray(copies) || !copies.length) throw new Error("This is no copy that was saved when a bid was sealed. Choose the file own-copy-….json.");
  for (const copy of copies) {
    const { ctx } = copy?.envelope ?? {};
    if (ctx?.tender !== tender) throw new Error("This copy is of another solicitation.");
    const key = `${ctx.lot}/${ctx.env}`;
    if (!newest.has(key) || newest.get(key).envelope.ctx.rev < ctx.rev) newest.set(key, copy);
  }
  newest.forEach((copy) => intoDraft(draft, copy));
  return draft;
}

/** @param {Draft} draft @param {{envelope: any, bid: any}} copy */
function intoDraft(draft, { envelope, bid }) {
  const { lot, env } = envelope.ctx;
  for (const [path, value] of bid.fields) {
    const [kind, name] = path.split("/");
    if (kind === "items") draft.entries[`${lot}/${name}`] = entryOfValue(value);
    else if (kind === "answers") draft.answers = value.words;
    else if (kind === "files") draft.files.push({ name: value.name, media: value.media, size: value.len, lot: env === "technical" ? TECHNICAL : lot, file: value, blob: envelope.blobs[Number(name)] });
  }
  if (env === "price") draft.note = bid.note;
}

/** @param {any} value @returns {Record<string, string>} */
function entryOfValue({ unit_price: price, offer = {}, alternate = {} }) {
  const second = Object.fromEntries(["unit_price", "brand", "model"].map((name) => [name === "unit_price" ? "alternate_price" : `alternate_${name}`, alternate[name] ?? ""]));
  const { name = "", size = "", price: cost = "" } = offer.pack ?? {};
  return { pack_name: name, pack_size: size, pack_price: cost, unit_price: price ?? "", no_bid: price === null ? "yes" : "", kind: offer.kind ?? "", brand: offer.brand ?? "", model: offer.model ?? "", literature: offer.literature ?? "", ...second };
}
