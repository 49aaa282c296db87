// A bid before it is sealed: fields with unique paths, a note, and attachments under their own keys.

import { b64u } from "./bytes.js";
import { hmac } from "./hkdf.js";
import { bytesOf, exactly, listOf, someText, unless, whole } from "./shape.js";
import { paddedRoot, sealFile } from "./stream.js";

const STEP = /^[A-Za-z0-9_-]{1,64}$/;

/** The key of an attachment: made anew from 32 fresh random bytes and what it holds. @param {Uint8Array} random @param {Uint8Array} root over its padded chunks @returns {Promise<Uint8Array>} */
export function blobKey(random, root) {
  return hmac(random, root);
}

/** Encrypt an attachment under a new key. `file` goes into the bid as the field files/i, `blob` into the envelope, `sealed` is uploaded under `blob.root`.
 * @param {File} file @param {Uint8Array} random 32 fresh bytes @param {(done: number, all: number) => void} [progress] in bytes, over both readings
 * @returns {Promise<{file: {name: string, media: string, len: number, key: string}, blob: {len: number, root: string}, sealed: Blob}>} */
export async function sealAttachment(file, random, progress = () => {}) {
  const key = await blobKey(random, await paddedRoot(file, (done, all) => progress(done, 2 * all)));
  const { sealed, len, root } = await sealFile(key, file, (done, all) => progress(all + done, 2 * all));
  const named = { name: file.name ?? "attachment", media: file.type || "application/octet-stream", len: file.size, key: b64u(key) };
  return { file: named, blob: { len, root: b64u(root) }, sealed };
}

/** What is wrong with a bid; empty when it may be sealed, and when it counts at the opening. @param {any} bid @returns {import("./shape.js").Fault[]} */
export function bidFaults(bid) {
  const faults = exactly({ fields: listOf(fieldFaults), note: someText })(bid, "bid");
  return faults.length ? faults : [...doubled(bid.fields), ...filesFaults(bid.fields)];
}

/** The attachments that a bid names, in their order. @param {{fields: [string, any][]}} bid @returns {{name: string, media: string, len: number, key: string}[]} */
export function filesOf(bid) {
  return bid.fields.filter(([path]) => path.startsWith("files/")).map(([, file]) => file);
}

/** @param {any} field @param {string} path @returns {import("./shape.js").Fault[]} */
function fieldFaults(field, path) {
  const pair = Array.isArray(field) && field.length === 2 && typeof field[0] === "string";
  if (!pair) return unless(false, path, "must be a path and a value");
  const right = field[0].length <= 128 && field[0].split("/").every((step) => STEP.test(step));
  return unless(right, path, "has a path that is not ids joined by /, at most 128 characters");
}

/** @param {[string, any][]} fields @returns {import("./shape.js").Fault[]} */
function doubled(fields) {
  const seen = new Set();
  return fields.flatMap(([path], i) => unless(seen.size < seen.add(path).size, `bid.fields[${i}]`, `has the path ${path} again`));
}

/** @param {[string, any][]} fields @returns {import("./shape.js").Fault[]} */
function filesFaults(fields) {
  const file = exactly({ name: someText, media: someText, len: whole(0), key: bytesOf(32) });
  const files = fields.filter(([path]) => path.startsWith("files/"));
  return files.flatMap(([path, value], i) => [
    ...unless(path === `files/${i}`, `bid.${path}`, `stands where files/${i} belongs`),
    ...file(value, `bid.${path}`),
  ]);
}
