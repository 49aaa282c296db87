// Signed notes of the public log (C2SP): checkpoints, witnesses' cosignatures, promises and receipts.

import { b64, byte, isMoment, labelled, same, unb64, unb64u, utf8 } from "./bytes.js";
import { canonical, readCanonical } from "./canonical.js";
import { verifyEd25519 } from "./crypto.js";
import { sha256 } from "./hkdf.js";
import { included } from "./merkle.js";

/** A note, a promise or a receipt does not hold; the message says what about it. */
export class NoteFault extends Error {}

/** @typedef {{name: string, id: Uint8Array, kind: number, pk: Uint8Array}} VerifierKey kind 1 signs a note, kind 4 cosigns a checkpoint */
/** @typedef {{origin: string, size: number, root: Uint8Array}} Checkpoint */
/** @typedef {{event: any, salt: string}} Extra */

const SIGNATURE = /^— (\S+) (\S+)$/;
const DASH = "\u2014";

/** Read a verifier key "name+id+key" and check its id; throws NoteFault. @param {string} text @returns {Promise<VerifierKey>} */
export async function readVerifierKey(text) {
  const [name, hex, ...rest] = String(text).split("+");
  const material = decoded(rest.join("+"), "a key");
  const pk = material.slice(1), kind = material[0];
  if (!name || /\s/.test(name) || pk.length !== 32 || ![1, 4].includes(kind)) throw new NoteFault("not a verifier key of a log or a witness");
  const id = await keyId(name, kind, pk);
  if (Array.from(id, (each) => each.toString(16).padStart(2, "0")).join("") !== hex) throw new NoteFault(`the key of ${name} bears another id`);
  return { name, id, kind, pk };
}

/** @param {string} name @param {number} kind @param {Uint8Array} pk @returns {Promise<Uint8Array>} 4 bytes */
export async function keyId(name, kind, pk) {
  return (await sha256(utf8(`${name}\n`), byte(kind), pk)).slice(0, 4);
}

/** @param {string} text @param {string} what @returns {Uint8Array} */
function decoded(text, what) {
  try { return unb64(text); } catch { throw new NoteFault(`${what} is not base64`); }
}

/** Take a note apart: its text, and its signatures; throws NoteFault. @param {string} note @returns {{text: string, signatures: {name: string, id: Uint8Array, sig: Uint8Array}[]}} */
export function readNote(note) {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0 || !note.endsWith("\n") || /[\x00-\x09\x0b-\x1f\x7f]/.test(note)) throw new NoteFault("not a signed note");
  const lines = note.slice(cut + 2, -1).split("\n");
  if (lines.length > 16) throw new NoteFault("more than 16 signatures");
  return { text: note.slice(0, cut + 1), signatures: lines.map(readSignature) };
}

/** @param {string} line @returns {{name: string, id: Uint8Array, sig: Uint8Array}} */
function readSignature(line) {
  const [, name, encoded] = SIGNATURE.exec(line) ?? [];
  if (!name || name.includes("+")) throw new NoteFault(`a line that is no signature: it must begin with ${DASH} and a name`);
  const raw = decoded(encoded, `the signature of ${name}`);
  if (raw.length < 5) throw new NoteFault(`the signature of ${name} is too short`);
  return { name, id: raw.slice(0, 4), sig: raw.slice(4) };
}

/** Whether a note bears a signature of this key that holds; a false one of that key spoils the note. @param {string} note @param {VerifierKey} key @returns {Promise<boolean>} */
export async function noteSignedBy(note, key) {
  const { text, signatures } = readNote(note);
  const own = signatures.filter(({ name, id }) => name === key.name && same(id, key.id));
  const held = await Promise.all(own.map(({ sig }) => signatureHolds(text, sig, key)));
  return own.length > 0 && held.every(Boolean);
}

/** @param {string} text @param {Uint8Array} sig @param {VerifierKey} key @returns {Promise<boolean>} */
async function signatureHolds(text, sig, key) {
  if (key.kind === 1) return verifyEd25519(key.pk, sig, utf8(text));
  if (sig.length !== 72) return false;
  const time = new DataView(sig.buffer, sig.byteOffset).getBigUint64(0);
  return verifyEd25519(key.pk, sig.slice(8), utf8(`cosignature/v1\ntime ${time}\n${text}`));
}

/** Read a checkpoint that the log signed; throws NoteFault. @param {string} note @param {string} vkey @param {string} origin @returns {Promise<Checkpoint>} */
export async function readCheckpoint(note, vkey, origin) {
  const checkpoint = checkpointText(readNote(note).text);
  if (checkpoint.origin !== origin) throw new NoteFault(`a checkpoint of ${checkpoint.origin}, where one of ${origin} belongs`);
  const key = await readVerifierKey(vkey);
  if (key.kind !== 1 || key.name !== origin || !await noteSignedBy(note, key)) throw new NoteFault("the checkpoint does not bear the log's signature");
  return checkpoint;
}

