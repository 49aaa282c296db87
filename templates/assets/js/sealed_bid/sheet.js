// Spreadsheets read in the page: pasted rows, CSV and XLSX become entries by line, or faults with row, column and remedy.

import { ENTRY_FIELDS, ENTRY_TITLES } from "./entry.js";
import { BadZip, zipFiles } from "./zip.js";

/** @typedef {{row: number, column: string, words: string}} SheetFault */
/** @typedef {{entries: Map<string, Record<string, string>>, faults: SheetFault[]}} ReadSheet */

const COLUMN_NAMES = {
  lot: ["lot", "lot no", "lot number"], line: ["line", "line no", "line number", "id", "item no"], unit_price: ["unit price", "price", "price each", "your unit price"],
  no_bid: ["no bid", "no-bid", "nobid"], extension: ["extension", "extended price", "line total", "total"],
  pack_name: ["pack", "pack name", "sold in"], pack_size: ["units per pack", "pack size"], pack_price: ["pack price", "price per pack"], kind: ["or equal", "equal"],
  brand: ["brand", "make", "manufacturer"], model: ["model", "part number", "sku"], literature: ["literature", "data sheet"],
  alternate_price: ["second offer price", "alternate price"], alternate_brand: ["second offer brand", "alternate brand"],
  alternate_model: ["second offer model", "alternate model"],
};
const YES_WORDS = ["yes", "y", "x", "true", "1", "no bid", "no-bid", "equal", "or equal"], NO_WORDS = ["", "no", "n", "false", "0", "-", "—", "as asked"];
const MOST_SHEET_ROWS = 20_000;

/** Rows of a file that a vendor chose; throws Error with the remedy. @param {File} file @returns {Promise<string[][]>} */
export async function fileRows(file) {
  if (/\.xlsx$/i.test(file.name)) return workbookRows(file);
  if (/\.xls$/i.test(file.name)) throw new BadZip("This page does not read .xls files. Save it as .xlsx or as CSV, then choose it again.");
  return textRows(new TextDecoder().decode(await file.arrayBuffer()));
}

/** Rows of pasted text or of CSV: tabs, commas or semicolons, with quotes. @param {string} text @returns {string[][]} */
export function textRows(text) {
  const bare = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const first = bare.split("\n", 1)[0] ?? "";
  const between = first.includes("\t") ? "\t" : (first.match(/;/g)?.length ?? 0) > (first.match(/,/g)?.length ?? 0) ? ";" : ",";
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < bare.length; at += 1) {
    const each = bare[at], row = rows[rows.length - 1], cell = row.length - 1;
    if (quoted && each === '"' && bare[at + 1] === '"') { row[cell] += '"'; at += 1; }
    else if (each === '"' && (quoted || row[cell] === "")) quoted = !quoted;
    else if (!quoted && each === between) row.push("");
    else if (!quoted && each === "\n") rows.push([""]);
    else row[cell] += each;
  }
  return rows.map((row) => row.map((cell) => cell.trim()));
}

/** @param {File} file @returns {Promise<string[][]>} */
async function workbookRows(file) {
  const files = await zipFiles(file), xml = async (name) => new DOMParser().parseFromString(new TextDecoder().decode(await files.get(name)?.() ?? new Uint8Array()), "application/xml");
  const sheet = [...files.keys()].filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
  if (!sheet) throw new BadZip("There is no sheet in this file. Save it as CSV, then choose that.");
  const shared = files.has("xl/sharedStrings.xml") ? [...(await xml("xl/sharedStrings.xml")).getElementsByTagName("si")].map(textsOf) : [];
  return [...(await xml(sheet)).getElementsByTagName("row")].reduce((rows, row) => {
    rows[Number(row.getAttribute("r") ?? rows.length + 1) - 1] = cellsOf(row, shared);
    return rows;
  }, []);
}

/** @param {Element} row @param {string[]} shared @returns {string[]} */
function cellsOf(row, shared) {
  const cells = [];
  for (const cell of row.getElementsByTagName("c")) {
    const letters = /^[A-Z]+/.exec(cell.getAttribute("r") ?? "")?.[0], at = letters ? [...letters].reduce((n, each) => n * 26 + each.charCodeAt(0) - 64, 0) - 1 : cells.length;
    const raw = cell.getElementsByTagName("v")[0]?.textContent ?? "", kind = cell.getAttribute("t");
    cells[at] = (kind === "s" ? shared[Number(raw)] ?? "" : kind === "inlineStr" ? textsOf(cell) : kind === "b" ? (raw === "1" ? "yes" : "no") : shortNumber(raw)).trim();
  }
  return Array.from(cells, (each) => each ?? "");
}

/** @param {Element} element @returns {string} */
function textsOf(element) {
  return [...element.getElementsByTagName("t")].map((each) => each.textContent ?? "").join("");
}

/** A number as spreadsheets keep it, with up to 17 digits, as it was typed. @param {string} raw @returns {string} */
function shortNumber(raw) {
  return /^-?\d+\.\d{10,}$|e/i.test(raw) && Number.isFinite(Number(raw)) ? String(Number(Number(raw).toPrecision(15))) : raw;
}

