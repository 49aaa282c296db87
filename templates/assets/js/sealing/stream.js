// Padding into sizes that tell little, and encryption in chunks, so that an attachment of any size is never held at once.

import { concat } from "./bytes.js";
import { gcmOpen, gcmSeal } from "./crypto.js";
import { GrowingRoot } from "./merkle.js";

/** Bytes of padded data in a chunk; its encryption is 16 longer. */
export const CHUNK = 65536;
const SEALED_CHUNK = CHUNK + 16;
/** Encrypted chunks that are put into one part before the browser is asked to keep it. */
const TOGETHER = 64;

/** What is wrong with an envelope, as the one word of its result: "aead", "padding", "encoding", "schema", … */
export class EnvelopeFault extends Error {
  /** @param {string} fault */
  constructor(fault) {
    super(fault);
    this.fault = fault;
  }
}

/** Bytes that a body of `length` bytes is padded to; null where it is too long. @param {number} length @returns {number | null} */
export function bodyBucket(length) {
  let bucket = 4096;
  while (bucket <= length) bucket *= 2;
  return bucket <= 4096 * 2 ** 12 ? bucket : null;
}

/** Bytes that an attachment of `length` bytes is padded to. @param {number} length @returns {number} */
export function blobBucket(length) {
  const n = length + 1;
  if (n <= CHUNK) return CHUNK;
  if (n <= 2 ** 20) return 2 ** (n - 1).toString(2).length;
  const e = n.toString(2).length - 1, step = 2 ** (e - e.toString(2).length);
  return Math.ceil(n / step) * step;
}

/** Add 0x80 and zeros up to the bucket. @param {Uint8Array} bytes @param {number} bucket @returns {Uint8Array} */
export function padded(bytes, bucket) {
  const whole = new Uint8Array(bucket);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  return whole;
}

/** Take the padding of a body off; throws EnvelopeFault "padding". @param {Uint8Array} whole @returns {Uint8Array} */
export function unpadded(whole) {
  let end = whole.length - 1;
  while (end >= 0 && whole[end] === 0) end -= 1;
  if (end < 0 || whole[end] !== 0x80 || bodyBucket(end) !== whole.length) throw new EnvelopeFault("padding");
  return whole.slice(0, end);
}

/** The nonce of a chunk: its number in 11 bytes, and whether it is the last. @param {number} number @param {boolean} last @returns {Uint8Array} */
function nonceOf(number, last) {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, number);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Encrypt padded bytes. @param {Uint8Array} key @param {Uint8Array} whole @returns {Promise<Uint8Array>} */
export async function sealStream(key, whole) {
  const count = Math.ceil(whole.length / CHUNK);
  const seals = Array.from({ length: count }, (_, i) => gcmSeal(key, nonceOf(i, i === count - 1), whole.subarray(i * CHUNK, (i + 1) * CHUNK)));
  return concat(...await Promise.all(seals));
}

/** Decrypt to padded bytes; throws EnvelopeFault "aead". @param {Uint8Array} key @param {Uint8Array} sealed @returns {Promise<Uint8Array>} */
export async function openStream(key, sealed) {
  const count = Math.ceil(sealed.length / SEALED_CHUNK);
  const part = (i) => sealed.subarray(i * SEALED_CHUNK, (i + 1) * SEALED_CHUNK);
  if (!count) throw new EnvelopeFault("aead");
  const opened = Array.from({ length: count }, (_, i) => opening(key, nonceOf(i, i === count - 1), part(i)));
  return concat(...await Promise.all(opened));
}

/** @param {Uint8Array} key @param {Uint8Array} nonce @param {Uint8Array} part @returns {Promise<Uint8Array>} */
async function opening(key, nonce, part) {
  try { return await gcmOpen(key, nonce, part); } catch { throw new EnvelopeFault("aead"); }
}

/** A part of a file, read when it is asked for. @param {Blob} file @param {number} from @param {number} to @returns {Promise<Uint8Array>} */
async function sliceOf(file, from, to) {
  return new Uint8Array(await file.slice(from, to).arrayBuffer());
}

