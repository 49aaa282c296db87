// Amounts and numbers in words, so that a slip of a digit is seen before it is binding.

import { MICROS } from "./money.js";

const SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(" ");
const TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const SCALES = ["", " thousand", " million", " billion"];
const UNITS = new Map([["USD", ["dollar", "cent"]], ["EUR", ["euro", "cent"]], ["GBP", ["pound", "penny"]], ["CAD", ["dollar", "cent"]]]);

/** A whole number below a thousand. @param {number} n @returns {string} */
function hundreds(n) {
  if (n >= 100) return `${SMALL[Math.floor(n / 100)]} hundred${n % 100 ? ` ${hundreds(n % 100)}` : ""}`;
  if (n < 20) return SMALL[n] ?? "";
  return `${TENS[Math.floor(n / 10)]}${n % 10 ? `-${SMALL[n % 10]}` : ""}`;
}

/** A whole number: "four hundred ten thousand two hundred eighty-eight". @param {bigint} n @returns {string} */
export function number(n) {
  if (n === 0n) return "zero";
  const groups = [];
  for (let left = n, scale = 0; left > 0n; left /= 1000n, scale += 1) {
    const group = Number(left % 1000n);
    if (group) groups.unshift(hundreds(group) + (SCALES[scale] ?? ""));
  }
  return groups.join(" ");
}

/** An amount: "… dollars and 25 cents". @param {bigint} micros @param {string} currency @returns {string} */
export function amount(micros, currency) {
  const [unit = currency, part = "hundredth"] = UNITS.get(currency) ?? [];
  const whole = micros / MICROS, rest = micros % MICROS;
  const units = `${number(whole)} ${unit}${whole === 1n ? "" : "s"}`;
  if (rest === 0n) return units;
  if (rest % 10_000n) return `${units} and ${String(rest).padStart(6, "0").replace(/0+$/, "").split("").map((digit) => SMALL[Number(digit)]).join(" ")} after the point`;
  const cents = rest / 10_000n;
  return `${units} and ${cents} ${part === "penny" && cents !== 1n ? "pence" : part + (cents === 1n ? "" : "s")}`;
}

/** "1st", "2nd", "11th". @param {number} n @returns {string} */
export const ordinal = (n) => `${n}${suffix(n)}`;

/** @param {number} n @returns {string} */
export function suffix(n) {
  if (n % 100 >= 11 && n % 100 <= 13) return "th";
  return { 1: "st", 2: "nd", 3: "rd" }[n % 10] ?? "th";
}

/** "3 minutes", "90 seconds". @param {number} seconds @returns {string} */
export function span(seconds) {
  const [count, unit] = seconds && seconds % 60 === 0 ? [seconds / 60, "minute"] : [seconds, "second"];
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
