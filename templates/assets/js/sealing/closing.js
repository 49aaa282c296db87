// Before an officer releases anything: does what the server says of the close agree with the log, the manifest and one's own keys?
// Every reason to refuse has a name; one is enough, and then nothing is released.

import { b64u, unb64u } from "./bytes.js";
import { bidFailures, bySignatureHash, closedFaults } from "./closing_bids.js";
import { acceptMessage, addendumSigned, chainFaults, manifestHash, officerSigned } from "./manifest.js";
import { grew, included } from "./merkle.js";
import { cosignedBy, eventLeaf, readCheckpoint } from "./note.js";
import { toldFaults } from "./shape.js";

/** @typedef {{event: any, salt: string, index: number, path: string[]}} Shown an event with its place in the close checkpoint's tree */
/** @typedef {{name: string, about: string | null, message: string}} Refusal `name` is one of REFUSALS, `about` an eid or null */
/** @typedef {{x: number, kid: string, pk: string, vk: string}} Own one's own number and keys, from `os` */
/** @typedef {{own: Own, manifests: any[], checkpoint: string, events: Shown[], envelopes: Record<string, any>, signatures: any[],
 *   seen: {size: number, root: string} | null, consistency: string[], clock: {server: number, own: number}}} CloseGiven
 *   `manifests` in order; `checkpoint` the close checkpoint with cosignatures; `envelopes` by eid; `seen` the last checkpoint this
 *   console saw, `consistency` the proof between it and the close; `clock` in milliseconds since 1970 */

/** Every reason to refuse, in the words that an officer reads. */
export const REFUSALS = {
  chain: "The tender's terms do not follow from one another.",
  acceptance: "Your own signed acceptance of these terms is missing or does not hold.",
  own_key: "The terms name other keys for you than the ones you just unlocked.",
  checkpoint: "The log's signature on the close does not hold.",
  witness: "Too few witnesses have signed the state of the log at the close.",
  consistency: "The log is not a continuation of the one that this console saw before.",
  inclusion: "Something that was shown is not in the log at the close.",
  published: "A version of the terms was not published in the log, or not in time, or without an officer's signature.",
  not_due: "The time of opening has not come yet.",
  closed: "The record of the close is missing, or is not of these terms.",
  unlogged: "A listed bid is not in the log before the close, or was logged as another.",
  late: "A listed bid came in after the time of closing.",
  envelope: "A listed envelope is missing, was changed, or was sealed to other terms.",
  listed_twice: "A bid is in two lists of the close.",
  not_latest: "A listed bid is not the vendor's latest.",
  signature: "A listed bid bears no signature of its vendor's logged key.",
};

const CLOCKS_APART = 5 * 60 * 1000;

/** @param {string} name @param {string | null} [about] @param {string} [more] @returns {Refusal} */
export function refusal(name, about = null, more = "") {
  return { name, about, message: REFUSALS[name] + (more && ` (${more})`) };
}

/** Verify the close. `refusals` empty means that one may release; else nothing may be. @param {CloseGiven} given @returns {Promise<{refusals: Refusal[], closed: any, close: {size: number, root: string} | null}>} */
export async function verifyClose(given) {
  const wrong = await chainFaults(given.manifests);
  if (wrong.length) return { refusals: [refusal("chain", null, toldFaults(wrong))], closed: null, close: null };
  const state = await closeState(given);
  if (!state) return { refusals: [refusal("checkpoint")], closed: null, close: null };
  const { shown, refusals: strange } = await inTree(given.events, state);
  const hashes = await Promise.all(given.manifests.map(manifestHash));
  const ends = shown.filter(({ event }) => event.type === "tender.closed" && event.tender === given.manifests[0].tender);
  const end = ends.length === 1 && !closedFaults(ends[0].event).length && ends[0].event.manifest === hashes.at(-1) ? ends[0] : null;
  const found = (await Promise.all([
    strange, ownRefusals(given, hashes, shown), witnessed(given, state), published(given.manifests, hashes, shown), due(given),
    end ? bidRefusals(given, hashes, shown, end) : [refusal("closed")],
  ])).flat();
  return { refusals: found, closed: end?.event ?? null, close: { size: state.size, root: b64u(state.root) } };
}

/** @param {CloseGiven} given @returns {Promise<import("./note.js").Checkpoint | null>} */
async function closeState({ checkpoint, manifests }) {
  const { origin, vkey } = manifests[0].log;
  try { return await readCheckpoint(checkpoint, vkey, origin); } catch { return null; }
}

