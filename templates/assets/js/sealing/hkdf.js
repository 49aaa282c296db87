// Hashes and the keys that are derived with them: SHA-256, HMAC and HKDF (RFC 5869).

import { byte, concat, utf8 } from "./bytes.js";

/** @param {...Uint8Array} parts @returns {Promise<Uint8Array>} the SHA-256 of them, one after the other */
export async function sha256(...parts) {
  const data = parts.length === 1 ? parts[0] : concat(...parts);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** HMAC-SHA256 under one key, which is read once. @param {Uint8Array} key @returns {Promise<(data: Uint8Array) => Promise<Uint8Array>>} */
export async function hmacOf(key) {
  const bytes = key.length ? key : new Uint8Array(32); // an empty key and zeros give the same, and browsers refuse the empty one
  const held = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return async (data) => new Uint8Array(await crypto.subtle.sign("HMAC", held, data));
}

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
export async function hmac(key, data) {
  return (await hmacOf(key))(data);
}

/** HKDF-Extract. @param {Uint8Array} salt @param {Uint8Array} ikm @returns {Promise<Uint8Array>} 32 bytes */
export async function ext(salt, ikm) {
  return hmac(salt, ikm);
}

/** HKDF-Expand to at most 255 * 32 bytes. @param {Uint8Array} prk @param {Uint8Array} info @param {number} [length] @returns {Promise<Uint8Array>} */
export async function expand(prk, info, length = 32) {
  const mac = await hmacOf(prk);
  let block = new Uint8Array(0), whole = block;
  for (let n = 1; whole.length < length; n += 1) {
    block = await mac(concat(block, info, byte(n)));
    whole = concat(whole, block);
  }
  return whole.slice(0, length);
}

/** X: what an envelope derives from its key material by a label, 32 bytes each. @param {Uint8Array} prk @returns {Promise<(name: string) => Promise<Uint8Array>>} */
export async function deriver(prk) {
  const mac = await hmacOf(prk);
  return (name) => mac(concat(utf8(`sealbid/v1 ${name}`), byte(1)));
}
