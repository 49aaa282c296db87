// An officer leaves: the secret of the tender goes to a successor, sealed, and both sign. No envelope changes.

import { V, b64u, labelled, unb64u } from "./bytes.js";
import { canonical } from "./canonical.js";
import { verifyEd25519 } from "./crypto.js";
import { hpkeOpen, hpkeSeal } from "./hpke.js";
import { officerSigned } from "./manifest.js";
import { kidOf, officerKeys } from "./officer.js";
import { bytesOf, exactly, fullText, oneOf, someId, whole } from "./shape.js";

/** @typedef {{name: string, org: string, kid: string, pk: string, vk: string}} Successor */

/** @param {{tender: string, x: number, kid: string, to: Successor}} of @returns {Uint8Array} what the wrap is bound to */
function rewrapInfo({ tender, x, kid, to }) {
  return labelled("rewrap", canonical({ tender, x, kid, to }));
}

/** @param {any} rewrap @returns {Uint8Array} what both sign */
export function rewrapMessage(rewrap) {
  return labelled("rewrap", canonical(rewrap));
}

/** The leaver's part: seal `os` to the successor and sign. @param {Uint8Array} os @param {string} tender @param {number} x @param {Successor} to @param {Uint8Array} ikm 32 fresh random bytes @returns {Promise<{rewrap: any, sig: string}>} */
export async function makeRewrap(os, tender, x, to, ikm) {
  const keys = await officerKeys(tender, os), of = { tender, x, kid: keys.kid, to };
  const wrap = b64u(await hpkeSeal(unb64u(to.pk, 32), rewrapInfo(of), os, ikm));
  const rewrap = { v: V, type: "rewrap", ...of, wrap };
  return { rewrap, sig: await keys.sign(rewrapMessage(rewrap)) };
}

/** The successor's part: open `os`, see that it is of that kid, and sign; throws Error otherwise. @param {import("./officer.js").OfficerKeys} keys the successor's own @param {any} rewrap @returns {Promise<{os: Uint8Array, to_sig: string}>} */
export async function takeRewrap(keys, rewrap) {
  const os = await hpkeOpen(keys.pair, rewrapInfo(rewrap), unb64u(rewrap.wrap, 80));
  const mine = rewrap.to.kid === keys.kid && rewrap.to.pk === keys.pk && rewrap.to.vk === keys.vk;
  if (!mine || (await officerKeys(rewrap.tender, os)).kid !== rewrap.kid) throw new Error("This handover holds no key of that officer, or is not for you. Do not sign it.");
  return { os, to_sig: await keys.sign(rewrapMessage(rewrap)) };
}

/** Whether a handover is signed by both, and its keys belong together. @param {any} manifest @param {{rewrap: any, sig: string, to_sig: string}} handover @returns {Promise<boolean>} */
export async function rewrapHolds(manifest, { rewrap, sig, to_sig: toSig }) {
  const to = exactly({ name: fullText, org: fullText, kid: bytesOf(16), pk: bytesOf(32), vk: bytesOf(32) });
  const shape = exactly({ v: oneOf(V), type: oneOf("rewrap"), tender: someId, x: whole(1, 16), kid: bytesOf(16), to, wrap: bytesOf(80) });
  if (shape(rewrap, "rewrap").length || rewrap.tender !== manifest.tender) return false;
  const known = manifest.officers[rewrap.x - 1]?.kid === rewrap.kid && await kidOf(unb64u(rewrap.to.pk)) === rewrap.to.kid;
  const message = rewrapMessage(rewrap);
  try {
    const taken = await verifyEd25519(unb64u(rewrap.to.vk, 32), unb64u(toSig, 64), message);
    return known && taken && await officerSigned(manifest, { x: rewrap.x, sig }, message);
  } catch {
    return false;
  }
}