/** Those events that are in the tree, and a refusal for each that is not. @param {Shown[]} events @param {import("./note.js").Checkpoint} state @returns {Promise<{shown: Shown[], refusals: Refusal[]}>} */
async function inTree(events, state) {
  const held = await Promise.all(events.map((each) => isShown(each, state)));
  const strange = events.filter((_, i) => !held[i]);
  const refusals = strange.map(({ event, index }) => refusal("inclusion", event?.eid ?? null, `${event?.type} at ${index}`));
  return { shown: events.filter((_, i) => held[i]).sort((a, b) => a.index - b.index), refusals };
}

/** @param {Shown} shown @param {import("./note.js").Checkpoint} state @returns {Promise<boolean>} */
async function isShown({ event, salt, index, path }, { size, root }) {
  try {
    return await included(await eventLeaf(event, salt), index, size, path.map((each) => unb64u(each, 32)), root);
  } catch {
    return false;
  }
}

/** @param {CloseGiven} given @param {string[]} hashes @param {Shown[]} shown @returns {Promise<Refusal[]>} */
async function ownRefusals({ own, manifests }, hashes, shown) {
  const refusals = [];
  const listed = manifests[0].officers.find(({ x }) => x === own.x);
  if (!listed || ["kid", "pk", "vk"].some((key) => listed[key] !== own[key])) refusals.push(refusal("own_key"));
  const mine = shown.filter(({ event }) => event.type === "officer.accepted" && event.x === own.x && event.manifest === hashes[0]);
  const signed = await Promise.all(mine.map(({ event }) => officerSigned(manifests[0], event, acceptMessage(hashes[0]))));
  return signed.some(Boolean) ? refusals : [...refusals, refusal("acceptance")];
}

/** @param {CloseGiven} given @param {import("./note.js").Checkpoint} state @returns {Promise<Refusal[]>} */
async function witnessed({ checkpoint, manifests, seen, consistency }, state) {
  const { witnesses, k } = manifests[0].log, cosigned = await cosignedBy(checkpoint, witnesses);
  const refusals = cosigned < k ? [refusal("witness", null, `${cosigned} of ${k}`)] : [];
  return seen === null || await continues(seen, consistency, state) ? refusals : [...refusals, refusal("consistency")];
}

/** Whether the smaller of the two trees is the beginning of the other. @param {{size: number, root: string}} seen @param {string[]} consistency @param {import("./note.js").Checkpoint} state @returns {Promise<boolean>} */
async function continues(seen, consistency, state) {
  try {
    const before = { size: seen.size, root: unb64u(seen.root, 32) }, proof = consistency.map((each) => unb64u(each, 32));
    const [old, now] = before.size <= state.size ? [before, state] : [state, before];
    return await grew(old.size, now.size, proof, old.root, now.root);
  } catch {
    return false;
  }
}

/** @param {any[]} manifests @param {string[]} hashes @param {Shown[]} shown @returns {Promise<Refusal[]>} */
async function published(manifests, hashes, shown) {
  const held = await Promise.all(manifests.map((manifest, i) => isPublished(manifests, i, termsEvent(shown, manifest.tender, hashes[i]))));
  return held.flatMap((right, i) => (right ? [] : [refusal("published", null, `version ${i + 1}`)]));
}

/** @param {Shown[]} shown @param {string} tender @param {string} mh @returns {any} the event that published a version, undefined where none did */
function termsEvent(shown, tender, mh) {
  const types = ["tender.published", "tender.addendum"];
  return shown.find(({ event }) => types.includes(event.type) && event.tender === tender && event.manifest === mh)?.event;
}

/** @param {any[]} manifests @param {number} i @param {any} event @returns {Promise<boolean>} */
async function isPublished(manifests, i, event) {
  if (i === 0) return event?.type === "tender.published";
  const inTime = event?.type === "tender.addendum" && event.at <= manifests[i - 1].closes_at;
  return inTime && addendumSigned(manifests[i], event.sigs);
}

/** @param {CloseGiven} given @returns {Refusal[]} */
function due({ manifests, clock }) {
  const opens = Date.parse(manifests.at(-1).opens_at);
  return opens <= clock.server && opens <= clock.own + CLOCKS_APART ? [] : [refusal("not_due", null, manifests.at(-1).opens_at)];
}

/** @param {CloseGiven} given @param {string[]} hashes @param {Shown[]} shown @param {Shown} end @returns {Promise<Refusal[]>} */
async function bidRefusals({ manifests, envelopes, signatures }, hashes, shown, end) {
  const record = { manifests, hashes, shown, end, envelopes, signatures: await bySignatureHash(signatures) };
  const failures = await Promise.all(end.event.current.map((item) => bidFailures(item, record)));
  return failures.flatMap((names, i) => names.map((name) => refusal(name, end.event.current[i].eid)));
}
