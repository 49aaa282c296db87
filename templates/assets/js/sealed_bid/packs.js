// Packs on offer: what a pack costs per unit that is asked for, exactly as the consortium reads it; nothing is rounded.

import { plainNumber, scaledDecimal, shortestDecimal, thousands } from "./prices.js";

/** @typedef {{size: string, price: string, name?: string}} OfferedPack how many units a pack holds, its price, and what it is called */

const PACK_SIZE_PLACES = 6, PACK_PRICE_PLACES = 10;

/** Size and price as whole numbers; null where either is not above zero. @param {string} size @param {string} price @returns {[bigint, bigint] | null} */
function packNumbers(size, price) {
  const holds = scaledDecimal(size, PACK_SIZE_PLACES), costs = scaledDecimal(price, PACK_PRICE_PLACES);
  return holds && costs ? [holds, costs] : null;
}

/** Whether size and price are both numbers above zero. @param {string} size @param {string} price @returns {boolean} */
export const isPack = (size, price) => packNumbers(size, price) !== null;

/** The price per unit of a pack; null where it is not exact on so many decimals, or the pack is none. @param {string} size @param {string} price @param {number} decimals @returns {string | null} */
export function packUnitPrice(size, price, decimals) {
  const read = packNumbers(plainNumber(size), plainNumber(price));
  if (!read) return null;
  const over = read[1] * 10n ** BigInt(decimals), under = read[0] * 10n ** BigInt(PACK_PRICE_PLACES - PACK_SIZE_PLACES);
  return over % under ? null : shortestDecimal(over / under, decimals);
}

/** What a pack of a size costs at a unit price. @param {string} size @param {string} unit @returns {string} */
export function packPriceAt(size, unit) {
  return shortestDecimal((scaledDecimal(size, PACK_SIZE_PLACES) ?? 0n) * (scaledDecimal(unit, 4) ?? 0n), PACK_PRICE_PLACES);
}

/** The exact pack prices beside one that is not, each with what it is a unit: "3.00 (0.25 each)". @param {string} size @param {string} price @param {number} decimals @returns {string} */
export function nearestPackPrices(size, price, decimals) {
  const [holds, costs] = /** @type {[bigint, bigint]} */ (packNumbers(size, price));
  const over = costs * 10n ** BigInt(decimals), under = holds * 10n ** BigInt(PACK_PRICE_PLACES - PACK_SIZE_PLACES);
  const whole = over / under, units = [whole || 1n, (over % under ? whole + 1n : whole) || 1n];
  const told = units.map((each) => `${shortestDecimal(each * holds, decimals + PACK_SIZE_PLACES)} (${shortestDecimal(each, decimals)} each)`);
  return [...new Set(told)].join(" or ");
}

/** How many whole packs cover what is asked for: "5 × carton of 12 hold 60 and cover the 50 asked for". @param {OfferedPack} pack @param {string} quantity @returns {string} */
export function packsCover({ size, name = "" }, quantity) {
  const wanted = scaledDecimal(quantity, PACK_SIZE_PLACES) ?? 0n, holds = scaledDecimal(size, PACK_SIZE_PLACES) || 1n;
  const count = (wanted + holds - 1n) / holds, whole = count * holds === wanted;
  const cover = whole ? "are exactly" : `hold ${thousands(shortestDecimal(count * holds, PACK_SIZE_PLACES))} and cover`;
  return `${thousands(String(count))} ${name ? `× ${name}` : count === 1n ? "pack" : "packs"} of ${size} ${cover} the ${thousands(quantity)} asked for`;
}
