// The manifest: what a tender promises about its sealing. Its faults, its hash, the chain of its versions, and who accepted it.

import { V, b64u, labelled, unb64u } from "./bytes.js";
import { canonical } from "./canonical.js";
import { agree, soundVerifier, verifyEd25519 } from "./crypto.js";
import { sha256 } from "./hkdf.js";
import { readVerifierKey } from "./note.js";
import { crockford, grouped, kidOf } from "./officer.js";
import { bytesOf, exactly, fullText, listOf, maybe, oneOf, someId, someMoment, someText, unless, whole } from "./shape.js";

/** @typedef {import("./shape.js").Fault} Fault */
/** @typedef {{x: number, sig: string}} SignedBy an officer's number and signature */

const IMMUTABLE = ["tender", "suite", "envs", "quorum", "officers", "log", "pad", "rules"];

/** mh, as text. @param {any} manifest @returns {Promise<string>} */
export async function manifestHash(manifest) {
  return b64u(await sha256(canonical(manifest)));
}

/** What is wrong with a manifest by itself; empty when it may be accepted. @param {any} manifest @returns {Promise<Fault[]>} */
export async function manifestFaults(manifest) {
  const faults = manifestShape(manifest);
  return faults.length ? faults : [...ordered(manifest), ...await keyFaults(manifest.officers), ...await logFaults(manifest.log)];
}

/** @param {any} manifest @returns {Fault[]} */
function manifestShape(manifest) {
  const lot = exactly({ id: someId, title: fullText });
  const officer = exactly({ x: whole(1, 16), name: fullText, org: fullText, kid: bytesOf(16), pk: bytesOf(32), vk: bytesOf(32) });
  const envs = (value, path) => unless(["[\"price\"]", "[\"technical\",\"price\"]"].includes(JSON.stringify(value)), path, "must be price, or technical and price");
  return exactly({
    v: oneOf(V), type: oneOf("manifest"), tender: someId, ver: whole(1), prev: maybe(bytesOf(32)), title: fullText,
    suite: oneOf("x25519-hkdfsha256-aes256gcm"), lots: listOf(lot, 1), envs, opens_at: someMoment, closes_at: someMoment,
    quorum: whole(2, 15), officers: listOf(officer, 3, 16), docs: listOf(exactly({ name: fullText, len: whole(0), sha256: bytesOf(32) })),
    client: exactly({ sha256: bytesOf(32), url: fullText }),
    log: exactly({ origin: someText, vkey: someText, witnesses: listOf(someText), k: whole(0) }), pad: oneOf("b1"),
    rules: exactly({ reseal: oneOf("reject"), late: oneOf("drop", "hold"), material: oneOf("keep", "acknowledge") }),
  })(manifest, "manifest");
}

/** @param {any} manifest @returns {Fault[]} */
function ordered({ tender, ver, prev, opens_at: opens, closes_at: closes, quorum, officers, lots, log }) {
  const unique = (each) => new Set(each).size === each.length;
  return [
    ...unless((ver === 1) === (prev === null), "manifest.prev", "must be null in the first version, and only there"),
    ...unless(!tender.startsWith("_"), "manifest.tender", "must not begin with _"),
    ...unless(closes <= opens, "manifest.opens_at", "must not be before closes_at"),
    ...unless(quorum < officers.length, "manifest.quorum", "must be smaller than the number of officers"),
    ...unless(officers.every(({ x }, i) => x === i + 1), "manifest.officers", "must be numbered 1, 2, 3 … in order"),
    ...unless(unique(officers.map(({ kid }) => kid)), "manifest.officers", "must have kids that all differ"),
    ...unless(unique(officers.map(({ vk }) => vk)), "manifest.officers", "must have vks that all differ"),
    ...unless(unique(lots.map(({ id }) => id)) && !lots.some(({ id }) => id.startsWith("_")), "manifest.lots", "must have ids that all differ, without _ in front"),
    ...unless(log.k <= log.witnesses.length, "manifest.log.k", "must not be more than there are witnesses"),
  ];
}

/** @param {any[]} officers @returns {Promise<Fault[]>} */
async function keyFaults(officers) {
  const faults = await Promise.all(officers.map(async ({ kid, pk, vk }, i) => [
    ...unless(await kidOf(unb64u(pk)) === kid, `manifest.officers[${i}].kid`, "is not that of pk"),
    ...unless(await agrees(unb64u(pk)), `manifest.officers[${i}].pk`, "is of low order; the officer must make new keys"),
    ...unless(soundVerifier(unb64u(vk)), `manifest.officers[${i}].vk`, "is no sound verifying key; the officer must make new keys"),
  ]));
  return faults.flat();
}

