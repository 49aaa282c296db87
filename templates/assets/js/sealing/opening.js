// Opening an envelope from officers' shares, and sealing it again: only an envelope that comes out byte for byte the same is opened.

import { filesOf } from "./bid.js";
import { b64u, same, unb64u } from "./bytes.js";
import { canonical } from "./canonical.js";
import { contextHash, eidOf, openBody, seal, shareCommitment } from "./envelope.js";
import { sha256 } from "./hkdf.js";
import { combineShares } from "./shares.js";
import { EnvelopeFault, openFile, sealFile, sealedRoot } from "./stream.js";

/** @typedef {{eid: string, result: "opened" | "nonresponsive" | "unopenable_officers" | "unavailable_host", fault: string | null, plain_sha256: string | null, seed: string | null, bid: any, files: Blob[]}} Opened */
/** @typedef {{envelope: any, body: Uint8Array, blobs?: Blob[]}} Stored */

/** The shares that match what the envelope says of them, by x. @param {any} envelope @param {Map<number, Uint8Array>} shares @returns {Promise<Map<number, Uint8Array>>} */
export async function validShares(envelope, shares) {
  const ch = await contextHash(envelope.ctx), valid = new Map();
  for (const [x, share] of [...shares].sort(([a], [b]) => a - b)) {
    if (b64u(await shareCommitment(ch, x, share)) === envelope.sc[x - 1]) valid.set(x, share);
  }
  return valid;
}

/** Open an envelope with these shares, of which the valid ones of lowest x count. @param {{officers: {pk: string}[], quorum: number}} manifest @param {Stored} stored @param {Map<number, Uint8Array>} shares by x @returns {Promise<Opened>} */
export async function openEnvelope(manifest, stored, shares) {
  const eid = await eidOf(stored.envelope), valid = await validShares(stored.envelope, shares);
  if (valid.size < manifest.quorum) return unopened(eid, "unopenable_officers");
  if (!await undamaged(stored)) return unopened(eid, "unavailable_host");
  return openSeeded(manifest, stored, combineShares(new Map([...valid].slice(0, manifest.quorum))));
}

/** Open an envelope with its seed, as a projector does with a seed that it was given. @param {{officers: {pk: string}[], quorum: number}} manifest @param {Stored} stored @param {Uint8Array} seed @returns {Promise<Opened>} */
export async function openSeeded(manifest, stored, seed) {
  const eid = await eidOf(stored.envelope);
  try {
    const { bid, plain, derive } = await openBody(stored.envelope, stored.body, seed);
    const files = await openBlobs(bid, stored);
    await resealed(manifest, stored, seed, bid, files);
    return { eid, result: "opened", fault: null, plain_sha256: b64u(await sha256(await derive("plain"), plain)), seed: b64u(seed), bid, files };
  } catch (error) {
    if (!(error instanceof EnvelopeFault)) throw error;
    return { ...unopened(eid, "nonresponsive", error.fault), seed: b64u(seed) };
  }
}

/** @param {string} eid @param {Opened["result"]} result @param {string | null} [fault] @returns {Opened} */
function unopened(eid, result, fault = null) {
  return { eid, result, fault, plain_sha256: null, seed: null, bid: null, files: [] };
}

/** Whether what is stored is what the envelope names. @param {Stored} stored @returns {Promise<boolean>} */
export async function undamaged({ envelope, body, blobs = [] }) {
  if (body.length !== envelope.body.len || b64u(await sha256(body)) !== envelope.body.sha256) return false;
  if (blobs.length !== envelope.blobs.length) return false;
  for (const [i, { len, root }] of envelope.blobs.entries()) {
    if (blobs[i].size !== len || b64u(await sealedRoot(blobs[i])) !== root) return false;
  }
  return true;
}

/** @param {any} bid @param {Stored} stored @returns {Promise<Blob[]>} */
async function openBlobs(bid, { blobs = [] }) {
  const files = filesOf(bid), opened = [];
  if (files.length !== blobs.length) throw new EnvelopeFault("schema");
  for (const [i, { key, len }] of files.entries()) opened.push(await openFile(unb64u(key, 32), blobs[i], len));
  return opened;
}

/** Seal again and compare; throws EnvelopeFault "reseal". @param {any} manifest @param {Stored} stored @param {Uint8Array} seed @param {any} bid @param {Blob[]} files */
async function resealed(manifest, stored, seed, bid, files) {
  const blobs = [];
  for (const [i, { key }] of filesOf(bid).entries()) {
    const { len, root } = await sealFile(unb64u(key, 32), files[i]);
    blobs.push({ len, root: b64u(root) });
  }
  const again = await seal(manifest, stored.envelope.ctx, seed, bid, blobs);
  const equal = same(canonical(again.envelope), canonical(stored.envelope)) && same(again.body, stored.body);
  if (!equal) throw new EnvelopeFault("reseal");
}
