// Sending sealed things to the door, and reading what it answers. Nothing unsealed passes through here.

import { textOf } from "../sealing/bytes.js";
import { readPromise } from "../sealing/note.js";
import { zipFiles } from "./zip.js";

/** The door said no; `status` is 0 where nothing was heard of it. */
export class Turned extends Error {
  /** @param {number} status @param {string} words @param {any} [said] */
  constructor(status, words, said = {}) {
    super(words);
    this.status = status;
    this.said = said;
  }
}

/** The door of one solicitation. */
export class Door {
  /** @param {string} address @param {string} csrf */
  constructor(address, csrf) {
    this.address = address;
    this.csrf = csrf;
  }

  /** Send bytes; throws Turned. @param {string} path @param {Blob | Uint8Array} body @param {string} [method] @param {(done: number, all: number) => void} [progress] @returns {Promise<Blob>} */
  send(path, body, method = "POST", progress = () => {}) {
    return new Promise((done, failed) => {
      const asked = new XMLHttpRequest();
      asked.open(method, `${this.address}/${path}`);
      asked.responseType = "blob";
      asked.setRequestHeader("x-csrf", this.csrf);
      asked.setRequestHeader("content-type", "application/octet-stream");
      asked.upload.onprogress = ({ loaded, total }) => progress(loaded, total);
      asked.onerror = asked.ontimeout = () => failed(new Turned(0, "The server could not be reached. Your draft is kept; try again when you are online."));
      asked.onload = async () => (asked.status === 200 ? done(asked.response) : failed(await turned(asked.status, asked.response)));
      asked.send(body instanceof Blob ? body : new Blob([body]));
    });
  }

  /** Send a signed request; the promises of what was taken. @param {string} path @param {Uint8Array} bytes @returns {Promise<{archive: Blob, texts: string[]}>} */
  async signed(path, bytes) {
    const archive = await this.send(path, bytes), files = await zipFiles(archive);
    return { archive, texts: await Promise.all([...files.values()].map(async (each) => textOf(await each()))) };
  }

  /** How the vendor stands. @returns {Promise<any>} */
  async mine() {
    return JSON.parse(textOf(new Uint8Array(await (await this.send("mine.json", new Blob(), "GET")).arrayBuffer())));
  }
}

/** @param {number} status @param {Blob} body @returns {Promise<Turned>} */
async function turned(status, body) {
  try {
    const said = JSON.parse(await body.text());
    return new Turned(status, said.words, said);
  } catch {
    if (status === 401 || status === 403) return new Turned(status, "You are signed out, or may not send. Sign in again in another tab, then press the button once more.");
    return new Turned(status, `The server could not take it (${status}). Your draft is kept; try again in a minute.`);
  }
}

/** What promises say, each checked against the log's key. @param {string[]} texts @param {{vkey: string, origin: string}} log @returns {Promise<any[]>} */
export async function promisedEvents(texts, { vkey, origin }) {
  return Promise.all(texts.map(async (text) => (await readPromise(text, vkey, origin)).event));
}

/** Offer a file to be saved. @param {string} name @param {Blob} blob */
export function offerFile(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
