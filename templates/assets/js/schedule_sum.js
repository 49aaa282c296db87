// A schedule's arithmetic as the server does it: whole numbers of 10^-12 in BigInt. No price is ever a Number.

/** @typedef {bigint} Worth an extension, in 10^-12 of the currency unit */

const SIX = 6, TWELVE = 12;
const GROUPED = /^\d{1,3}(,\d{3})+(\.\d*)?$/;
const PLAIN = /^(0|[1-9]\d{0,11})(?:\.(\d+))?$/;

/** Take from a typed number what does not count: spaces, a dollar sign, thousands commas, zeros before. @param {string} text @returns {string} */
export function plain(text) {
  let found = text.trim().replace(/^\$/, "").trim();
  if (GROUPED.test(found)) found = found.replaceAll(",", "");
  if (/^\d*\.?\d*$/.test(found) && /\d/.test(found)) {
    const [whole = "", part = ""] = found.split(".");
    found = (whole.replace(/^0+/, "") || "0") + (part ? `.${part}` : "");
  }
  return found;
}

/** Read a decimal string as a whole number of 10^-places; null if it is none or has more decimals. @param {string} text @param {number} places @returns {bigint | null} */
export function decimal(text, places) {
  const match = PLAIN.exec(text);
  if (!match) return null;
  const part = (match[2] ?? "").replace(/0+$/, "");
  return part.length > places ? null : BigInt((match[1] ?? "0") + part.padEnd(places, "0"));
}

/** Quantity × unit price; null while the price is none. @param {string} quantity @param {string} price @param {number} decimals @returns {Worth | null} */
export function extension(quantity, price, decimals) {
  const read = plain(price), units = decimal(quantity, SIX);
  const unit = decimal(read, decimals) === null ? null : decimal(read, SIX);
  return units === null || !unit ? null : units * unit;
}

/** The price per unit of a pack, as a decimal string; null where it is not exact. @param {string} size @param {string} price @param {number} decimals @returns {string | null} */
export function perUnit(size, price, decimals) {
  const holds = decimal(plain(size), SIX), costs = decimal(plain(price), 10);
  if (!holds || !costs) return null;
  const over = costs * 10n ** BigInt(decimals), under = holds * 10n ** 4n;
  return over % under ? null : written(over / under, decimals);
}

/** A whole number of 10^-places as its shortest decimal string. @param {bigint} value @param {number} places @returns {string} */
export function written(value, places) {
  const text = String(value).padStart(places + 1, "0"), at = text.length - places;
  const part = text.slice(at).replace(/0+$/, "");
  return text.slice(0, at) + (part ? `.${part}` : "");
}

/** An extension to the nearest cent. @param {Worth} worth @returns {string} */
export const cents = (worth) => written((worth + 5_000_000_000n) / 10_000_000_000n, 2);

/** What extensions come to, rounded up to the tick. @param {Worth} worth @param {bigint} tick micros @returns {string} */
export function total(worth, tick) {
  const step = tick * 10n ** BigInt(TWELVE - SIX);
  return written(((worth + step - 1n) / step) * tick, SIX);
}

/** Compare two decimal strings. @param {string} one @param {string} other @returns {boolean} whether the one is greater */
export function greater(one, other) {
  const left = decimal(one, SIX), right = decimal(other, SIX);
  return left !== null && right !== null && left > right;
}
