// Bytes and their texts: strict base64, labels, ids, decimals and moments, as sealed bids write them.

/** The protocol's version, a member of everything that is hashed, signed or logged. */
export const V = "sealbid/v1";
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Something is not written the one way in which it may be written. */
export class BadEncoding extends Error {}

/** @param {string} text @returns {Uint8Array} its UTF-8 bytes */
export function utf8(text) {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes; throws BadEncoding where they are none. @param {Uint8Array} bytes @returns {string} */
export function textOf(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BadEncoding("not UTF-8");
  }
}

/** @param {...Uint8Array} parts @returns {Uint8Array} one after the other */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
}

/** "sealbid/v1 <words>\0" and what follows it. @param {string} words @param {...Uint8Array} parts @returns {Uint8Array} */
export function labelled(words, ...parts) {
  return concat(utf8(`${V} ${words}\0`), ...parts);
}

/** One byte. @param {number} value from 0 to 255 @returns {Uint8Array} */
export function byte(value) {
  return Uint8Array.of(value);
}

/** @param {Uint8Array} a @param {Uint8Array} b @returns {boolean} whether they are the same, in a time that their contents do not change */
export function same(a, b) {
  let differs = a.length ^ b.length;
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) differs |= a[i] ^ b[i];
  return differs === 0;
}

/** Standard base64 with padding, as in signed notes. @param {Uint8Array} bytes @returns {string} */
export function b64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x6000) text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  return text;
}

/** Read standard base64 strictly; throws BadEncoding. @param {string} text @returns {Uint8Array} */
export function unb64(text) {
  let raw;
  try { raw = atob(text); } catch { throw new BadEncoding("not base64"); }
  const bytes = Uint8Array.from(raw, (each) => each.charCodeAt(0));
  if (b64(bytes) !== text) throw new BadEncoding("base64 that is not written the one way");
  return bytes;
}

/** Base64url without padding, as in JSON. @param {Uint8Array} bytes @returns {string} */
export function b64u(bytes) {
  return b64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Read base64url strictly, of so many bytes where a length is given; throws BadEncoding. @param {string} text @param {number} [length] @returns {Uint8Array} */
export function unb64u(text, length) {
  if (typeof text !== "string" || /[^A-Za-z0-9_-]/.test(text)) throw new BadEncoding("not base64url");
  const standard = text.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = unb64(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="));
  if (length !== undefined && bytes.length !== length) throw new BadEncoding(`${bytes.length} bytes where ${length} belong`);
  return bytes;
}

/** @param {unknown} text @returns {boolean} whether it may name a lot, a vendor, a tender */
export function isId(text) {
  return typeof text === "string" && ID.test(text);
}

/** @param {unknown} text @returns {boolean} whether it is an exact amount or quantity: "12.50", never "-0" */
export function isDecimal(text) {
  return typeof text === "string" && DECIMAL.test(text) && !/^-0(\.0+)?$/.test(text);
}

/** @param {unknown} text @returns {boolean} whether it is a time as sealed bids write it, which exists */
export function isMoment(text) {
  return typeof text === "string" && MOMENT.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString() === text;
}

/** A measured time as it is written: rounded up to the millisecond. @param {number} micros since 1970 @returns {string} */
export function written(micros) {
  return new Date(Math.ceil(micros / 1000)).toISOString();
}
