// A bid's arithmetic, exact: whole numbers of 10^-12 in BigInt. No price is ever a Number.

const THOUSANDS = /^\d{1,3}(,\d{3})+(\.\d*)?$/;
const PLAIN_DECIMAL = /^(0|[1-9]\d{0,11})(?:\.(\d+))?$/;
const CENT_IN_TRILLIONTHS = 10_000_000_000n;

/** Take from a typed number what does not count: spaces, a dollar sign, thousands commas, zeros before. @param {string} text @returns {string} */
export function plainNumber(text) {
  let found = String(text ?? "").trim().replace(/^\$/, "").trim();
  if (THOUSANDS.test(found)) found = found.replaceAll(",", "");
  if (/^\d*\.?\d*$/.test(found) && /\d/.test(found)) {
    const [whole = "", part = ""] = found.split(".");
    found = (whole.replace(/^0+/, "") || "0") + (part ? `.${part}` : "");
  }
  return found;
}

/** A decimal string as a whole number of 10^-places; null where it is none or has more decimals. @param {string} text @param {number} places @returns {bigint | null} */
export function scaledDecimal(text, places) {
  const match = PLAIN_DECIMAL.exec(text);
  if (!match) return null;
  const part = (match[2] ?? "").replace(/0+$/, "");
  return part.length > places ? null : BigInt((match[1] ?? "0") + part.padEnd(places, "0"));
}

/** Quantity × unit price in 10^-12; null while the price is none. @param {string} quantity @param {string} price @param {number} decimals @returns {bigint | null} */
export function lineWorth(quantity, price, decimals) {
  const read = plainNumber(price), units = scaledDecimal(quantity, 6);
  const unit = scaledDecimal(read, decimals) === null ? null : scaledDecimal(read, 6);
  return units === null || !unit ? null : units * unit;
}

/** A whole number of 10^-places as its shortest decimal string. @param {bigint} value @param {number} places @returns {string} */
export function shortestDecimal(value, places) {
  const text = String(value).padStart(places + 1, "0"), at = text.length - places;
  const part = text.slice(at).replace(/0+$/, "");
  return text.slice(0, at) + (part ? `.${part}` : "");
}

/** What lines come to, rounded up to the cent, as a bid says it. @param {bigint} worth @returns {string} */
export function totalAmount(worth) {
  const cents = (worth + CENT_IN_TRILLIONTHS - 1n) / CENT_IN_TRILLIONTHS;
  return `${cents / 100n}.${String(cents % 100n).padStart(2, "0")}`;
}

/** A plain number for people: "12,345.5". @param {string} plain a decimal string @returns {string} */
export function thousands(plain) {
  const [whole = "", part] = plain.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** An amount for people: "$12,345.50". @param {string} amount a decimal string @param {string} currency @returns {string} */
export function amountShown(amount, currency) {
  const [whole = "", part = ""] = amount.split(".");
  return `${currency === "USD" ? "$" : `${currency} `}${thousands(whole)}.${part.padEnd(2, "0")}`;
}

/** What a line comes to, for people; "—" while it has no price. @param {bigint | null} worth @param {string} currency @returns {string} */
export function worthShown(worth, currency) {
  return worth === null ? "—" : amountShown(shortestDecimal(worth, 12), currency);
}

/** Whether two amounts of 10^-12 are the same to the cent. @param {bigint} one @param {bigint} other @returns {boolean} */
export function nearEnough(one, other) {
  const apart = one > other ? one - other : other - one;
  return apart < CENT_IN_TRILLIONTHS;
}
