// What an officer's console verifies about every bid that the close lists as current: the name of each check that fails.

import { V, b64u } from "./bytes.js";
import { eidOf, envelopeFaults } from "./envelope.js";
import { eventLeaf } from "./note.js";
import { bytesOf, exactly, listOf, maybe, oneOf, someId, someMoment, someText, unless, whole } from "./shape.js";
import { signatureFaults, signatureHash, vendorSigned } from "./signing.js";

/** @typedef {{event: any, salt: string, index: number, path: string[]}} ShownEvent an event whose place in the tree was verified */
/** @typedef {{manifests: any[], hashes: string[], shown: ShownEvent[], end: ShownEvent, envelopes: Record<string, any>, signatures: Map<string, any>}} CloseRecord
 *   `hashes` those of the manifests; `shown` by index; `end` tender.closed; `signatures` by their hash */

/** The checks of one listed bid that fail, by name. @param {any} item @param {CloseRecord} record @returns {Promise<string[]>} */
export async function bidFailures(item, record) {
  const received = receivedEvent(item, record);
  const logged = received !== undefined && b64u(await eventLeaf(received.event, received.salt)) === item.leaf;
  return [
    ...(logged && agreesWith(item, received, record) ? [] : ["unlogged"]),
    ...(logged && !inTime(received, record) ? ["late"] : []),
    ...(await isSealedSo(item, received, record) ? [] : ["envelope"]),
    ...(timesListed(item, record.end.event) === 1 ? [] : ["listed_twice"]),
    ...(isLatest(item, record.end.event) ? [] : ["not_latest"]),
    ...(logged && !await isSigned(item, received, record) ? ["signature"] : []),
  ];
}

/** @param {any} item @param {CloseRecord} record @returns {ShownEvent | undefined} */
function receivedEvent(item, { shown }) {
  return shown.find(({ event }) => event.type === "bid.received" && event.eid === item.eid);
}

/** @param {any} item @param {ShownEvent} received @param {CloseRecord} record @returns {boolean} */
function agreesWith(item, { event, index }, { manifests, end }) {
  const alike = ["eid", "lot", "env", "rev"].every((key) => event[key] === item[key]) && event.by === item.vendor;
  return alike && event.tender === manifests[0].tender && index < end.index;
}

/** Whether it came by the closing time of the last terms that were logged before it. @param {ShownEvent} received @param {CloseRecord} record @returns {boolean} */
function inTime({ event, index }, { manifests, hashes, shown }) {
  const terms = shown.filter((each) => each.index < index && ["tender.published", "tender.addendum"].includes(each.event.type));
  const last = terms.map((each) => hashes.indexOf(each.event.manifest)).filter((at) => at >= 0).at(-1);
  return last !== undefined && event.received_at <= manifests[last].closes_at;
}

/** @param {any} item @param {ShownEvent | undefined} received @param {CloseRecord} record @returns {Promise<boolean>} */
async function isSealedSo(item, received, { manifests, hashes, envelopes }) {
  const envelope = Object.hasOwn(envelopes, item.eid) ? envelopes[item.eid] : null;
  if (envelope === null || envelopeFaults(envelope).length || await eidOf(envelope) !== item.eid) return false;
  const { ctx } = envelope, manifest = manifests[hashes.indexOf(ctx.manifest)];
  const alike = ["lot", "env", "vendor", "rev"].every((key) => ctx[key] === item[key]) && ctx.manifest === received?.event.manifest;
  return alike && manifest !== undefined && contextFits(ctx, manifest) && envelope.wraps.length === manifest.officers.length;
}

/** Whether a context is one that a manifest offers. @param {import("./envelope.js").Context} ctx @param {any} manifest @returns {boolean} */
export function contextFits(ctx, manifest) {
  const lot = manifest.lots.some(({ id }) => id === ctx.lot) || (ctx.lot === "_all" && ctx.env === "technical");
  return ctx.tender === manifest.tender && manifest.envs.includes(ctx.env) && lot && !ctx.vendor.startsWith("_");
}

/** @param {any} item @param {any} closed @returns {number} */
function timesListed({ eid }, closed) {
  const lists = ["current", "superseded", "withdrawn", "refused"];
  return lists.flatMap((list) => closed[list]).filter((each) => each.eid === eid).length;
}

/** @param {any} item @param {any} closed @returns {boolean} */
function isLatest(item, closed) {
  const others = [...closed.current, ...closed.superseded, ...closed.withdrawn].filter((each) => each.eid !== item.eid);
  return !others.some((each) => ["lot", "env", "vendor"].every((key) => each[key] === item[key]) && each.rev >= item.rev);
}

/** @param {any} item @param {ShownEvent} received @param {CloseRecord} record @returns {Promise<boolean>} */
async function isSigned(item, { event, index }, { shown, signatures }) {
  const signature = signatures.get(event.sig_sha256);
  const key = shown.find((each) => each.index < index && each.event.type === "vendor.key" && each.event.vendor === item.vendor && each.event.kid === event.kid);
  return signature !== undefined && key !== undefined && signature.eids.includes(item.eid) && vendorSigned(signature, key.event, "submit");
}

/** Signatures by the hash under which the log names them. @param {any[]} signatures @returns {Promise<Map<string, any>>} */
export async function bySignatureHash(signatures) {
  const sound = signatures.filter((each) => !signatureFaults(each).length);
  return new Map(await Promise.all(sound.map(async (each) => [await signatureHash(each), each])));
}

/** The shape of tender.closed: its lists whole and in order. @param {any} event @returns {import("./shape.js").Fault[]} */
export function closedFaults(event) {
  const item = exactly({ eid: bytesOf(32), lot: someId, env: someId, vendor: someId, rev: whole(1), leaf: bytesOf(32) });
  const refused = exactly({ eid: maybe(bytesOf(32)), leaf: bytesOf(32), reason: someText });
  const lists = { current: listOf(item), superseded: listOf(item), withdrawn: listOf(item), refused: listOf(refused) };
  const common = { v: oneOf(V), type: oneOf("tender.closed"), at: someMoment, tender: someId, by: someText, vis: oneOf("sealed") };
  const faults = exactly({ ...common, manifest: bytesOf(32), ...lists })(event, "closed");
  return faults.length ? faults : Object.keys(lists).flatMap((list) => unless(ascends(event[list]), `closed.${list}`, "must be sorted by eid"));
}

/** @param {{eid: string | null, leaf: string}[]} list @returns {boolean} by eid, those without one first, then by leaf */
function ascends(list) {
  const place = ({ eid, leaf }) => `${eid ?? ""} ${leaf}`;
  return list.every((each, i) => i === 0 || place(list[i - 1]) <= place(each));
}
