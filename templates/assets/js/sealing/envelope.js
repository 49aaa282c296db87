// The envelope: everything in it follows from the manifest, the context, one seed and the bid, so that anybody who is entitled
// to the bid can seal it again and must get the same bytes.

import { bidFaults, filesOf } from "./bid.js";
import { V, b64u, byte, concat, labelled, same, unb64u } from "./bytes.js";
import { canonical, readCanonical } from "./canonical.js";
import { disclosureOf } from "./disclosure.js";
import { deriver, ext, hmac, sha256 } from "./hkdf.js";
import { hpkeSeal } from "./hpke.js";
import { bytesOf, exactly, listOf, oneOf, someId, toldFaults, unless, whole } from "./shape.js";
import { combineShares, splitSecret } from "./shares.js";
import { EnvelopeFault, bodyBucket, openStream, padded, sealStream, unpadded } from "./stream.js";

/** @typedef {{v: string, tender: string, manifest: string, lot: string, env: string, vendor: string, rev: number}} Context */
/** @typedef {{envelope: any, eid: string, body: Uint8Array}} Sealed */

const LARGEST_BODY = 4096 * 2 ** 12;

/** ch: what binds everything in an envelope to its context. @param {Context} ctx @returns {Promise<Uint8Array>} */
export function contextHash(ctx) {
  return sha256(canonical(ctx));
}

/** A bid's canonical bytes with its padding; throws EnvelopeFault "schema" where it is too long. @param {any} bid @returns {Uint8Array} */
export function paddedBid(bid) {
  const bytes = canonical(bid), bucket = bodyBucket(bytes.length);
  if (bucket === null) throw new EnvelopeFault("schema");
  return padded(bytes, bucket);
}

/** The seed of a new envelope, from 32 fresh random bytes and, should they repeat, from the bid itself. @param {Uint8Array} random @param {Context} ctx @param {any} bid @returns {Promise<Uint8Array>} */
export async function freshSeed(random, ctx, bid) {
  return hmac(random, concat(await contextHash(ctx), await sha256(paddedBid(bid))));
}

/** X: what an envelope derives from its seed. @param {Uint8Array} ch @param {Uint8Array} seed @returns {Promise<(name: string) => Promise<Uint8Array>>} */
export async function derivation(ch, seed) {
  return deriver(await ext(ch, seed));
}

/** What officer x is told a wrap is for. @param {Uint8Array} ch @param {number} x @returns {Uint8Array} */
export function wrapInfo(ch, x) {
  return labelled("wrap", ch, byte(x));
}

/** What an envelope says of a share, so that a forged one is known. @param {Uint8Array} ch @param {number} x @param {Uint8Array} share @returns {Promise<Uint8Array>} */
export function shareCommitment(ch, x, share) {
  return sha256(labelled("share", ch, byte(x), share));
}

/** The shares of a seed, for x = 1 to `count`. @param {(name: string) => Promise<Uint8Array>} derive @param {Uint8Array} seed @param {number} quorum @param {number} count @returns {Promise<Uint8Array[]>} */
export async function sharesOf(derive, seed, quorum, count) {
  const coefficients = await Promise.all(Array.from({ length: quorum - 1 }, (_, i) => derive(`coef/${i + 1}`)));
  return splitSecret(seed, coefficients, count);
}

/** Seal a bid; throws Error where it may not be sealed. `blobs` are what the envelope says of each attachment, in order: `{len, root}` of its ciphertext.
 * @param {{officers: {pk: string}[], quorum: number}} manifest @param {Context} ctx @param {Uint8Array} seed @param {any} bid @param {{len: number, root: string}[]} [blobs] @returns {Promise<Sealed>} */
export async function seal(manifest, ctx, seed, bid, blobs = []) {
  const faults = bidFaults(bid);
  if (faults.length) throw new Error(`This bid cannot be sealed: ${toldFaults(faults)}`);
  if (filesOf(bid).length !== blobs.length) throw new Error("This bid names more or fewer attachments than were encrypted.");
  const ch = await contextHash(ctx), derive = await derivation(ch, seed);
  const shares = await sharesOf(derive, seed, manifest.quorum, manifest.officers.length);
  const wrap = async ({ pk }, i) => hpkeSeal(unb64u(pk, 32), wrapInfo(ch, i + 1), shares[i], await derive(`eph/${i + 1}`));
  const [commit, sc, wraps, body, disc] = await Promise.all([
    derive("commit"),
    Promise.all(shares.map((share, i) => shareCommitment(ch, i + 1, share))),
    Promise.all(manifest.officers.map(wrap)),
    sealStream(await derive("stream/0"), paddedBid(bid)),
    disclosureOf(derive, bid.fields),
  ]);
  const sealed = { len: body.length, sha256: b64u(await sha256(body)) };
  const envelope = { v: V, type: "envelope", ctx, commit: b64u(commit), sc: sc.map(b64u), wraps: wraps.map(b64u), body: sealed, blobs, disc };
  return { envelope, eid: await eidOf(envelope), body };
}

