// An officer's secrets, only ever in this page's memory: made, locked, forgotten, and unlocked again.

import { labelled, same } from "../sealing/bytes.js";
import { randomBytes } from "../sealing/crypto.js";
import { hpkeOpen, hpkeSeal } from "../sealing/hpke.js";
import { BadCode, lockRecord, officerKeys, readRecovery, recoveryText, unlockRecord } from "../sealing/officer.js";

/** @typedef {import("../sealing/officer.js").LockRecord} LockRecord */
/** @typedef {import("../sealing/officer.js").OfficerKeys} OfficerKeys */
/** @typedef {{code: LockRecord | null, before: LockRecord | null, prf: LockRecord[], os: Record<string, LockRecord>, drilled: string[]}} Records */
/** @typedef {{uk: Uint8Array, os: Uint8Array, keys: OfficerKeys}} Held */

/** The vault of one officer and one solicitation. `held` is null while it is locked. */
export class Vault {
  /** @type {Held | null} */ held = null;

  /** @param {string} officer the person's id @param {string} tender */
  constructor(officer, tender) {
    this.officer = officer;
    this.tender = tender;
  }

  /** Forget everything. */
  forget() {
    for (const each of [this.held?.uk, this.held?.os]) each?.fill(0);
    this.held = null;
  }

  /** Make keys under an unlock key, a new one where none is given. @param {Uint8Array} [uk] @returns {Promise<Held>} */
  async make(uk = randomBytes(32)) {
    const os = randomBytes(32);
    this.held = { uk, os, keys: await officerKeys(this.tender, os) };
    return this.held;
  }

  /** A new recovery code and its record. @param {Uint8Array} uk @param {Uint8Array} [code] @returns {Promise<{text: string, record: LockRecord}>} */
  async newCode(uk, code = randomBytes(16)) {
    const record = await lockRecord({ kind: "code", officer: this.officer }, code, uk, randomBytes(12));
    return { text: await recoveryText(code), record };
  }

  /** The record that locks the held key. @returns {Promise<LockRecord>} */
  async osRecord() {
    const { uk, os, keys } = this.#open();
    return lockRecord({ kind: "os", officer: this.officer, tender: this.tender, kid: keys.kid }, uk, os, randomBytes(12));
  }

  /** The record of a passkey. @param {string} cred @param {Uint8Array} output @returns {Promise<LockRecord>} */
  async prfRecord(cred, output) {
    return lockRecord({ kind: "prf", officer: this.officer, cred }, output, this.#open().uk, randomBytes(12));
  }

  /** The unlock key by a code as it was typed; throws BadCode. @param {string} text @param {Records} records @returns {Promise<Uint8Array>} */
  async byCode(text, records) {
    const code = await readRecovery(text);
    if (!records.code) throw new BadCode("No recovery code is kept for you yet.");
    for (const record of [records.code, records.before]) {
      try { if (record) return await unlockRecord({ kind: "code", officer: this.officer }, code, record); } catch { /* the other one may be meant */ }
    }
    throw new BadCode("This is another recovery code than yours. Look whether it is the newest sheet, and yours.");
  }

  /** The unlock key by a passkey's output; throws BadCode. @param {string} cred @param {Uint8Array} output @param {Records} records @returns {Promise<Uint8Array>} */
  async byPasskey(cred, output, records) {
    const record = records.prf.find((each) => each.cred === cred);
    if (!record) throw new BadCode("This passkey is not one of yours here.");
    return unlockRecord({ kind: "prf", officer: this.officer, cred }, output, record);
  }

  /** Hold the keys of an id again, from the records as the server keeps them, and open a test share with them; throws BadCode.
   * @param {Uint8Array} uk @param {string} kid @param {Records} records @returns {Promise<Held>} */
  async hold(uk, kid, records) {
    const record = records.os[kid];
    if (!record) throw new BadCode("Your locked key is not kept here any more.");
    const os = await unlockRecord({ kind: "os", officer: this.officer, tender: this.tender, kid }, uk, record);
    const keys = await officerKeys(this.tender, os);
    if (keys.kid !== kid) throw new BadCode("The locked record holds another key than yours. Tell the lead.");
    await testShare(keys);
    this.held = { uk, os, keys };
    return this.held;
  }

  /** @returns {Held} */
  #open() {
    if (!this.held) throw new BadCode("Unlock your key first.");
    return this.held;
  }
}

/** Seal a share to one's own key and open it, as at an opening; throws BadCode. @param {OfficerKeys} keys */
async function testShare(keys) {
  const share = randomBytes(32), info = labelled("wrap", new Uint8Array(32), Uint8Array.of(1));
  const opened = await hpkeOpen(keys.pair, info, await hpkeSeal(keys.pair.pk, info, share, randomBytes(32)));
  if (!same(opened, share)) throw new BadCode("Your key did not open a test share. Make another key.");
}

/** The public part of keys, as it is sent. @param {OfficerKeys} keys */
export function publicPart({ kid, pk, vk }) {
  return { kid, pk, vk };
}