/** The chunks of a padded attachment, one after the other. @param {Blob} file a File, or a Blob of bytes @returns {AsyncGenerator<{chunk: Uint8Array, number: number, last: boolean}>} */
export async function* paddedChunks(file) {
  const bucket = blobBucket(file.size);
  for (let at = 0; at < bucket; at += CHUNK) {
    const chunk = new Uint8Array(Math.min(CHUNK, bucket - at));
    if (at < file.size) chunk.set(await sliceOf(file, at, Math.min(at + CHUNK, file.size)));
    if (file.size >= at && file.size < at + chunk.length) chunk[file.size - at] = 0x80;
    yield { chunk, number: at / CHUNK, last: at + CHUNK >= bucket };
  }
}

/** The RFC 6962 root over the chunks of a padded attachment: what its key is made from. @param {Blob} file @param {(done: number, all: number) => void} [progress] in bytes @returns {Promise<Uint8Array>} */
export async function paddedRoot(file, progress = () => {}) {
  const tree = new GrowingRoot(), all = blobBucket(file.size);
  for await (const { chunk, number } of paddedChunks(file)) {
    await tree.add(chunk);
    progress(Math.min((number + 1) * CHUNK, all), all);
  }
  return tree.root();
}

/** Encrypt an attachment: its ciphertext as a Blob that the browser keeps where it likes, and what the envelope says of it. @param {Uint8Array} key @param {Blob} file @param {(done: number, all: number) => void} [progress] in bytes @returns {Promise<{sealed: Blob, len: number, root: Uint8Array}>} */
export async function sealFile(key, file, progress = () => {}) {
  const tree = new GrowingRoot(), parts = new KeptParts(), all = blobBucket(file.size);
  for await (const { chunk, number, last } of paddedChunks(file)) {
    const sealed = await gcmSeal(key, nonceOf(number, last), chunk);
    await tree.add(sealed);
    parts.add(sealed);
    progress(Math.min((number + 1) * CHUNK, all), all);
  }
  const sealed = parts.whole();
  return { sealed, len: sealed.size, root: await tree.root() };
}

/** The RFC 6962 root over the encrypted chunks of a stored attachment. @param {Blob} sealed @returns {Promise<Uint8Array>} */
export async function sealedRoot(sealed) {
  const tree = new GrowingRoot();
  for (let at = 0; at < sealed.size; at += SEALED_CHUNK) await tree.add(await sliceOf(sealed, at, at + SEALED_CHUNK));
  return tree.root();
}

/** Decrypt an attachment of `length` bytes; throws EnvelopeFault "blob". @param {Uint8Array} key @param {Blob} sealed @param {number} length @param {(done: number, all: number) => void} [progress] @returns {Promise<Blob>} */
export async function openFile(key, sealed, length, progress = () => {}) {
  const count = Math.ceil(sealed.size / SEALED_CHUNK), bucket = blobBucket(length), parts = new KeptParts();
  if (sealed.size !== bucket + 16 * count || !count) throw new EnvelopeFault("blob");
  for (let i = 0; i < count; i += 1) {
    const chunk = await openedChunk(key, i, i === count - 1, await sliceOf(sealed, i * SEALED_CHUNK, (i + 1) * SEALED_CHUNK));
    parts.add(contentOf(chunk, i * CHUNK, length));
    progress(Math.min((i + 1) * SEALED_CHUNK, sealed.size), sealed.size);
  }
  return parts.whole();
}

/** @param {Uint8Array} key @param {number} number @param {boolean} last @param {Uint8Array} part @returns {Promise<Uint8Array>} */
async function openedChunk(key, number, last, part) {
  try { return await gcmOpen(key, nonceOf(number, last), part); } catch { throw new EnvelopeFault("blob"); }
}

/** The file's part of a chunk that begins at `at`; what follows it must be padding. @param {Uint8Array} chunk @param {number} at @param {number} length @returns {Uint8Array} */
function contentOf(chunk, at, length) {
  const end = Math.max(0, Math.min(chunk.length, length - at));
  const rest = chunk.subarray(end);
  const right = rest.every((each, i) => each === (at + end + i === length ? 0x80 : 0));
  if (!right) throw new EnvelopeFault("blob");
  return chunk.subarray(0, end);
}

/** Parts of a large file: every few are handed to the browser as a Blob, which need not stay in memory. */
class KeptParts {
  #kept = [];
  #loose = [];

  /** @param {Uint8Array} part */
  add(part) {
    this.#loose.push(part);
    if (this.#loose.length < TOGETHER) return;
    this.#kept.push(new Blob(this.#loose));
    this.#loose = [];
  }

  /** @returns {Blob} */
  whole() {
    return new Blob([...this.#kept, ...this.#loose]);
  }
}
