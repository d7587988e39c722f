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
/** One colour and one run. */
const LEAST_RUNS = 9;
const PNG_SIZE_AT = 16;
const PNG_LEAST = 24;
const JPEG_LENGTHLESS = new Set([0x01, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8]);

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

/** @param {DataView} words @returns {Size | null} */
function pngSize(words) {
  if (words.byteLength < PNG_LEAST || words.getUint32(0) !== 0x89504e47) return null;
  return { width: words.getUint32(PNG_SIZE_AT), height: words.getUint32(PNG_SIZE_AT + 4) };
}

/** Read the first frame header. @param {DataView} words @returns {Size | null} */
function jpegSize(words) {
  let at = 0;
  while (at + 9 < words.byteLength && words.getUint8(at) === 0xff) {
    const marker = words.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xc2) return { width: words.getUint16(at + 7), height: words.getUint16(at + 5) };
    at += JPEG_LENGTHLESS.has(marker) ? 2 : 2 + words.getUint16(at + 2);
  }
  return null;
}
