// Canonical JSON (RFC 8785 on a subset): one value has one text, and any other text of it is refused.

import { BadEncoding, same, textOf, utf8 } from "./bytes.js";

const KEY = /^[a-z][a-z0-9_]{0,63}$/;
const DEEPEST = 32;

/** The canonical bytes of a value; throws BadEncoding and says where. @param {unknown} value @returns {Uint8Array} */
export function canonical(value) {
  return utf8(canonicalText(value));
}

/** The canonical text of a value; throws BadEncoding and says where. @param {unknown} value @returns {string} */
export function canonicalText(value) {
  return textAt(value, "$", 1);
}

/** Read bytes that are exactly their own canonical encoding; throws BadEncoding. @param {Uint8Array} bytes @returns {any} */
export function readCanonical(bytes) {
  let value;
  try { value = JSON.parse(textOf(bytes)); } catch (error) { throw new BadEncoding(`not JSON: ${error.message}`); }
  if (!same(canonical(value), bytes)) throw new BadEncoding("JSON that is not written the one way");
  return value;
}

/** @param {unknown} value @param {string} where @param {number} depth @returns {string} */
function textAt(value, where, depth) {
  if (value === null || value === true || value === false) return String(value);
  if (typeof value === "number") return wholeAt(value, where);
  if (typeof value === "string") return stringAt(value, where);
  if (typeof value !== "object") throw new BadEncoding(`${where}: a ${typeof value} has no place here`);
  if (depth > DEEPEST) throw new BadEncoding(`${where}: more than ${DEEPEST} lists and objects inside one another`);
  return Array.isArray(value) ? listAt(value, where, depth) : objectAt(value, where, depth);
}

/** @param {number} value @param {string} where @returns {string} */
function wholeAt(value, where) {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new BadEncoding(`${where}: no whole number that is exact here`);
  return String(value);
}

/** @param {string} value @param {string} where @returns {string} */
function stringAt(value, where) {
  if (!value.isWellFormed()) throw new BadEncoding(`${where}: half a character`);
  return JSON.stringify(value);
}

/** @param {unknown[]} value @param {string} where @param {number} depth @returns {string} */
function listAt(value, where, depth) {
  return `[${Array.from(value, (each, i) => textAt(each, `${where}[${i}]`, depth + 1)).join(",")}]`;
}

/** @param {object} value @param {string} where @param {number} depth @returns {string} */
function objectAt(value, where, depth) {
  const plain = Object.getPrototypeOf(value);
  if (plain !== Object.prototype && plain !== null) throw new BadEncoding(`${where}: no plain object`);
  const keys = Object.keys(value).sort();
  const wrong = keys.find((key) => !KEY.test(key));
  if (wrong !== undefined) throw new BadEncoding(`${where}: the name ${JSON.stringify(wrong)} has another form`);
  return `{${keys.map((key) => `"${key}":${textAt(value[key], `${where}.${key}`, depth + 1)}`).join(",")}}`;
}
