// HPKE (RFC 9180) base mode, X25519 with HKDF-SHA256 and AES-256-GCM; the sealer's key is derived, so that sealing can be repeated.

import { concat, utf8 } from "./bytes.js";
import { agree, agreePublic, gcmOpen, gcmSeal } from "./crypto.js";
import { expand, ext } from "./hkdf.js";

const NONE = new Uint8Array(0);
const KEM_SUITE = Uint8Array.of(0x4b, 0x45, 0x4d, 0x00, 0x20);
const HPKE_SUITE = Uint8Array.of(0x48, 0x50, 0x4b, 0x45, 0x00, 0x20, 0x00, 0x01, 0x00, 0x02);

/** @param {Uint8Array} suite @param {Uint8Array} salt @param {string} name @param {Uint8Array} ikm @returns {Promise<Uint8Array>} */
function labelledExtract(suite, salt, name, ikm) {
  return ext(salt, concat(utf8("HPKE-v1"), suite, utf8(name), ikm));
}

/** @param {Uint8Array} suite @param {Uint8Array} prk @param {string} name @param {Uint8Array} info @param {number} length @returns {Promise<Uint8Array>} */
function labelledExpand(suite, prk, name, info, length) {
  return expand(prk, concat(Uint8Array.of(length >> 8, length & 0xff), utf8("HPKE-v1"), suite, utf8(name), info), length);
}

/** The key pair of some input, always the same. @param {Uint8Array} ikm @returns {Promise<{sk: Uint8Array, pk: Uint8Array}>} */
export async function keyPair(ikm) {
  const prk = await labelledExtract(KEM_SUITE, NONE, "dkp_prk", ikm);
  const sk = await labelledExpand(KEM_SUITE, prk, "sk", NONE, 32);
  return { sk, pk: await agreePublic(sk) };
}

/** The shared secret of a key agreement. @param {Uint8Array} dh @param {Uint8Array} enc @param {Uint8Array} pk @returns {Promise<Uint8Array>} */
async function sharedSecret(dh, enc, pk) {
  const prk = await labelledExtract(KEM_SUITE, NONE, "eae_prk", dh);
  return labelledExpand(KEM_SUITE, prk, "shared_secret", concat(enc, pk), 32);
}

/** The key and nonce of a message. @param {Uint8Array} shared @param {Uint8Array} info @returns {Promise<{key: Uint8Array, nonce: Uint8Array}>} */
async function schedule(shared, info) {
  const [idHash, infoHash, secret] = await Promise.all([
    labelledExtract(HPKE_SUITE, NONE, "psk_id_hash", NONE),
    labelledExtract(HPKE_SUITE, NONE, "info_hash", info),
    labelledExtract(HPKE_SUITE, shared, "secret", NONE),
  ]);
  const context = concat(Uint8Array.of(0), idHash, infoHash);
  const [key, nonce] = await Promise.all([
    labelledExpand(HPKE_SUITE, secret, "key", context, 32),
    labelledExpand(HPKE_SUITE, secret, "base_nonce", context, 12),
  ]);
  return { key, nonce };
}

/** Seal to a public key with the ephemeral key of `ikm`: enc and ciphertext. Throws LowOrder. @param {Uint8Array} pk @param {Uint8Array} info @param {Uint8Array} plain @param {Uint8Array} ikm @param {Uint8Array} [aad] @returns {Promise<Uint8Array>} */
export async function hpkeSeal(pk, info, plain, ikm, aad = NONE) {
  const fresh = await keyPair(ikm);
  const shared = await sharedSecret(await agree(fresh.sk, pk), fresh.pk, pk);
  const { key, nonce } = await schedule(shared, info);
  return concat(fresh.pk, await gcmSeal(key, nonce, plain, aad));
}

/** Open what was sealed to a key pair; throws where it was not. @param {{sk: Uint8Array, pk: Uint8Array}} pair @param {Uint8Array} info @param {Uint8Array} wrap @param {Uint8Array} [aad] @returns {Promise<Uint8Array>} */
export async function hpkeOpen(pair, info, wrap, aad = NONE) {
  const enc = wrap.slice(0, 32);
  const shared = await sharedSecret(await agree(pair.sk, enc), enc, pair.pk);
  const { key, nonce } = await schedule(shared, info);
  return gcmOpen(key, nonce, wrap.slice(32), aad);
}
