// The shape of what is read: every member there, none besides, each of its kind. A check takes a value and where it stands,
// and answers with what is wrong: a list of `{path, message}`, empty when nothing is.

import { b64u, isId, isMoment, unb64u } from "./bytes.js";

/** @typedef {{path: string, message: string}} Fault */
/** @typedef {(value: any, path: string) => Fault[]} Check */

/** @param {boolean} right @param {string} path @param {string} message @returns {Fault[]} */
export function unless(right, path, message) {
  return right ? [] : [{ path, message }];
}

/** An object with exactly these members. @param {Record<string, Check>} members @returns {Check} */
export function exactly(members) {
  return (value, path) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return unless(false, path, "must be an object");
    const strange = Object.keys(value).filter((key) => !Object.hasOwn(members, key));
    const odd = strange.map((key) => ({ path: `${path}.${key}`, message: "is not known here; take it out" }));
    return odd.concat(...Object.entries(members).map(([key, check]) =>
      Object.hasOwn(value, key) ? check(value[key], `${path}.${key}`) : unless(false, `${path}.${key}`, "is missing")));
  };
}

/** A list of so many that all pass the check. @param {Check} check @param {number} [least] @param {number} [most] @returns {Check} */
export function listOf(check, least = 0, most = Infinity) {
  return (value, path) => {
    if (!Array.isArray(value)) return unless(false, path, "must be a list");
    const count = unless(value.length >= least && value.length <= most, path, `has ${value.length} entries; ${least} to ${most} may stand here`);
    return count.concat(...value.map((each, i) => check(each, `${path}[${i}]`)));
  };
}

/** Exactly this value, or one of these. @param {...unknown} values @returns {Check} */
export function oneOf(...values) {
  return (value, path) => unless(values.includes(value), path, `must be ${values.map((each) => JSON.stringify(each)).join(" or ")}`);
}

/** A whole number in a range. @param {number} least @param {number} [most] @returns {Check} */
export function whole(least, most = Number.MAX_SAFE_INTEGER) {
  return (value, path) => unless(Number.isSafeInteger(value) && value >= least && value <= most, path, `must be a whole number from ${least} to ${most}`);
}

/** Base64url of so many bytes. @param {number} length @returns {Check} */
export function bytesOf(length) {
  return (value, path) => unless(decodes(value, length), path, `must be base64url of ${length} bytes`);
}

/** @param {any} value @param {number} length @returns {boolean} */
function decodes(value, length) {
  try { return b64u(unb64u(value, length)) === value; } catch { return false; }
}

/** null, or what passes the check. @param {Check} check @returns {Check} */
export function maybe(check) {
  return (value, path) => (value === null ? [] : check(value, path));
}

/** Any text. @param {any} value @param {string} path @returns {Fault[]} */
export function someText(value, path) {
  return unless(typeof value === "string" && value.isWellFormed(), path, "must be a text");
}

/** Any text but an empty one. @param {any} value @param {string} path @returns {Fault[]} */
export function fullText(value, path) {
  return someText(value, path).concat(unless(value !== "", path, "must not be empty"));
}

/** An id. @param {any} value @param {string} path @returns {Fault[]} */
export function someId(value, path) {
  return unless(isId(value), path, "must be an id: 1 to 64 letters, digits, - or _");
}

/** A time. @param {any} value @param {string} path @returns {Fault[]} */
export function someMoment(value, path) {
  return unless(isMoment(value), path, "must be a time such as 2026-12-01T16:00:00.000Z");
}

/** Faults as one line for people. @param {Fault[]} faults @returns {string} */
export function toldFaults(faults) {
  return faults.map(({ path, message }) => `${path} ${message}`).join("; ");
}
