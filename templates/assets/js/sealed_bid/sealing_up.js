// Sealing a draft: an envelope for each bid, one signature over them all, and the vendor's own copy.

import { V, b64u, unb64u } from "../sealing/bytes.js";
import { canonical } from "../sealing/canonical.js";
import { randomBytes } from "../sealing/crypto.js";
import { freshSeed, seal, selfCheck } from "../sealing/envelope.js";
import { signAsVendor } from "../sealing/signing.js";

/** @typedef {{seed: string, envelope: any, bid: any}} Copy what a vendor keeps of an envelope; whoever has it can read the bid */
/** @typedef {{bytes: Uint8Array, eids: string[], roots: string[], copies: Copy[]}} Commit ready to be sent, once the blobs of its roots are */

/** Seal bids under the manifest in force and sign for them.
 * @param {any} manifest @param {string} mh @param {string} vendor @param {(lot: string, env: string) => number} lastRev the last version that the host holds; 0 for none
 * @param {{lot: string, env: string, bid: any, files: any[]}[]} bids @param {any} key @param {(done: number, all: number) => void} [progress] @returns {Promise<Commit>} */
export async function sealUp(manifest, mh, vendor, lastRev, bids, key, progress = () => {}) {
  const made = [];
  for (const { lot, env, bid, files } of bids) {
    const ctx = { v: V, tender: manifest.tender, manifest: mh, lot, env, vendor, rev: lastRev(lot, env) + 1 };
    const seed = await freshSeed(randomBytes(32), ctx, bid), sealed = await seal(manifest, ctx, seed, bid, files.map(({ blob }) => blob));
    await selfCheck(manifest, sealed, seed, bid);
    made.push({ ...sealed, copy: { seed: b64u(seed), envelope: sealed.envelope, bid } });
    progress(made.length, bids.length);
  }
  const eids = made.map(({ eid }) => eid), sig = await signAsVendor(key, "submit", eids);
  const items = made.map(({ envelope, body }) => ({ envelope, body: b64u(body) }));
  const roots = [...new Set(bids.flatMap(({ files }) => files.map(({ blob }) => blob.root)))];
  return { bytes: canonical({ v: V, type: "commit", items, sig }), eids, roots, copies: made.map(({ copy }) => copy) };
}

/** The bytes of a withdrawal. @param {any} key @param {string[]} eids @returns {Promise<Uint8Array>} */
export async function withdrawal(key, eids) {
  return canonical({ v: V, type: "withdraw", sig: await signAsVendor(key, "withdraw", eids) });
}

/** The bytes of a confirmation under the manifest in force. @param {any} key @param {string[]} eids @param {string} mh @returns {Promise<Uint8Array>} */
export async function confirmation(key, eids, mh) {
  return canonical({ v: V, type: "acknowledge", manifest: mh, sig: await signAsVendor(key, "acknowledge", eids, mh) });
}

/** The key as it is put on record. @param {any} key @returns {{alg: string, kid: string, pk: string, rp_id: null, origin: null}} */
export function recordedKey({ kid, pk }) {
  return { alg: "ed25519", kid, pk: b64u(unb64u(pk, 32)), rp_id: null, origin: null };
}
