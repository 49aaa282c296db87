// Showing one field of a sealed bid without the rest: a salted leaf per field, under a root that the envelope names.

import { b64u, concat, unb64u, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { included, leafHash, pathOf, rootOf } from "./merkle.js";

/** @typedef {(name: string) => Promise<Uint8Array>} Derive what an envelope derives by a label */

/** Leaves of a disclosure tree: a power of two from 64 on, so that the number of fields stays hidden. @param {number} fields @returns {number} */
export function disclosureSize(fields) {
  let size = 64;
  while (size < fields) size *= 2;
  return size;
}

/** The leaf hashes of a bid's fields and of the empty places after them. @param {Derive} derive @param {unknown[]} fields @returns {Promise<Uint8Array[]>} */
function disclosureLeaves(derive, fields) {
  const leaf = async (j) => leafHash(concat(await derive(`disc/${j}`), j < fields.length ? canonical(fields[j]) : utf8("null")));
  return Promise.all(Array.from({ length: disclosureSize(fields.length) }, (_, j) => leaf(j)));
}

/** What an envelope says of its fields. @param {Derive} derive @param {unknown[]} fields @returns {Promise<{n: number, root: string}>} */
export async function disclosureOf(derive, fields) {
  return { n: disclosureSize(fields.length), root: b64u(await rootOf(await disclosureLeaves(derive, fields))) };
}

/** Field `j` with what proves it. @param {Derive} derive @param {unknown[]} fields @param {number} j @returns {Promise<{j: number, salt: string, field: unknown, proof: string[]}>} */
export async function disclose(derive, fields, j) {
  const proof = await pathOf(await disclosureLeaves(derive, fields), j);
  return { j, salt: b64u(await derive(`disc/${j}`)), field: fields[j], proof: proof.map(b64u) };
}

/** Whether a field was in the envelope that says `disc`. @param {{j: number, salt: string, field: unknown, proof: string[]}} shown @param {{n: number, root: string}} disc @returns {Promise<boolean>} */
export async function disclosureHolds({ j, salt, field, proof }, disc) {
  try {
    const data = concat(unb64u(salt, 32), canonical(field));
    const path = proof.map((each) => unb64u(each, 32));
    return Array.isArray(field) && await included(data, j, disc.n, path, unb64u(disc.root, 32));
  } catch {
    return false;
  }
}
