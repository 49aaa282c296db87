// What the browser keeps of a bid, and only the browser: the draft and copies, encrypted; sealed attachments; the signing key.

import { textOf, utf8 } from "../sealing/bytes.js";

const SHELVES = ["keys", "drafts", "copies", "blobs"];

/** This browser keeps nothing: say so, because closing the page loses the draft. */
export class KeepsNothing extends Error {}

/** The shelves of one browser; every name begins with whose it is. */
export class Keep {
  #open;
  #whose;

  /** @param {string} whose person and company @param {string} [name] of the database */
  constructor(whose, name = "tenderbell-sealed-bids") {
    this.#whose = whose;
    this.#open = new Promise((done, failed) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => SHELVES.forEach((shelf) => asked.result.createObjectStore(shelf));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(new KeepsNothing("This browser keeps nothing for this page. Do not close it before you have sent your bid."));
    });
    this.#open.catch(() => {});
  }

  /** @param {string} shelf @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} ask @returns {Promise<any>} */
  async #ask(shelf, mode, ask) {
    const base = await this.#open, work = base.transaction(shelf, mode), asked = ask(work.objectStore(shelf));
    return new Promise((done, failed) => {
      work.oncomplete = () => done(asked.result);
      work.onabort = work.onerror = () => failed(work.error ?? new KeepsNothing("This browser has no room left for the draft."));
    });
  }

  /** @param {string} shelf @param {string} name @returns {Promise<any>} what is kept; undefined where nothing is */
  get(shelf, name) {
    return this.#ask(shelf, "readonly", (store) => store.get(`${this.#whose} ${name}`));
  }

  /** @param {string} shelf @param {string} name @param {any} value */
  put(shelf, name, value) {
    return this.#ask(shelf, "readwrite", (store) => store.put(value, `${this.#whose} ${name}`));
  }

  /** @param {string} shelf @param {string} name */
  drop(shelf, name) {
    return this.#ask(shelf, "readwrite", (store) => store.delete(`${this.#whose} ${name}`));
  }

  /** The key that drafts are encrypted under: no script can read it. @returns {Promise<CryptoKey>} */
  async #lock() {
    const kept = await this.get("keys", "lock");
    if (kept) return kept;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await this.put("keys", "lock", made);
    return made;
  }

  /** Keep a value encrypted. @param {string} shelf @param {string} name @param {any} value JSON */
  async lockAway(shelf, name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#lock(), utf8(JSON.stringify(value)));
    await this.put(shelf, name, { iv, ct });
  }

  /** A value that was kept encrypted; undefined where there is none. @param {string} shelf @param {string} name @returns {Promise<any>} */
  async unlock(shelf, name) {
    const kept = await this.get(shelf, name);
    if (!kept) return undefined;
    return JSON.parse(textOf(new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await this.#lock(), kept.ct))));
  }
}
