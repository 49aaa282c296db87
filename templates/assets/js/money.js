// Exact money: whole micros (millionths of the currency unit) in BigInt. No amount is ever a Number.

/** @typedef {bigint} Micros */
/** @typedef {{above: Micros, amount: Micros}} Tier */
/** @typedef {{tick: Micros, percent: bigint | null, amount: Micros | null, tiers: Tier[]}} Step a decrement; `percent` in millionths of a percent */

export const MICROS = 1_000_000n;
const PLAIN = /^(0|[1-9]\d{0,11})(?:\.(\d{1,6}))?$/;
const GROUPED = /^[1-9]\d{0,2}(,\d{3})+(\.\d{1,6})?$/;

/** Read a plain decimal string above zero; null for anything else. @param {string | null | undefined} text @returns {Micros | null} */
export function read(text) {
  const match = PLAIN.exec(text ?? "");
  if (!match) return null;
  const value = BigInt(match[1] ?? "0") * MICROS + BigInt((match[2] ?? "").padEnd(6, "0"));
  return value > 0n ? value : null;
}

/** Read what a person typed: a currency sign and well placed thousands commas are fine. @param {string} text @returns {Micros | null} */
export function typed(text) {
  const bare = text.trim().replace(/^[^\d.,-]+/, "").replace(/\.$/, "");
  return read(GROUPED.test(bare) ? bare.replaceAll(",", "") : bare);
}

/** Decimals that amounts on this tick need. @param {Micros} tick @returns {number} */
export function places(tick) {
  let left = tick, count = 6;
  while (count > 0 && left % 10n === 0n) { left /= 10n; count -= 1; }
  return count;
}

/** As it goes over the line: "410288.25". @param {Micros} value @param {Micros} tick @returns {string} */
export function wire(value, tick) {
  const part = value % MICROS ? Math.max(places(tick), places(value % MICROS)) : places(tick);
  const decimals = String(value % MICROS).padStart(6, "0").slice(0, part);
  return String(value / MICROS) + (decimals ? `.${decimals}` : "");
}

/** With thousands commas: "410,288.25". @param {string} plain @returns {string} */
export function grouped(plain) {
  const [whole = "", part] = plain.split(".");
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (part === undefined ? "" : `.${part}`);
}

/** @type {Map<string, {sign: string, decimals: number}>} */
const currencies = new Map();

/** How amounts of a currency are written. @param {string} currency @returns {{sign: string, decimals: number}} */
function style(currency) {
  const known = currencies.get(currency);
  if (known) return known;
  const made = { sign: `${currency} `, decimals: 2 };
  try {
    const format = new Intl.NumberFormat("en-US", { style: "currency", currency });
    made.sign = format.formatToParts(0).find((part) => part.type === "currency")?.value ?? "";
    made.decimals = format.resolvedOptions().minimumFractionDigits ?? 2;
  } catch { /* no currency that this browser knows */ }
  currencies.set(currency, made);
  return made;
}

/** @param {string} currency @returns {string} the sign before an amount, such as "$" */
export const sign = (currency) => style(currency).sign;

/** A plain decimal string as money: "$412,350.00", "—" for none. @param {string | null | undefined} plain @param {string} currency @returns {string} */
export function money(plain, currency) {
  if (!plain) return "—";
  if (plain.startsWith("-")) return `−${money(plain.slice(1), currency)}`;
  const [whole = "", part = ""] = plain.split("."), { sign, decimals } = style(currency);
  const digits = part.padEnd(decimals, "0");
  return sign + grouped(digits ? `${whole}.${digits}` : whole);
}

/** One decrement down from a price, rounded up to the tick, at least one tick. @param {Micros} price @param {Step} step @returns {Micros} */
export function decrement(price, step) {
  const tier = step.tiers.find((row) => row.above < price);
  const sizes = tier ? [tier.amount] : [];
  if (step.amount !== null) sizes.push(step.amount);
  if (step.percent !== null) sizes.push(roundUp(ceilDivide(price * step.percent, 100n * MICROS), step.tick));
  const least = sizes.reduce((low, size) => (low === null || size < low ? size : low), /** @type {Micros | null} */ (null));
  return least === null || least < step.tick ? step.tick : least;
}

/** Go some decrements down (or up, when negative) from a price; never below one tick. @param {Micros} price @param {number} count @param {Step} step @returns {Micros} */
export function stepped(price, count, step) {
  let now = price;
  for (let done = 0; done < Math.abs(count); done += 1) {
    const next = count > 0 ? now - decrement(now, step) : now + decrement(now, step);
    if (next < step.tick) break;
    now = next;
  }
  return now;
}

/** A share in per cent with one decimal, rounded to the nearest: "11.8". @param {Micros} part @param {Micros} whole @returns {string} */
export function percent(part, whole) {
  const size = part < 0n ? -part : part;
  const tenths = (size * 1000n + whole / 2n) / whole;
  return `${part < 0n ? "−" : ""}${tenths / 10n}.${tenths % 10n}`;
}

/** @param {bigint} over @param {bigint} under @returns {bigint} */
const ceilDivide = (over, under) => (over + under - 1n) / under;
/** @param {Micros} value @param {Micros} tick @returns {Micros} */
const roundUp = (value, tick) => ceilDivide(value, tick) * tick;
