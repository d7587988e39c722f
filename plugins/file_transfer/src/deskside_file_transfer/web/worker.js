// @ts-check
/**
 * Reads, hashes and stores files away from the page's own thread, so that key presses never wait.
 *
 * What comes in is written to the origin's private file system, where it survives a reload; where a
 * browser has none it is kept in memory and begun again.
 */

import { Sha256 } from "./sha256.js";

const PIECE = 1024 * 1024;
const FOLDER = "deskside-files";
const STALE_MS = 24 * 3600 * 1000;
const TRIES = 20;
const TRY_AGAIN_MS = 50;

/** @typedef {{file: File, offset: number, hash: Sha256}} Reading */
/** @typedef {{offset: number, hash: Sha256, access: any, handle: any, parts: Uint8Array[]}} Writing */

/** @type {Map<string, Reading>} */
const readings = new Map();
/** @type {Map<number, Writing>} */
const writings = new Map();

const CALLS = {
  /** Begin to read at an offset; what lies before is read for the hash. @param {{key: string, file: File, offset: number}} given */
  async openRead({ key, file, offset }) {
    const hash = new Sha256();
    for (let at = 0; at < offset; at += PIECE) hash.update(await bytesOf(file, at, Math.min(at + PIECE, offset)));
    readings.set(key, { file, offset, hash });
  },

  /** Return the next piece, empty at the end. @param {{key: string}} given */
  async read({ key }) {
    const reading = /** @type {Reading} */ (readings.get(key));
    const content = await bytesOf(reading.file, reading.offset, Math.min(reading.offset + PIECE, reading.file.size));
    const offset = reading.offset;
    reading.offset += content.length;
    reading.hash.update(content);
    return { offset, content };
  },

  /** End reading and return the hash of all. @param {{key: string}} given */
  closeRead({ key }) {
    const reading = readings.get(key);
    readings.delete(key);
    return reading ? reading.hash.digest() : new Uint8Array();
  },

  /** Begin to write, or go on with what is there; return from where. @param {{id: number, size: number}} given */
  async openWrite({ id, size }) {
    CALLS.closeWrite({ id });
    /** @type {Writing} */
    const writing = { offset: 0, hash: new Sha256(), access: null, handle: null, parts: [] };
    try {
      writing.handle = await (await folder()).getFileHandle(String(id), { create: true });
      writing.access = await accessTo(writing.handle);
    } catch {
      writing.handle = writing.access = null;
    }
    if (writing.access) readBack(writing, size);
    writings.set(id, writing);
    return writing.offset;
  },

  /** Append a piece. @param {{id: number, content: Uint8Array}} given */
  write({ id, content }) {
    const writing = /** @type {Writing} */ (writings.get(id));
    if (!writing.access) writing.parts.push(content);
    else if (writing.access.write(content, { at: writing.offset }) !== content.length) throw new Error("no room");
    writing.hash.update(content);
    writing.offset += content.length;
  },

  /** End writing; return the hash and the file. @param {{id: number}} given */
  async finish({ id }) {
    const writing = /** @type {Writing} */ (writings.get(id));
    writings.delete(id);
    writing.access?.flush();
    writing.access?.close();
    const file = writing.handle ? await writing.handle.getFile() : new Blob(/** @type {any} */ (writing.parts));
    return { sha256: writing.hash.digest(), file };
  },

  /** Let go of a file that may be gone on with. @param {{id: number}} given */
  closeWrite({ id }) {
    writings.get(id)?.access?.close();
    writings.delete(id);
  },

  /** Delete what has come of a file. @param {{id: number}} given */
  async drop({ id }) {
    CALLS.closeWrite({ id });
    await (await folder()).removeEntry(String(id)).catch(() => undefined);
  },

  /** Return a file that is here completely, or null. @param {{id: number, size: number}} given */
  async stored({ id, size }) {
    const handle = await (await folder()).getFileHandle(String(id));
    const file = await handle.getFile();
    return file.size === size ? file : null;
  },

  /** Delete what nobody came back for. */
  async sweep() {
    const place = await folder();
    for await (const [name, handle] of place.entries()) {
      const { lastModified } = await handle.getFile();
      if (Date.now() - lastModified > STALE_MS) await place.removeEntry(name).catch(() => undefined);
    }
  },
};

/** @returns {Promise<any>} */
async function folder() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
}

/** A page that was just left holds its files for a moment. @param {any} handle */
async function accessTo(handle) {
  for (let left = TRIES; ; left--) {
    try {
      return await handle.createSyncAccessHandle();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}

/** @param {Blob} file @param {number} start @param {number} end */
async function bytesOf(file, start, end) {
  const content = new Uint8Array(await file.slice(start, end).arrayBuffer());
  if (content.length !== end - start) throw new Error("the file has changed");
  return content;
}

/** Hash what a former page has stored. @param {Writing} writing @param {number} size */
function readBack(writing, size) {
  const there = writing.access.getSize();
  if (there > size) writing.access.truncate(0);
  const piece = new Uint8Array(PIECE);
  while (there <= size && writing.offset < there) {
    const count = writing.access.read(piece, { at: writing.offset });
    writing.hash.update(piece.subarray(0, count));
    writing.offset += count;
  }
}

self.addEventListener("message", async ({ data: { call, name, given } }) => {
  try {
    const result = await CALLS[/** @type {keyof typeof CALLS} */ (name)](given);
    self.postMessage({ call, result });
  } catch (error) {
    self.postMessage({ call, error: String(error) });
  }
});
