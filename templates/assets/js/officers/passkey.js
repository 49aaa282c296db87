// Passkeys as a second way to unlock: an authenticator turns a fixed input into a secret that only it can give (WebAuthn PRF).

import { b64u, unb64u, utf8 } from "../sealing/bytes.js";
import { randomBytes } from "../sealing/crypto.js";
import { prfInput } from "../sealing/officer.js";

const ALGORITHMS = [-7, -8, -257];

/** A passkey cannot be used; the message says why. */
export class NoPasskey extends Error {}

/** @returns {boolean} whether this browser knows passkeys at all */
export function knowsPasskeys() {
  return typeof PublicKeyCredential === "function" && Boolean(navigator.credentials);
}

/** Make a passkey; throws NoPasskey. @param {string} person @param {string} name @param {string[]} known ids of those that are there @returns {Promise<{cred: string, output: Uint8Array}>} */
export async function makePasskey(person, name, known) {
  const options = {
    rp: { id: location.hostname, name: "Officers’ console" },
    user: { id: utf8(person).slice(0, 64), name: person, displayName: name },
    challenge: randomBytes(32),
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    excludeCredentials: known.map(descriptor),
    extensions: await extension(),
  };
  const made = await asked(() => navigator.credentials.create({ publicKey: /** @type {any} */ (options) }));
  const told = made.getClientExtensionResults().prf, cred = b64u(new Uint8Array(made.rawId));
  if (!told?.enabled && !told?.results?.first) throw new NoPasskey("This device’s passkeys cannot keep a secret (no PRF). Rely on your code, or try another device.");
  return told.results?.first ? { cred, output: new Uint8Array(told.results.first) } : usePasskey([cred]);
}

/** Use one of these passkeys; throws NoPasskey. @param {string[]} known @returns {Promise<{cred: string, output: Uint8Array}>} */
export async function usePasskey(known) {
  const options = {
    challenge: randomBytes(32), rpId: location.hostname, userVerification: "required",
    allowCredentials: known.map(descriptor), extensions: await extension(),
  };
  const used = await asked(() => navigator.credentials.get({ publicKey: /** @type {any} */ (options) }));
  const first = used.getClientExtensionResults().prf?.results?.first;
  if (!first) throw new NoPasskey("The passkey gave no secret. Use your recovery code.");
  return { cred: b64u(new Uint8Array(used.rawId)), output: new Uint8Array(first) };
}

/** @returns {Promise<any>} */
async function extension() {
  return { prf: { eval: { first: await prfInput() } } };
}

/** @param {string} cred */
function descriptor(cred) {
  return { type: "public-key", id: unb64u(cred) };
}

/** @param {() => Promise<any>} work @returns {Promise<any>} */
async function asked(work) {
  try {
    return await work();
  } catch (error) {
    const known = error instanceof DOMException && error.name === "InvalidStateError";
    throw new NoPasskey(known ? "This device already holds a passkey of yours." : "The passkey was not used: it was refused, or nothing was chosen in time.");
  }
}