/** @param {Uint8Array} pk @returns {Promise<boolean>} whether it leads to a secret that is not zero */
async function agrees(pk) {
  const any = new Uint8Array(32).fill(0x40);
  try { await agree(any, pk); return true; } catch { return false; }
}

/** @param {any} log @returns {Promise<Fault[]>} */
async function logFaults({ origin, vkey, witnesses }) {
  const kind = async (text) => { try { return await readVerifierKey(text); } catch { return null; } };
  const key = await kind(vkey), others = await Promise.all(witnesses.map(kind));
  return [
    ...unless(key?.kind === 1 && key.name === origin, "manifest.log.vkey", "is no verifier key of the log's origin"),
    ...unless(others.every((each) => each?.kind === 4) && new Set(witnesses).size === witnesses.length, "manifest.log.witnesses", "must be different verifier keys of witnesses"),
  ];
}

/** What is wrong with an addendum's manifest after the version before it. @param {any} previous @param {any} next @returns {Promise<Fault[]>} */
export async function addendumFaults(previous, next) {
  const faults = await manifestFaults(next);
  if (faults.length) return faults;
  const changed = IMMUTABLE.filter((key) => b64u(canonical(previous[key])) !== b64u(canonical(next[key])));
  return [
    ...unless(next.ver === previous.ver + 1, "manifest.ver", "must be the next number"),
    ...unless(next.prev === await manifestHash(previous), "manifest.prev", "must be the hash of the version before"),
    ...changed.map((key) => ({ path: `manifest.${key}`, message: "must stay as it was; only a new tender can change it" })),
    ...["opens_at", "closes_at"].flatMap((key) => unless(next[key] >= previous[key], `manifest.${key}`, "may only move later")),
  ];
}

/** What is wrong with all versions of a manifest, the first to the last. @param {any[]} manifests @returns {Promise<Fault[]>} */
export async function chainFaults(manifests) {
  if (!manifests.length) return unless(false, "manifests", "are missing");
  const first = [...await manifestFaults(manifests[0]), ...unless(manifests[0]?.ver === 1, "manifests[0].ver", "must be 1")];
  const rest = await Promise.all(manifests.slice(1).map((next, i) => addendumFaults(manifests[i], next)));
  return [...first, ...rest.flat()];
}

/** What an officer signs to accept. @param {string} mh @returns {Uint8Array} */
export function acceptMessage(mh) {
  return labelled("accept", unb64u(mh, 32));
}

/** What an officer signs under an addendum. @param {string} mh @returns {Uint8Array} */
export function addendumMessage(mh) {
  return labelled("addendum", unb64u(mh, 32));
}

/** Whether an officer of the manifest signed a message. @param {any} manifest @param {SignedBy} signed @param {Uint8Array} message @returns {Promise<boolean>} */
export async function officerSigned(manifest, { x, sig }, message) {
  const officer = manifest.officers.find((each) => each.x === x);
  try { return Boolean(officer) && await verifyEd25519(unb64u(officer.vk, 32), unb64u(sig, 64), message); } catch { return false; }
}

/** Whether every officer accepted the first version. @param {any} manifest @param {SignedBy[]} acceptances @returns {Promise<boolean>} */
export async function allAccepted(manifest, acceptances) {
  const message = acceptMessage(await manifestHash(manifest)), by = new Map(acceptances.map((each) => [each.x, each]));
  const held = await Promise.all(manifest.officers.map(({ x }) => by.has(x) && officerSigned(manifest, by.get(x), message)));
  return held.every(Boolean);
}

/** Whether an addendum bears at least one officer's signature, and no false one. @param {any} manifest @param {SignedBy[]} sigs @returns {Promise<boolean>} */
export async function addendumSigned(manifest, sigs) {
  const message = addendumMessage(await manifestHash(manifest));
  const held = await Promise.all(sigs.map((each) => officerSigned(manifest, each, message)));
  return held.length > 0 && held.every(Boolean) && new Set(sigs.map(({ x }) => x)).size === sigs.length;
}

/** The code that the notice prints, so that everybody seals to the same officers. @param {any} manifest @returns {Promise<string>} */
export async function committeeCode({ tender, quorum, officers }) {
  return grouped(crockford(await sha256(labelled("committee", canonical({ tender, quorum, officers }))), 20), 5);
}

/** Whether all officers are of one organisation, which notice and console must say. @param {any} manifest @returns {boolean} */
export function oneOrganisation({ officers }) {
  return new Set(officers.map(({ org }) => org)).size === 1;
}
