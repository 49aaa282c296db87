// An officer's keys for one tender, the locked records in which a server keeps them, and the recovery code on paper.

import { b64u, labelled, unb64u, utf8 } from "./bytes.js";
import { canonical } from "./canonical.js";
import { gcmOpen, gcmSeal, signEd25519, signPublic } from "./crypto.js";
import { expand, ext, sha256 } from "./hkdf.js";
import { keyPair } from "./hpke.js";

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A recovery code, or what is locked with it, is not right; the message says what to do. */
export class BadCode extends Error {}

/** @typedef {{tender: string, kid: string, pk: string, vk: string, pair: {sk: Uint8Array, pk: Uint8Array}, sign: (message: Uint8Array) => Promise<string>}} OfficerKeys texts are base64url */
/** @typedef {{kind: "code" | "prf" | "os", cred?: string, iv: string, ct: string}} LockRecord */
/** @typedef {{kind: "code" | "prf" | "os", officer: string, cred?: string, tender?: string, kid?: string}} Lock which record it is, and whose */

/** The id of a public key. @param {Uint8Array} pk @returns {Promise<string>} */
export async function kidOf(pk) {
  return b64u((await sha256(labelled("kid", pk))).slice(0, 16));
}

/** The keys of an officer for a tender. @param {string} tender @param {Uint8Array} os 32 bytes @returns {Promise<OfficerKeys>} */
export async function officerKeys(tender, os) {
  const prk = await ext(labelled("officer", utf8(tender)), os);
  const pair = await keyPair(await expand(prk, utf8("hpke"))), seed = await expand(prk, utf8("sign"));
  const sign = async (message) => b64u(await signEd25519(seed, message));
  return { tender, kid: await kidOf(pair.pk), pk: b64u(pair.pk), vk: b64u(await signPublic(seed)), pair, sign };
}

/** The key that locks a record. @param {Lock} lock @param {Uint8Array} secret the code's 16 bytes, the passkey's PRF output, or the unlock key @returns {Promise<Uint8Array>} */
async function lockKey({ kind, officer, tender }, secret) {
  const salt = kind === "os" ? labelled("unlock", utf8(tender)) : labelled(kind, utf8(officer));
  return expand(await ext(salt, secret), utf8("kek"));
}

/** @param {Lock} lock @returns {Uint8Array} what a record is bound to */
function lockAad({ kind, officer, cred, tender, kid }) {
  if (kind === "code") return canonical({ kind, officer });
  return canonical(kind === "prf" ? { kind, officer, cred } : { kind, officer, tender, kid });
}

/** Lock an unlock key (code, prf) or an officer's secret of a tender (os). @param {Lock} lock @param {Uint8Array} secret @param {Uint8Array} plain 32 bytes @param {Uint8Array} iv 12 fresh random bytes @returns {Promise<LockRecord>} */
export async function lockRecord(lock, secret, plain, iv) {
  const ct = b64u(await gcmSeal(await lockKey(lock, secret), iv, plain, lockAad(lock)));
  return { kind: lock.kind, ...(lock.kind === "prf" ? { cred: lock.cred } : {}), iv: b64u(iv), ct };
}

/** Unlock a record; throws BadCode. @param {Lock} lock @param {Uint8Array} secret @param {LockRecord} record @returns {Promise<Uint8Array>} 32 bytes */
export async function unlockRecord(lock, secret, record) {
  const wrong = record.kind !== lock.kind || record.cred !== lock.cred;
  if (wrong) throw new BadCode("This record is of another kind or another passkey.");
  try {
    return await gcmOpen(await lockKey(lock, secret), unb64u(record.iv, 12), unb64u(record.ct, 48), lockAad(lock));
  } catch {
    throw new BadCode("This does not unlock the record. Check that the code or passkey is yours and of this officer.");
  }
}

/** What a passkey is asked for: `prf.eval.first`. @returns {Promise<Uint8Array>} */
export function prfInput() {
  return sha256(labelled("prf input"));
}

/** The first bits of some bytes in Crockford's base32. @param {Uint8Array} bytes @param {number} characters @returns {string} */
export function crockford(bytes, characters) {
  const bits = Array.from(bytes, (each) => each.toString(2).padStart(8, "0")).join("").padEnd(characters * 5, "0");
  return Array.from({ length: characters }, (_, i) => CROCKFORD[parseInt(bits.slice(i * 5, i * 5 + 5), 2)]).join("");
}

/** Text in groups. @param {string} text @param {number} size @returns {string} */
export function grouped(text, size) {
  return text.match(new RegExp(`.{1,${size}}`, "g")).join("-");
}

/** A recovery code as it is printed: 7 groups of 4. @param {Uint8Array} code 16 random bytes @returns {Promise<string>} */
export async function recoveryText(code) {
  return grouped(crockford(code, 26) + await codeCheck(code), 4);
}

/** @param {Uint8Array} code @returns {Promise<string>} */
async function codeCheck(code) {
  return crockford(await sha256(labelled("code check", code)), 2);
}

/** Read a recovery code as it was typed; throws BadCode with what to look at. @param {string} text @returns {Promise<Uint8Array>} 16 bytes */
export async function readRecovery(text) {
  const typed = text.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  const strange = [...typed].find((each) => !CROCKFORD.includes(each));
  if (strange !== undefined) throw new BadCode(`A recovery code has no “${strange}”. Look at it again.`);
  if (typed.length !== 28) throw new BadCode(`A recovery code has 28 characters; these are ${typed.length}.`);
  const bits = Array.from(typed.slice(0, 26), (each) => CROCKFORD.indexOf(each).toString(2).padStart(5, "0")).join("");
  const code = Uint8Array.from({ length: 16 }, (_, i) => parseInt(bits.slice(i * 8, i * 8 + 8), 2));
  const right = bits.endsWith("00") && await codeCheck(code) === typed.slice(26);
  if (!right) throw new BadCode("This code has a slip in it: its last two characters do not fit the rest.");
  return code;
}
