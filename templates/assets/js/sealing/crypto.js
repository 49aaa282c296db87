// The one seam to the curves: the browser's own X25519 and Ed25519, or the library that the kit hands in. Never anything weaker.

import { concat, same, unb64u } from "./bytes.js";

const X25519_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20);
const ED25519_HEAD = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));
const PRIME = (1n << 255n) - 19n;
const CURVE_D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;
/** The y of every point of small order on the Ed25519 curve. */
const SMALL_ORDER = [
  0n, 1n, PRIME - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
];
const held = { noble: null };

/** This browser lacks a curve, and no library was handed in. `missing` names what it lacks. */
export class NoCurves extends Error {
  /** @param {string[]} missing */
  constructor(missing) {
    super(`This browser has no ${missing.join(" and no ")}. Use a newer browser, or the offline kit, which brings its own.`);
    this.missing = missing;
  }
}

/** A public key leads to no secret: it is of low order. */
export class LowOrder extends Error {}

/** Use a library for both curves from now on: `{x25519, ed25519}` of @noble/curves; null goes back to the browser. @param {any} noble */
export function handIn(noble) {
  held.noble = noble;
}

/** What this browser lacks of "WebCrypto", "X25519" and "Ed25519"; empty when all is there. @returns {Promise<string[]>} */
export async function missingCurves() {
  if (!globalThis.crypto?.subtle) return ["WebCrypto"];
  if (held.noble) return [];
  const has = await Promise.all([tries("X25519", ["deriveBits"]), tries("Ed25519", ["sign", "verify"])]);
  return ["X25519", "Ed25519"].filter((_, i) => !has[i]);
}

/** Throw NoCurves unless sealing and opening can be done here. */
export async function needCurves() {
  const missing = await missingCurves();
  if (missing.length) throw new NoCurves(missing);
}

/** @param {string} name @param {KeyUsage[]} uses @returns {Promise<boolean>} */
async function tries(name, uses) {
  try { await crypto.subtle.generateKey(name, false, uses); return true; } catch { return false; }
}

/** @param {number} length @returns {Uint8Array} fresh random bytes; only a page or a console asks for them, and hands them in */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

/** The X25519 public key of a private one. @param {Uint8Array} secret 32 bytes @returns {Promise<Uint8Array>} */
export async function agreePublic(secret) {
  return held.noble ? held.noble.x25519.getPublicKey(secret) : agreed(secret, BASE_POINT);
}

/** The X25519 secret of two keys; throws LowOrder where there is none. @param {Uint8Array} secret @param {Uint8Array} theirs @returns {Promise<Uint8Array>} */
export async function agree(secret, theirs) {
  let shared;
  try {
    shared = held.noble ? held.noble.x25519.getSharedSecret(secret, theirs) : await agreed(secret, theirs);
  } catch (error) {
    throw new LowOrder(`a public key that leads to no secret: ${error.message}`);
  }
  if (same(shared, new Uint8Array(32))) throw new LowOrder("a public key of low order");
  return shared;
}

/** @param {Uint8Array} secret @param {Uint8Array} theirs @returns {Promise<Uint8Array>} */
async function agreed(secret, theirs) {
  const mine = await crypto.subtle.importKey("pkcs8", concat(X25519_HEAD, secret), "X25519", false, ["deriveBits"]);
  const other = await crypto.subtle.importKey("raw", theirs, "X25519", false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, mine, 256));
}

/** The Ed25519 public key of a seed. @param {Uint8Array} seed 32 bytes @returns {Promise<Uint8Array>} */
export async function signPublic(seed) {
  if (held.noble) return held.noble.ed25519.getPublicKey(seed);
  const key = await crypto.subtle.importKey("pkcs8", concat(ED25519_HEAD, seed), "Ed25519", true, ["sign"]);
  return unb64u((await crypto.subtle.exportKey("jwk", key)).x, 32);
}

/** Sign with an Ed25519 seed. @param {Uint8Array} seed @param {Uint8Array} message @returns {Promise<Uint8Array>} 64 bytes */
export async function signEd25519(seed, message) {
  if (held.noble) return held.noble.ed25519.sign(message, seed);
  const key = await crypto.subtle.importKey("pkcs8", concat(ED25519_HEAD, seed), "Ed25519", false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, message));
}

/** Whether an Ed25519 signature holds under a sound key. @param {Uint8Array} pk @param {Uint8Array} sig @param {Uint8Array} message @returns {Promise<boolean>} */
export async function verifyEd25519(pk, sig, message) {
  if (sig.length !== 64 || !soundVerifier(pk)) return false;
  if (held.noble) return nobleVerifies(pk, sig, message);
  try {
    const key = await crypto.subtle.importKey("raw", pk, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, sig, message);
  } catch {
    await needCurves();
    return false;
  }
}

/** @param {Uint8Array} pk @param {Uint8Array} sig @param {Uint8Array} message @returns {boolean} */
function nobleVerifies(pk, sig, message) {
  try { return held.noble.ed25519.verify(sig, message, pk, { zip215: false }); } catch { return false; }
}

/** Whether 32 bytes are the one encoding of a point of the Ed25519 curve that is not of small order. @param {Uint8Array} pk @returns {boolean} */
export function soundVerifier(pk) {
  if (pk.length !== 32) return false;
  const y = pk.reduceRight((sum, each, i) => (sum << 8n) | BigInt(i === 31 ? each & 0x7f : each), 0n);
  return y < PRIME && !SMALL_ORDER.includes(y) && isSquare((y * y - 1n) * (CURVE_D * y * y + 1n));
}

/** Euler's criterion: x exists for this y. @param {bigint} value @returns {boolean} */
function isSquare(value) {
  let power = value % PRIME, found = 1n;
  for (let left = (PRIME - 1n) / 2n; left; left >>= 1n, power = power * power % PRIME) if (left & 1n) found = found * power % PRIME;
  return found === 1n;
}

/** Whether a P-256 signature (64 bytes, r and s) holds. @param {Uint8Array} pk the raw 65-byte point @param {Uint8Array} sig @param {Uint8Array} message @returns {Promise<boolean>} */
export async function verifyP256(pk, sig, message) {
  try {
    const key = await crypto.subtle.importKey("raw", pk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, sig, message);
  } catch {
    return false;
  }
}

/** AES-256-GCM. @param {Uint8Array} key @param {Uint8Array} iv @param {Uint8Array} plain @param {Uint8Array} [aad] @returns {Promise<Uint8Array>} */
export async function gcmSeal(key, iv, plain, aad = new Uint8Array(0)) {
  const used = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: aad }, used, plain));
}

/** Open AES-256-GCM; throws where the key or a byte is another. @param {Uint8Array} key @param {Uint8Array} iv @param {Uint8Array} sealed @param {Uint8Array} [aad] @returns {Promise<Uint8Array>} */
export async function gcmOpen(key, iv, sealed, aad = new Uint8Array(0)) {
  const used = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: aad }, used, sealed));
}