/** An envelope's id. @param {any} envelope @returns {Promise<string>} */
export async function eidOf(envelope) {
  return b64u(await sha256(labelled("envelope", canonical(envelope))));
}

/** Open a body with the seed; throws EnvelopeFault with the first that fails of commit, aead, padding, encoding, schema.
 * @param {any} envelope @param {Uint8Array} body @param {Uint8Array} seed @returns {Promise<{bid: any, plain: Uint8Array, derive: (name: string) => Promise<Uint8Array>}>} */
export async function openBody(envelope, body, seed) {
  const derive = await derivation(await contextHash(envelope.ctx), seed);
  if (b64u(await derive("commit")) !== envelope.commit) throw new EnvelopeFault("commit");
  const plain = unpadded(await openStream(await derive("stream/0"), body));
  const bid = readBid(plain);
  if (bidFaults(bid).length) throw new EnvelopeFault("schema");
  return { bid, plain, derive };
}

/** @param {Uint8Array} plain @returns {any} */
function readBid(plain) {
  try { return readCanonical(plain); } catch { throw new EnvelopeFault("encoding"); }
}

/** Before sending: open one's own envelope from a quorum of derived shares; throws Error where that does not give the bid.
 * @param {{officers: {pk: string}[], quorum: number}} manifest @param {Sealed} sealed @param {Uint8Array} seed @param {any} bid */
export async function selfCheck(manifest, { envelope, eid, body }, seed, bid) {
  const ch = await contextHash(envelope.ctx), count = manifest.officers.length;
  const shares = await sharesOf(await derivation(ch, seed), seed, manifest.quorum, count);
  const named = await Promise.all(shares.map((share, i) => shareCommitment(ch, i + 1, share)));
  const right = named.every((each, i) => b64u(each) === envelope.sc[i]) && await eidOf(envelope) === eid;
  const last = new Map(shares.map((share, i) => [i + 1, share]).slice(count - manifest.quorum));
  const opened = right && await openBody(envelope, body, combineShares(last));
  if (!opened || !same(opened.plain, canonical(bid))) throw new Error("The envelope does not open to this bid. Nothing was sent; seal it again.");
}

/** The shape of an envelope, member by member. @param {any} envelope @returns {import("./shape.js").Fault[]} */
export function envelopeFaults(envelope) {
  const context = exactly({ v: oneOf(V), tender: someId, manifest: bytesOf(32), lot: someId, env: someId, vendor: someId, rev: whole(1) });
  const faults = exactly({
    v: oneOf(V), type: oneOf("envelope"), ctx: context, commit: bytesOf(32),
    sc: listOf(bytesOf(32), 1, 16), wraps: listOf(bytesOf(80), 1, 16),
    body: exactly({ len: whole(1), sha256: bytesOf(32) }),
    blobs: listOf(exactly({ len: whole(1), root: bytesOf(32) })), disc: exactly({ n: whole(64), root: bytesOf(32) }),
  })(envelope, "envelope");
  return faults.length ? faults : lengthFaults(envelope);
}

/** @param {any} envelope @returns {import("./shape.js").Fault[]} */
function lengthFaults({ sc, wraps, body, disc }) {
  const plain = body.len - 16 * Math.ceil(body.len / 65552);
  const bucket = plain >= 4096 && plain <= LARGEST_BODY && Number.isInteger(Math.log2(plain));
  return [
    ...unless(sc.length === wraps.length, "envelope.sc", "must have one entry for each of the wraps"),
    ...unless(bucket, "envelope.body.len", "is none of the sizes that a body can have"),
    ...unless(Number.isInteger(Math.log2(disc.n)), "envelope.disc.n", "must be a power of two from 64 on"),
  ];
}
