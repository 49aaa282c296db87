// Zip archives, read and made in the page: nothing unsealed goes to the server to be unpacked.

const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;

/** The archive cannot be read; the message says the remedy. */
export class BadZip extends Error {}

/** Read an archive's files. @param {Blob} blob @returns {Promise<Map<string, () => Promise<Uint8Array>>>} each file by name, unpacked when asked for */
export async function zipFiles(blob) {
  const tail = new DataView(await blob.slice(Math.max(0, blob.size - 65_557)).arrayBuffer());
  const end = endOf(tail), count = tail.getUint16(end + 10, true), at = tail.getUint32(end + 16, true);
  const list = new DataView(await blob.slice(at, at + tail.getUint32(end + 12, true)).arrayBuffer());
  const files = new Map();
  for (let here = 0, n = 0; n < count; n += 1) {
    if (list.getUint32(here, true) !== CENTRAL) throw new BadZip("The file is damaged: save it again.");
    const [method, packed, name, more, note, from] = [list.getUint16(here + 10, true), list.getUint32(here + 20, true), list.getUint16(here + 28, true), list.getUint16(here + 30, true), list.getUint16(here + 32, true), list.getUint32(here + 42, true)];
    const called = new TextDecoder().decode(new Uint8Array(list.buffer, here + 46, name));
    files.set(called, () => unpack(blob, from, packed, method));
    here += 46 + name + more + note;
  }
  return files;
}

/** @param {DataView} tail @returns {number} */
function endOf(tail) {
  for (let at = tail.byteLength - 22; at >= 0; at -= 1) if (tail.getUint32(at, true) === END) return at;
  throw new BadZip("This is no file of that kind: save it again.");
}

/** @param {Blob} blob @param {number} from @param {number} packed @param {number} method @returns {Promise<Uint8Array>} */
async function unpack(blob, from, packed, method) {
  const head = new DataView(await blob.slice(from, from + 30).arrayBuffer());
  const start = from + 30 + head.getUint16(26, true) + head.getUint16(28, true), part = blob.slice(start, start + packed);
  if (method === 0) return new Uint8Array(await part.arrayBuffer());
  if (method !== 8) throw new BadZip("The file is packed in a way that this page cannot read: save it as CSV.");
  return new Uint8Array(await new Response(part.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer());
}

/** Make an archive without compression; large parts stay with the browser. @param {[string, Blob | Uint8Array][]} files @returns {Promise<Blob>} */
export async function zipOf(files) {
  const parts = [], list = [];
  let at = 0;
  for (const [name, body] of files) {
    const part = body instanceof Blob ? body : new Blob([body]), called = new TextEncoder().encode(name), sum = await crcOf(part);
    const head = header(LOCAL, sum, part.size, called.length);
    list.push(directory(sum, part.size, called.length, at), called);
    parts.push(head, called, part);
    at += head.byteLength + called.length + part.size;
  }
  const size = list.reduce((all, each) => all + each.byteLength, 0);
  return new Blob([...parts, ...list, ending(files.length, size, at)], { type: "application/zip" });
}

/** @param {number} mark @param {number} sum @param {number} size @param {number} name @returns {Uint8Array} */
function header(mark, sum, size, name) {
  const made = new DataView(new ArrayBuffer(30));
  made.setUint32(0, mark, true); made.setUint16(4, 20, true); made.setUint16(6, 0x0800, true); made.setUint16(12, 0x21, true);
  made.setUint32(14, sum, true); made.setUint32(18, size, true); made.setUint32(22, size, true); made.setUint16(26, name, true);
  return new Uint8Array(made.buffer);
}

/** @param {number} sum @param {number} size @param {number} name @param {number} at @returns {Uint8Array} */
function directory(sum, size, name, at) {
  const made = new DataView(new ArrayBuffer(46));
  made.setUint32(0, CENTRAL, true); made.setUint16(4, 20, true); made.setUint16(6, 20, true); made.setUint16(8, 0x0800, true); made.setUint16(14, 0x21, true);
  made.setUint32(16, sum, true); made.setUint32(20, size, true); made.setUint32(24, size, true); made.setUint16(28, name, true); made.setUint32(42, at, true);
  return new Uint8Array(made.buffer);
}

/** @param {number} count @param {number} size @param {number} at @returns {Uint8Array} */
function ending(count, size, at) {
  const made = new DataView(new ArrayBuffer(22));
  made.setUint32(0, END, true); made.setUint16(8, count, true); made.setUint16(10, count, true); made.setUint32(12, size, true); made.setUint32(16, at, true);
  return new Uint8Array(made.buffer);
}

/** The CRC-32 of a part, read piece by piece. @param {Blob} part @returns {Promise<number>} */
async function crcOf(part) {
  const table = Int32Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c) => (c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1), n));
  let sum = -1;
  for (let at = 0; at < part.size; at += 1 << 20) {
    for (const each of new Uint8Array(await part.slice(at, at + (1 << 20)).arrayBuffer())) sum = (sum >>> 8) ^ table[(sum ^ each) & 255];
  }
  return (sum ^ -1) >>> 0;
}