/** @param {string} text @returns {Checkpoint} */
function checkpointText(text) {
  const [origin, size, root, ...rest] = text.split("\n");
  const whole = /^(0|[1-9]\d*)$/.test(size) && Number.isSafeInteger(Number(size)) && rest.length === 1 && rest[0] === "";
  if (!origin || !whole) throw new NoteFault("not a checkpoint");
  const hash = decoded(root, "the root");
  if (hash.length !== 32) throw new NoteFault("a root that is not 32 bytes long");
  return { origin, size: Number(size), root: hash };
}

/** How many of these witnesses cosigned a checkpoint. @param {string} note @param {string[]} witnesses verifier keys @returns {Promise<number>} */
export async function cosignedBy(note, witnesses) {
  const keys = await Promise.all([...new Set(witnesses)].map(readVerifierKey));
  const held = await Promise.all(keys.map((key) => key.kind === 4 && noteSignedBy(note, key)));
  return held.filter(Boolean).length;
}

/** The leaf of an event in the log. @param {any} event @param {string} salt @returns {Promise<Uint8Array>} */
export async function eventLeaf(event, salt) {
  return sha256(labelled("leaf", unb64u(salt, 32), canonical(event)));
}

/** @param {string} line "extra <base64>" @returns {Extra} */
function readExtra(line) {
  if (!line?.startsWith("extra ")) throw new NoteFault("the line “extra” is missing");
  let extra;
  try { extra = readCanonical(decoded(line.slice(6), "extra")); } catch (error) { throw new NoteFault(`extra: ${error.message}`); }
  if (Object.keys(extra ?? {}).sort().join() !== "event,salt") throw new NoteFault("extra must hold an event and its salt");
  return extra;
}

/** Verify a promise; throws NoteFault. @param {string} promise @param {string} vkey @param {string} origin @returns {Promise<Extra & {leaf: Uint8Array, received_at: string, included_by: string}>} `included_by` is the time of a tick */
export async function readPromise(promise, vkey, origin) {
  const [first, extraLine, empty] = promise.split("\n", 3);
  if (first !== "sealbid/v1 promise" || empty !== "") throw new NoteFault("not a promise");
  const note = promise.slice(first.length + extraLine.length + 3), extra = readExtra(extraLine);
  const lines = readNote(note).text.split("\n"), key = await readVerifierKey(vkey);
  if (lines.length !== 5 || lines[0] !== `${origin}/promise` || !isMoment(lines[2]) || !isMoment(lines[3])) throw new NoteFault("not a promise of this log");
  if (key.kind !== 1 || key.name !== origin || !await noteSignedBy(note, key)) throw new NoteFault("the promise does not bear the log's signature");
  const leaf = await eventLeaf(extra.event, extra.salt);
  if (b64(leaf) !== lines[1]) throw new NoteFault("the promise is of another event");
  if (lines[2] !== (extra.event.received_at ?? extra.event.at)) throw new NoteFault("the promise names another time than its event");
  return { ...extra, leaf, received_at: lines[2], included_by: lines[3] };
}

/** Verify a receipt (tlog-proof@v1): its event is in the tree of its checkpoint; throws NoteFault. @param {string} receipt @param {string} vkey @param {string} origin @param {string[]} [witnesses] verifier keys, of which `cosigned` says how many signed
 * @returns {Promise<Extra & {leaf: Uint8Array, index: number, checkpoint: Checkpoint, note: string, cosigned: number}>} */
export async function readReceipt(receipt, vkey, origin, witnesses = []) {
  const cut = receipt.indexOf("\n\n"), note = receipt.slice(cut + 2);
  const [kind, extraLine, indexLine, ...path] = receipt.slice(0, cut).split("\n");
  const [, index] = /^index (0|[1-9]\d*)$/.exec(indexLine ?? "") ?? [];
  if (kind !== "c2sp.org/tlog-proof@v1" || index === undefined || cut < 0) throw new NoteFault("not a receipt of the log");
  const extra = readExtra(extraLine), checkpoint = await readCheckpoint(note, vkey, origin);
  const leaf = await eventLeaf(extra.event, extra.salt), proof = path.map((each) => decoded(each, "the proof"));
  if (!await included(leaf, Number(index), checkpoint.size, proof, checkpoint.root)) throw new NoteFault("the receipt's proof does not lead to the checkpoint");
  return { ...extra, leaf, index: Number(index), checkpoint, note, cosigned: await cosignedBy(note, witnesses) };
}
