// Before sealing: is this the solicitation that its officers accepted, and does the public log hold it? Every no has its words.

import { addendumSigned, allAccepted, chainFaults, committeeCode, manifestHash, oneOrganisation } from "../sealing/manifest.js";
import { readReceipt } from "../sealing/note.js";

/** @typedef {{manifests: any[], acceptances: {x: number, sig: string}[], addenda: {x: number, sig: string}[][], proofs: (string | null)[], lots: any[], statement: string}} TenderFile */
/** @typedef {{refusals: string[], code: string, oneHouse: boolean, mh: string}} Trust */

/** Look at everything that a client can. @param {TenderFile} tender @param {string} logKey the key of the log that this page or kit was made with @returns {Promise<Trust>} */
export async function trustIn(tender, logKey) {
  const last = tender.manifests.at(-1), faults = await chainFaults(tender.manifests);
  const refusals = faults.map(({ path, message }) => `The solicitation’s manifest is faulty: ${path} ${message}.`);
  if (!refusals.length) refusals.push(...await signatureRefusals(tender), ...await logRefusals(tender, logKey));
  if (!last) return { refusals, code: "", oneHouse: false, mh: "" };
  return { refusals, code: await committeeCode(last), oneHouse: oneOrganisation(last), mh: await manifestHash(last) };
}

/** @param {TenderFile} tender @returns {Promise<string[]>} */
async function signatureRefusals({ manifests, acceptances, addenda }) {
  const found = [];
  if (!await allAccepted(manifests[0], acceptances)) found.push("Not every officer’s acceptance is there, or one does not hold.");
  for (const [place, manifest] of manifests.slice(1).entries()) {
    if (!await addendumSigned(manifest, addenda[place] ?? [])) found.push(`Addendum ${place + 1} bears no officer’s signature that holds.`);
  }
  return found;
}

/** @param {TenderFile} tender @param {string} logKey @returns {Promise<string[]>} */
async function logRefusals({ manifests, proofs }, logKey) {
  if (manifests.at(-1).log.vkey !== logKey) return ["The public log of this solicitation has another key than this page knows."];
  const found = [];
  for (const [place, manifest] of manifests.entries()) {
    const words = place ? `addendum ${place}` : "the publication";
    if (!proofs[place]) found.push(`The public log does not hold ${words} yet. It does within minutes: load the page again then.`);
    else if (!await inLog(proofs[place], logKey, manifest, place)) found.push(`The public log’s proof of ${words} does not hold.`);
  }
  return found;
}

/** @param {string} proof @param {string} logKey @param {any} manifest @param {number} place @returns {Promise<boolean>} */
async function inLog(proof, logKey, manifest, place) {
  try {
    const { event } = await readReceipt(proof, logKey, manifest.log.origin);
    return event.type === (place ? "tender.addendum" : "tender.published") && event.tender === manifest.tender && event.manifest === await manifestHash(manifest);
  } catch {
    return false;
  }
}
