// Vendors' signatures: one per commit, by an Ed25519 key or a passkey, over the ids of the envelopes it is about.

import { b64u, concat, labelled, same, textOf, unb64u, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { signEd25519, signPublic, verifyEd25519, verifyP256 } from "./crypto.js";
import { sha256 } from "./hkdf.js";
import { kidOf } from "./officer.js";
import { bytesOf, exactly, listOf, oneOf, someText } from "./shape.js";

/** @typedef {{alg: "ed25519" | "webauthn-es256" | "webauthn-ed25519", kid: string, pk: string, rp_id: string | null, origin: string | null}} LoggedKey as in the event vendor.key */
/** @typedef {{alg: string, kid: string, eids: string[], sig: string, cred?: string, auth_data?: string, client_data?: string}} VendorSignature */
/** @typedef {{kid: string, pk: string, sign: (message: Uint8Array) => Promise<Uint8Array>}} VendorKey */

/** @param {string[]} eids @returns {string[]} them in the order of their bytes */
export function ascending(eids) {
  const hex = (eid) => Array.from(unb64u(eid, 32), (each) => each.toString(16).padStart(2, "0")).join("");
  return [...eids].sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
}

/** What is signed to submit or withdraw envelopes, or to acknowledge them under a later manifest.
 * @param {"submit" | "withdraw" | "acknowledge"} verb @param {string[]} eids @param {string} [mh] only to acknowledge @returns {Uint8Array} */
export function vendorMessage(verb, eids, mh) {
  const under = verb === "acknowledge" ? [unb64u(mh, 32)] : [];
  return labelled(verb, ...under, ...ascending(eids).map((eid) => unb64u(eid, 32)));
}

/** A new signing key of a vendor that no script can read; the browser keeps it in IndexedDB as it is. @returns {Promise<{key: CryptoKeyPair} & VendorKey>} */
export async function newVendorKey() {
  const key = await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
  return { key, ...await keptVendorKey(key) };
}

/** A key pair that was kept. @param {CryptoKeyPair} key @returns {Promise<VendorKey>} */
export async function keptVendorKey(key) {
  const pk = new Uint8Array(await crypto.subtle.exportKey("raw", key.publicKey));
  return { kid: await kidOf(pk), pk: b64u(pk), sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key.privateKey, message)) };
}

/** A vendor's key from a file's 32 bytes, for the kit. @param {Uint8Array} seed @returns {Promise<VendorKey>} */
export async function vendorKeyOf(seed) {
  const pk = await signPublic(seed);
  return { kid: await kidOf(pk), pk: b64u(pk), sign: (message) => signEd25519(seed, message) };
}

/** Sign for envelopes with an Ed25519 key. @param {VendorKey} key @param {"submit" | "withdraw" | "acknowledge"} verb @param {string[]} eids @param {string} [mh] @returns {Promise<VendorSignature>} */
export async function signAsVendor(key, verb, eids, mh) {
  return { alg: "ed25519", kid: key.kid, eids: ascending(eids), sig: b64u(await key.sign(vendorMessage(verb, eids, mh))) };
}

/** What a passkey signs: the challenge, 32 bytes. @param {"submit" | "withdraw" | "acknowledge"} verb @param {string[]} eids @param {string} [mh] @returns {Promise<Uint8Array>} */
export function passkeyChallenge(verb, eids, mh) {
  return sha256(vendorMessage(verb, eids, mh));
}

/** A signature from what a passkey answered. @param {LoggedKey} key @param {string[]} eids @param {{rawId: ArrayBuffer, response: {authenticatorData: ArrayBuffer, clientDataJSON: ArrayBuffer, signature: ArrayBuffer}}} answer @returns {VendorSignature} */
export function passkeySignature({ alg, kid }, eids, { rawId, response }) {
  const text = (buffer) => b64u(new Uint8Array(buffer));
  const parts = { cred: text(rawId), auth_data: text(response.authenticatorData), client_data: text(response.clientDataJSON) };
  return { alg, kid, eids: ascending(eids), ...parts, sig: text(response.signature) };
}

/** The hash by which the log names a signature. @param {VendorSignature} signature @returns {Promise<string>} */
export async function signatureHash(signature) {
  return b64u(await sha256(canonical(signature)));
}

/** Whether a signature holds for this verb under the key that was logged. @param {VendorSignature} signature @param {LoggedKey} key @param {"submit" | "withdraw" | "acknowledge"} verb @param {string} [mh] @returns {Promise<boolean>} */
export async function vendorSigned(signature, key, verb, mh) {
  if (signatureFaults(signature).length || signature.alg !== key.alg || signature.kid !== key.kid) return false;
  try {
    const message = vendorMessage(verb, signature.eids, mh), pk = unb64u(key.pk);
    if (await kidOf(pk) !== key.kid) return false;
    return await (key.alg === "ed25519" ? verifyEd25519(pk, unb64u(signature.sig, 64), message) : assertionHolds(signature, key, message));
  } catch {
    return false;
  }
}

/** @param {any} signature @returns {import("./shape.js").Fault[]} */
export function signatureFaults(signature) {
  const common = { alg: oneOf("ed25519", "webauthn-es256", "webauthn-ed25519"), kid: bytesOf(16), eids: listOf(bytesOf(32), 1), sig: someText };
  const passkey = signature?.alg !== "ed25519" ? { cred: someText, auth_data: someText, client_data: someText } : {};
  const faults = exactly({ ...common, ...passkey })(signature, "sig");
  if (faults.length) return faults;
  const right = ascending(new Set(signature.eids)).join() === signature.eids.join();
  return right ? [] : [{ path: "sig.eids", message: "must ascend, each once" }];
}

/** @param {VendorSignature} signature @param {LoggedKey} key @param {Uint8Array} message @returns {Promise<boolean>} */
async function assertionHolds(signature, key, message) {
  const auth = unb64u(signature.auth_data), client = unb64u(signature.client_data), sig = unb64u(signature.sig);
  const said = JSON.parse(textOf(client)), challenge = b64u(await sha256(message));
  const here = said.type === "webauthn.get" && said.challenge === challenge && said.origin === key.origin && said.crossOrigin !== true;
  const present = auth.length >= 37 && (auth[32] & 0x05) === 0x05 && same(auth.slice(0, 32), await sha256(utf8(key.rp_id)));
  if (!here || !present) return false;
  const signed = concat(auth, await sha256(client)), pk = unb64u(key.pk);
  return key.alg === "webauthn-es256" ? verifyP256(pk, plainP256(sig), signed) : verifyEd25519(pk, sig, signed);
}

/** A DER signature as r and s of 32 bytes each; throws RangeError where it is none. @param {Uint8Array} der @returns {Uint8Array} */
export function plainP256(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[1] > 0x7f) throw new RangeError("not a DER signature");
  const r = derInteger(der, 2), s = derInteger(der, r.end);
  if (s.end !== der.length) throw new RangeError("more than a DER signature");
  return concat(r.bytes, s.bytes);
}

/** @param {Uint8Array} der @param {number} at @returns {{bytes: Uint8Array, end: number}} */
function derInteger(der, at) {
  const length = der[at + 1], end = at + 2 + length, raw = der.slice(at + 2, end);
  const positive = der[at] === 2 && length > 0 && raw.length === length && raw[0] < 0x80;
  const shortest = !(raw[0] === 0 && length > 1 && raw[1] < 0x80), bare = raw[0] === 0 ? raw.slice(1) : raw;
  if (!positive || !shortest || bare.length > 32) throw new RangeError("not a DER signature");
  return { bytes: concat(new Uint8Array(32 - bare.length), bare), end };
}
