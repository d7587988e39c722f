// @ts-check
/**
 * What a piece may be: the customer's machine is not believed. Nothing is decoded, filled or copied before it
 * has passed here, so no piece makes the page reserve more memory than the picture and its slots take.
 *
 * @typedef {import("./painter.js").Piece} Piece
 * @typedef {{width: number, height: number}} Size
 */

export const SIDE = 64;
export const SLOTS = 1024;
/** Pixels of the largest picture. */
export const MOST_PIXELS = 1 << 26;
/** How often one message may paint the whole picture. */
export const MOST_TIMES = 4;
export const LEAST_BUDGET = 1 << 20;
const PLACE_BYTES = 6;
export const VIDEO_HEAD_BYTES = 4;
/** One colour and one run. */
const LEAST_RUNS = 9;
const PNG_HEAD_BYTES = 8;
/** Length, name and checksum of a part. */
const PNG_PART_BYTES = 12;
const [IHDR, PLTE, IDAT, IEND] = [0x49484452, 0x504c5445, 0x49444154, 0x49454e44];
/** Grey, coloured, by number: those that cannot be seen through. */
const PNG_OPAQUE = [0, 2, 3];
const [JPEG_BEGIN, JPEG_FRAME] = [0xd8, 0xc0];
/** Tables, comments and what programs say of themselves; a frame of another kind is none of them. */
const isJpegPart = (/** @type {number} */ marker) => marker === 0xc4 || (marker >= 0xdb && marker <= 0xfe);

/** @param {Size} size */
export function fitsPage({ width, height }) {
  return width > 0 && height > 0 && width * height <= MOST_PIXELS;
}

/**
 * Return the sound pieces of a message, as long as they do not paint the picture over and over.
 * @param {Piece[]} pieces @param {Size} canvas
 */
export function soundOf(pieces, canvas) {
  let left = MOST_TIMES * Math.max(canvas.width * canvas.height, LEAST_BUDGET);
  return pieces.filter((piece) => {
    if (!isSound(piece, canvas)) return false;
    left -= areaOf(piece);
    return left >= 0;
  });
}

/** Return how many pixels a piece paints. @param {Piece} piece */
export function areaOf({ width, height, packing, data }) {
  return packing === "keep" || packing === "recall" ? (data.length / PLACE_BYTES) * SIDE * SIDE : width * height;
}

/** Tell whether a piece is one of this picture and says the truth about itself. @param {Piece} piece @param {Size} canvas */
function isSound(piece, canvas) {
  const { x, y, width, height, packing, data } = piece;
  if (!(width > 0 && height > 0) || !isInside(x, y, piece, canvas)) return false;
  const words = view(data);
  if (packing === "copy") return data.length === 4 && isInside(words.getUint16(0, true), words.getUint16(2, true), piece, canvas);
  if (packing === "runs") return data.length >= LEAST_RUNS;
  if (packing === "numbered") return data.length > width * height;
  if (packing === "true") return data.length === 3 * width * height;
  // What is in it is looked at by its decoder, which alone knows what it rests on.
  if (packing === "video") return data.length > VIDEO_HEAD_BYTES;
  if (packing === "keep" || packing === "recall") return data.length > 0 && data.length % PLACE_BYTES === 0;
  const size = packing === "png" ? pngSize(words) : packing === "jpeg" ? jpegSize(words) : null;
  return size !== null && size.width === width && size.height === height;
}

/**
 * Return the tiles of a piece that lie whole in the picture, with slots that exist.
 * @param {Piece} piece @param {Size} canvas @returns {{x: number, y: number, slot: number}[]}
 */
export function tilesOf({ data }, canvas) {
  const words = view(data);
  const found = [];
  for (let at = 0; at + PLACE_BYTES <= data.length; at += PLACE_BYTES) {
    const [x, y, slot] = [words.getUint16(at, true) * SIDE, words.getUint16(at + 2, true) * SIDE, words.getUint16(at + 4, true)];
    if (slot < SLOTS && x + SIDE <= canvas.width && y + SIDE <= canvas.height) found.push({ x, y, slot });
  }
  return found;
}

/** @param {Uint8Array} data */
export function view(data) {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/** @param {number} x @param {number} y @param {Size} size @param {Size} canvas */
function isInside(x, y, { width, height }, canvas) {
  return x >= 0 && y >= 0 && x + width <= canvas.width && y + height <= canvas.height;
}

/**
 * Read the size, and see that nothing is in there that we never write: other parts hold profiles and texts that
 * grow a thousand times when they are read, or further pictures.
 * @param {DataView} words @returns {Size | null}
 */
function pngSize(words) {
  if (words.byteLength < PNG_HEAD_BYTES || words.getUint32(0) !== 0x89504e47 || words.getUint32(4) !== 0x0d0a1a0a) return null;
  /** @type {Size | null} */
  let found = null;
  for (let at = PNG_HEAD_BYTES; at + PNG_PART_BYTES <= words.byteLength; ) {
    const [length, name] = [words.getUint32(at), words.getUint32(at + 4)];
    const next = at + PNG_PART_BYTES + length;
    if (next > words.byteLength) return null;
    if (name === IEND) return next === words.byteLength ? found : null;
    if ((name === IHDR) !== (at === PNG_HEAD_BYTES) || (name !== IHDR && name !== PLTE && name !== IDAT)) return null;
    if (name === IHDR) found = length === 13 ? plainSize(words, at + 8) : null;
    at = next;
  }
  return null;
}

/** @param {DataView} words @param {number} at @returns {Size | null} */
function plainSize(words, at) {
  const [depth, kind, interlace] = [words.getUint8(at + 8), words.getUint8(at + 9), words.getUint8(at + 12)];
  if (depth > 8 || !PNG_OPAQUE.includes(kind) || interlace !== 0) return null;
  return { width: words.getUint32(at), height: words.getUint32(at + 4) };
}

/**
 * Read the frame header, of a picture in one pass: one in many passes may have so many that painting never ends.
 * @param {DataView} words @returns {Size | null}
 */
function jpegSize(words) {
  if (words.byteLength < 4 || words.getUint8(0) !== 0xff || words.getUint8(1) !== JPEG_BEGIN) return null;
  for (let at = 2; at + 9 < words.byteLength && words.getUint8(at) === 0xff; at += 2 + words.getUint16(at + 2)) {
    const marker = words.getUint8(at + 1);
    if (marker === JPEG_FRAME) return { width: words.getUint16(at + 7), height: words.getUint16(at + 5) };
    if (!isJpegPart(marker)) return null;
  }
  return null;
}