/** Entries of a sheet's rows by `lot/line`, all or none. @param {string[][]} rows @param {{id: string, lines: import("./entry.js").TenderLine[]}[]} lots @returns {ReadSheet} */
export function sheetEntries(rows, lots) {
  const filled = rows.map((cells, place) => ({ cells: cells ?? [], row: place + 1 })).filter(({ cells }) => cells.some(Boolean));
  if (!filled.length) return refusedSheet(1, "", "There are no rows. Copy them in your spreadsheet, headings and all.");
  if (filled.length > MOST_SHEET_ROWS) return refusedSheet(MOST_SHEET_ROWS, "", `There are more than ${MOST_SHEET_ROWS} rows. Bring them in parts.`);
  const places = placesOf(lots), bare = places.has(filled[0].cells[0]);
  const columns = bare ? new Map([["line", 0], ["unit_price", 1]]) : headed(filled[0].cells);
  if (!columns.has("line")) return refusedSheet(filled[0].row, "Line", "There is no column “Line”. Keep the headings of the template.");
  return taken(filled.slice(bare ? 0 : 1), columns, places);
}

/** @param {number} row @param {string} column @param {string} words @returns {ReadSheet} */
function refusedSheet(row, column, words) {
  return { entries: new Map(), faults: [{ row, column, words }] };
}

/** Where the lines are: each line's id with its places, `lot/line`. @param {{id: string, lines: {id: string}[]}[]} lots @returns {Map<string, string[]>} */
function placesOf(lots) {
  const places = new Map();
  for (const lot of lots) for (const { id } of lot.lines) places.set(id, [...(places.get(id) ?? []), `${lot.id}/${id}`]);
  return places;
}

/** @param {string[]} cells @returns {Map<string, number>} */
function headed(cells) {
  const found = new Map();
  cells.forEach((cell, at) => {
    const name = Object.keys(COLUMN_NAMES).find((each) => COLUMN_NAMES[each].includes(cell.toLowerCase().replace(/\s+/g, " ")));
    if (name && !found.has(name)) found.set(name, at);
  });
  return found;
}

/** @param {{cells: string[], row: number}[]} rows @param {Map<string, number>} columns @param {Map<string, string[]>} places @returns {ReadSheet} */
function taken(rows, columns, places) {
  const entries = new Map(), faults = [];
  for (const { cells, row } of rows) {
    const line = cells[columns.get("line")] ?? "", lot = cells[columns.get("lot")] ?? "";
    const found = (places.get(line) ?? []).filter((each) => !lot || each === `${lot}/${line}`);
    if (!found.length) faults.push({ row, column: "Line", words: `There is no line “${line.slice(0, 40)}” ${lot ? `in lot ${lot.slice(0, 40)}` : "here"}. The lines are ${fewOf(places)}.` });
    else if (found.length > 1) faults.push({ row, column: "Lot", words: `Line ${line} is in more than one lot. Fill in the column “Lot” of the template.` });
    else if (entries.has(found[0])) faults.push({ row, column: "Line", words: `Line ${line} is there twice. Keep one row.` });
    else entries.set(found[0], entryOf(cells, columns, row, faults));
  }
  return { entries: faults.length ? new Map() : entries, faults };
}

/** @param {Map<string, string[]>} places @returns {string} */
function fewOf(places) {
  return `${[...places.keys()].slice(0, 5).join(", ")}${places.size > 5 ? " and so on" : ""}`;
}

/** @param {string[]} cells @param {Map<string, number>} columns @param {number} row @param {SheetFault[]} faults @returns {Record<string, string>} */
function entryOf(cells, columns, row, faults) {
  const entry = {};
  for (const name of ENTRY_FIELDS.filter((each) => columns.has(each))) {
    const said = cells[columns.get(name)] ?? "", low = said.toLowerCase();
    if (name !== "no_bid" && name !== "kind") entry[name] = said;
    else if (YES_WORDS.includes(low)) entry[name] = name === "kind" ? "equal" : "yes";
    else if (NO_WORDS.includes(low)) entry[name] = "";
    else faults.push({ row, column: ENTRY_TITLES[name], words: `“${said.slice(0, 40)}” is neither yes nor no. Write yes, or leave it empty.` });
  }
  return entry;
}

/** The template to fill in, as CSV. @param {{id: string, lines: import("./entry.js").TenderLine[]}[]} lots @returns {string} */
export function templateText(lots) {
  const safe = (text) => (/^[=+@\t-]/.test(text) ? `'${text}` : text), quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const heads = ["Lot", "Line", "Item", "Unit", "Quantity", ...ENTRY_FIELDS.map((name) => ENTRY_TITLES[name])];
  const rows = lots.flatMap((lot) => lot.lines.map(({ id, description, unit, quantity }) => [lot.id, id, safe(description), safe(unit), quantity, ...ENTRY_FIELDS.map(() => "")]));
  return `\uFEFF${[heads, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;
}
