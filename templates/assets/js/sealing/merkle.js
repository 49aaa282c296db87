// Merkle trees as in RFC 6962: a root over leaves, and proofs that a leaf is in it and that a tree only grew.
// Leaves are any bytes; every hash is 32 bytes. A proof holding a hash of another length proves nothing.

import { byte, same } from "./bytes.js";
import { sha256 } from "./hkdf.js";

/** @param {Uint8Array} data @returns {Promise<Uint8Array>} the hash of one leaf */
export function leafHash(data) {
  return sha256(byte(0), data);
}

/** @param {Uint8Array} left @param {Uint8Array} right @returns {Promise<Uint8Array>} the hash of two subtrees */
export function nodeHash(left, right) {
  return sha256(byte(1), left, right);
}

/** The root over leaf hashes. @param {Uint8Array[]} hashes @returns {Promise<Uint8Array>} */
export async function rootOf(hashes) {
  let level = hashes;
  if (!level.length) return sha256(new Uint8Array(0));
  while (level.length > 1) level = await parents(level);
  return level[0];
}

/** @param {Uint8Array[]} level @returns {Promise<Uint8Array[]>} */
function parents(level) {
  const found = [];
  for (let i = 0; i < level.length; i += 2) found.push(i + 1 < level.length ? nodeHash(level[i], level[i + 1]) : level[i]);
  return Promise.all(found);
}

/** What one leaf hash is joined with, from below to the root. @param {Uint8Array[]} hashes @param {number} index @returns {Promise<Uint8Array[]>} */
export async function pathOf(hashes, index) {
  const found = [];
  for (let level = hashes, at = index; level.length > 1; level = await parents(level), at = half(at)) {
    const other = at % 2 ? at - 1 : at + 1;
    if (other < level.length) found.push(level[other]);
  }
  return found;
}

/** A root that is reckoned while leaves come, so that nobody has to hold them. */
export class GrowingRoot {
  /** @type {(Uint8Array | null)[]} */
  #levels = [];

  /** Add the next leaf. @param {Uint8Array} data */
  async add(data) {
    let hash = await leafHash(data), level = 0;
    for (; this.#levels[level]; level += 1) { hash = await nodeHash(this.#levels[level], hash); this.#levels[level] = null; }
    this.#levels[level] = hash;
  }

  /** @returns {Promise<Uint8Array>} the root over what was added */
  async root() {
    const [first, ...rest] = this.#levels.filter((each) => each !== null);
    if (!first) return sha256(new Uint8Array(0));
    let whole = first;
    for (const left of rest) whole = await nodeHash(left, whole);
    return whole;
  }
}

/** Whether a proof leads from a leaf's data at an index to the root. @param {Uint8Array} data @param {number} index @param {number} size @param {Uint8Array[]} proof @param {Uint8Array} root @returns {Promise<boolean>} */
export async function included(data, index, size, proof, root) {
  return leadsToRoot(await leafHash(data), index, size, proof, root);
}

/** The same from a leaf's hash (RFC 9162, 2.1.3.2). @param {Uint8Array} leaf @param {number} index @param {number} size @param {Uint8Array[]} proof @param {Uint8Array} root @returns {Promise<boolean>} */
export async function leadsToRoot(leaf, index, size, proof, root) {
  if (!isCount(index) || !isCount(size) || index >= size || !allWhole([leaf, ...proof, root])) return false;
  let here = index, last = size - 1, value = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (here % 2 || here === last) {
      value = await nodeHash(sibling, value);
      while (here % 2 === 0 && here) [here, last] = [half(here), half(last)];
    } else value = await nodeHash(value, sibling);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && same(value, root);
}

/** Whether a proof shows that the tree of `size` leaves begins with that of `old` (RFC 9162, 2.1.4.2). @param {number} old @param {number} size @param {Uint8Array[]} proof @param {Uint8Array} before @param {Uint8Array} after @returns {Promise<boolean>} */
export async function grew(old, size, proof, before, after) {
  if (!isCount(old) || !isCount(size) || old > size || !allWhole([...proof, before, after])) return false;
  if (old === 0 || old === size) return !proof.length && same(before, old ? after : await rootOf([]));
  const steps = 2 ** Math.floor(Math.log2(old)) === old ? [before, ...proof] : [...proof];
  let here = old - 1, last = size - 1;
  while (here % 2) [here, last] = [half(here), half(last)];
  if (!steps.length) return false;
  let was = steps[0], now = steps[0];
  for (const sibling of steps.slice(1)) {
    if (last === 0) return false;
    if (here % 2 || here === last) {
      [was, now] = [await nodeHash(sibling, was), await nodeHash(sibling, now)];
      while (here % 2 === 0 && here) [here, last] = [half(here), half(last)];
    } else now = await nodeHash(now, sibling);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && same(was, before) && same(now, after);
}

/** @param {number} n @returns {number} */
function half(n) {
  return Math.floor(n / 2);
}

/** @param {unknown} n @returns {boolean} */
function isCount(n) {
  return Number.isSafeInteger(n) && n >= 0;
}

/** @param {Uint8Array[]} hashes @returns {boolean} */
function allWhole(hashes) {
  return hashes.every((each) => each.length === 32);
}
