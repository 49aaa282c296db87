// What officers sign at the opening: their shares of exactly the envelopes that are due, and who passed the technical stage.

import { V, b64u, labelled, unb64u } from "./bytes.js";
import { canonical } from "./canonical.js";
import { contextHash, shareCommitment, wrapInfo } from "./envelope.js";
import { sha256 } from "./hkdf.js";
import { hpkeOpen } from "./hpke.js";
import { officerSigned } from "./manifest.js";
import { bytesOf, exactly, listOf, oneOf, someId, someMoment, unless, whole } from "./shape.js";

/** @typedef {{eid: string, lot: string, env: string, vendor: string, rev: number, leaf: string}} ClosedItem */
/** @typedef {{size: number, root: string}} CloseState */
/** @typedef {{eid: string, share: string} | {eid: string, fault: "wrap"}} ReleasedItem */
/** @typedef {{release: any, sig: string}} SignedRelease */

/** The envelopes that are due in a stage, by eid. @param {{current: ClosedItem[]}} closed the event tender.closed @param {"technical" | "price"} env @param {string[] | null} passed vendors of stage.passed, null where there is no technical stage @returns {ClosedItem[]} */
export function dueSet({ current }, env, passed = null) {
  const due = current.filter((item) => item.env === env && (env === "technical" || passed === null || passed.includes(item.vendor)));
  return due.sort((a, b) => (a.eid < b.eid ? -1 : 1));
}

/** Open one's own wrap of an envelope: a share, or the fault "wrap". @param {{pair: {sk: Uint8Array, pk: Uint8Array}}} keys @param {number} x @param {string} eid @param {any} envelope @returns {Promise<ReleasedItem>} */
export async function ownShare(keys, x, eid, envelope) {
  const ch = await contextHash(envelope.ctx);
  try {
    const share = await hpkeOpen(keys.pair, wrapInfo(ch, x), unb64u(envelope.wraps[x - 1], 80));
    if (b64u(await shareCommitment(ch, x, share)) === envelope.sc[x - 1]) return { eid, share: b64u(share) };
  } catch { /* that it does not open is the fault told below */ }
  return { eid, fault: "wrap" };
}

/** Make and sign a release of a due set. @param {import("./officer.js").OfficerKeys} keys @param {number} x @param {"technical" | "price"} env @param {CloseState} close @param {string} at @param {ClosedItem[]} due @param {Map<string, any>} envelopes by eid @returns {Promise<SignedRelease>} */
export async function makeRelease(keys, x, env, close, at, due, envelopes) {
  const items = await Promise.all(due.map(({ eid }) => ownShare(keys, x, eid, envelopes.get(eid))));
  const release = { v: V, type: "release", tender: keys.tender, env, x, kid: keys.kid, close, at, items };
  return { release, sig: await keys.sign(releaseMessage(release)) };
}

/** @param {any} release @returns {Uint8Array} what is signed */
export function releaseMessage(release) {
  return labelled("release", canonical(release));
}

/** The hash by which the log names a release. @param {SignedRelease} signed @returns {Promise<string>} */
export async function releaseHash(signed) {
  return b64u(await sha256(canonical(signed)));
}

/** What is wrong with a release that somebody posted; empty when its shares may be looked at. @param {SignedRelease} signed @param {any} manifest the last version @param {"technical" | "price"} env @param {CloseState} close @param {ClosedItem[]} due @returns {Promise<import("./shape.js").Fault[]>} */
export async function releaseFaults(signed, manifest, env, close, due) {
  const faults = releaseShape(signed);
  if (faults.length) return faults;
  const { release } = signed, officer = manifest.officers.find(({ x }) => x === release.x);
  return [
    ...unless(release.tender === manifest.tender && release.env === env, "release", "is of another tender or stage"),
    ...unless(officer?.kid === release.kid, "release.kid", "is not that of this officer"),
    ...unless(release.close.size === close.size && release.close.root === close.root, "release.close", "is another state of the log; load the page again"),
    ...unless(release.at >= manifest.opens_at, "release.at", `must not be before ${manifest.opens_at}`),
    ...unless(release.items.map(({ eid }) => eid).join() === due.map(({ eid }) => eid).join(), "release.items", "are not exactly the envelopes that are due, by eid"),
    ...unless(await officerSigned(manifest, { x: release.x, sig: signed.sig }, releaseMessage(release)), "sig", "does not hold"),
  ];
}

/** @param {any} signed @returns {import("./shape.js").Fault[]} */
function releaseShape(signed) {
  const share = exactly({ eid: bytesOf(32), share: bytesOf(32) }), fault = exactly({ eid: bytesOf(32), fault: oneOf("wrap") });
  const item = (value, path) => (Object.hasOwn(value ?? {}, "fault") ? fault : share)(value, path);
  const close = exactly({ size: whole(1), root: bytesOf(32) });
  const release = exactly({
    v: oneOf(V), type: oneOf("release"), tender: someId, env: oneOf("technical", "price"), x: whole(1, 16), kid: bytesOf(16),
    close, at: someMoment, items: listOf(item),
  });
  return exactly({ release, sig: bytesOf(64) })(signed, "signed");
}

/** The shares that releases hold of an envelope, by x, whether or not they are right. @param {SignedRelease[]} releases @param {string} eid @returns {Map<number, Uint8Array>} */
export function releasedShares(releases, eid) {
  const found = new Map();
  for (const { release } of releases) {
    const item = release.items.find((each) => each.eid === eid);
    if (item?.share) found.set(release.x, unb64u(item.share, 32));
  }
  return found;
}

/** What a quorum signs after the technical stage. @param {string} tender @param {CloseState} close @param {string[]} vendors whose technical envelopes were opened and passed @returns {Uint8Array} */
export function stageMessage(tender, close, vendors) {
  return labelled("stage", canonical({ v: V, type: "stage", tender, env: "technical", close, vendors: [...new Set(vendors)].sort() }));
}

/** What the lead signs where an envelope has too few shares. @param {string} eid @param {CloseState} close @returns {Uint8Array} */
export function unopenableMessage(eid, close) {
  return labelled("unopenable", unb64u(eid, 32), unb64u(close.root, 32));
}

/** What all remaining officers sign to ask vendors for their seeds. @param {string} tender @param {string} env @param {string[]} eids @param {string} dueAt @returns {Uint8Array} */
export function rescueMessage(tender, env, eids, dueAt) {
  return labelled("rescue", canonical({ tender, env, eids, due_at: dueAt }));
}
