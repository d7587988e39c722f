// @ts-check
/**
 * Packed pictures straight into pixels: no detour over a blob, which another process reads first, and memory that is
 * used again. Where a browser lacks a part of it, or a trial comes out wrong, nothing is decoded in this way.
 */

/** A red and a blue pixel. */
const TRIAL = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAADUlEQVR4nGP4zwAE/wEHAAH/4iOeWQAAAABJRU5ErkJggg==";
const COLOURS = [0xff, 0, 0, 0xff, 0, 0, 0xff, 0xff];
const LEAST_BYTES = 1 << 16;
/** What is kept to be used again: a whole screen and a half. */
const MOST_SPARE = 1 << 24;

/** Memory to be used again, by its size. @type {Map<number, ArrayBuffer[]>} */
const spare = new Map();
let spareBytes = 0;
let isTried = false;
void trial().then((found) => (isTried = found));

/** Tell whether this browser can. */
export function areStraight() {
  return isTried;
}

/**
 * Return the pixels of a picture of this size, in memory that may be larger; undefined if it is broken.
 * @param {Uint8Array} data @param {string} kind @param {number} width @param {number} height
 * @returns {Promise<ArrayBuffer | undefined>}
 */
export async function pixelsOf(data, kind, width, height) {
  const source = /** @type {Uint8Array<ArrayBuffer>} */ (data);
  const decoder = new ImageDecoder({ type: `image/${kind}`, data: source, colorSpaceConversion: "none" });
  try {
    const { image } = await decoder.decode();
    try {
      if (image.displayWidth !== width || image.displayHeight !== height) return undefined;
      const pixels = memory(4 * width * height);
      await image.copyTo(pixels, { format: "RGBA" });
      return pixels;
    } finally {
      image.close();
    }
  } catch {
    return undefined;
  } finally {
    decoder.close();
  }
}

/** Use the memory of pixels that have been drawn again, if it is of this kind. @param {ArrayBuffer} pixels */
export function giveBack(pixels) {
  const size = pixels.byteLength;
  if (size < LEAST_BYTES || size & (size - 1) || spareBytes + size > MOST_SPARE) return;
  spareBytes += size;
  if (!spare.get(size)?.push(pixels)) spare.set(size, [pixels]);
}

/** @param {number} bytes @returns {ArrayBuffer} */
function memory(bytes) {
  let size = LEAST_BYTES;
  while (size < bytes) size *= 2;
  const found = spare.get(size)?.pop();
  if (found) spareBytes -= size;
  return found ?? new ArrayBuffer(size);
}

async function trial() {
  if (typeof ImageDecoder !== "function" || typeof VideoFrame !== "function") return false;
  const data = Uint8Array.from(atob(TRIAL), (one) => one.charCodeAt(0));
  const pixels = await pixelsOf(data, "png", 2, 1);
  if (!pixels) return false;
  const seen = new Uint8Array(pixels);
  return COLOURS.every((wanted, at) => seen[at] === wanted);
}
