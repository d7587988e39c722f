// @ts-check
/**
 * Decodes pieces of the picture and paints them, strictly in the order in which they came. What is not sound is
 * passed over and counted.
 *
 * @typedef {"png" | "jpeg" | "runs" | "copy" | "keep" | "recall"} Packing
 * @typedef {{x: number, y: number, width: number, height: number, packing: Packing, data: Uint8Array}} Piece
 * @typedef {ImageBitmap | null | undefined} Bitmap
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */

import { LEAST_BUDGET, MOST_TIMES, SIDE, SLOTS, areaOf, fitsPage, soundOf, tilesOf, view } from "./checks.js";

/** The source's colours, neither converted nor multiplied: an exact piece stays exact. @type {ImageBitmapOptions} */
const AS_IS = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
const NOW = Promise.resolve();
const ACROSS = 32;
/** Messages whose pieces are being decoded; whoever sends more does not heed what was shown. */
const MOST_WAITING = 1024;

export class Painter {
  #waiting = 0;
  /** Pixels being decoded. */
  #decoding = 0;
  /** @type {Promise<any>} */
  #last = Promise.resolve();
  /** The size once everything that waits is painted. */
  #size = { width: 0, height: 0 };
  /** @type {Context | null} */
  #kept = null;
  #filled = new Uint8Array(SLOTS);

  /** @param {HTMLCanvasElement | OffscreenCanvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {Context} */ (canvas.getContext("2d", { alpha: false, desynchronized: true }));
  }

  /**
   * Begin a picture of this size; what was kept is forgotten. One of the same size stays until it is painted
   * over, so nothing flickers. Resolves to how much could not be done.
   * @param {number} width @param {number} height @returns {Promise<number>}
   */
  begin(width, height) {
    const isFit = fitsPage({ width, height });
    this.#size = isFit ? { width, height } : { width: 0, height: 0 };
    return this.#inTurn(Promise.resolve([]), () => {
      this.#filled.fill(0);
      if (!isFit) return 1;
      if (this.canvas.width === width && this.canvas.height === height) return 0;
      this.canvas.width = width;
      this.canvas.height = height;
      return 0;
    });
  }

  /** Paint pieces; resolves to how many could not be painted. @param {Piece[]} pieces @returns {Promise<number>} */
  paint(pieces) {
    if (this.#waiting >= MOST_WAITING) return Promise.resolve(pieces.length);
    const sound = soundOf(pieces, this.#size);
    const broken = pieces.length - sound.length;
    const toDecode = sound.filter(needsDecoder);
    if (this.#waiting === 0 && toDecode.length === 0) return Promise.resolve(broken + this.#draw(sound, []));
    const area = toDecode.reduce((sum, piece) => sum + areaOf(piece), 0);
    const most = MOST_TIMES * Math.max(this.#size.width * this.#size.height, LEAST_BUDGET);
    // What is decoded at a time is bounded, or many messages of few bytes could fill the memory.
    const isMuch = this.#decoding > 0 && this.#decoding + area > most;
    this.#decoding += area;
    const bitmaps = (isMuch ? this.#last : NOW).then(() => Promise.all(sound.map(decoded)));
    return this.#inTurn(bitmaps, (ready) => {
      this.#decoding -= area;
      return broken + this.#draw(sound, ready);
    });
  }

  /**
   * @param {Promise<Bitmap[]>} coming
   * @param {(bitmaps: Bitmap[]) => number} step
   * @returns {Promise<number>}
   */
  #inTurn(coming, step) {
    this.#waiting += 1;
    const before = this.#last;
    const mine = coming.then(async (bitmaps) => {
      await before;
      this.#waiting -= 1;
      try {
        return step(bitmaps);
      } catch (error) {
        console.warn("a picture could not be painted:", error);
        return 1;
      }
    });
    this.#last = mine;
    return mine;
  }

  /** Return how many failed. @param {Piece[]} pieces @param {Bitmap[]} bitmaps */
  #draw(pieces, bitmaps) {
    let failed = 0;
    for (const [index, piece] of pieces.entries()) if (!this.#drawOne(piece, bitmaps[index])) failed += 1;
    return failed;
  }

  /** @param {Piece} piece @param {Bitmap} bitmap @returns {boolean} */
  #drawOne(piece, bitmap) {
    const { x, y, width, height, packing, data } = piece;
    if (packing === "runs") return drawRuns(this.context, piece);
    if (packing === "keep") return this.#keep(piece);
    if (packing === "recall") return this.#recall(piece);
    if (packing === "copy") {
      const from = view(data);
      this.context.drawImage(this.canvas, from.getUint16(0, true), from.getUint16(2, true), width, height, x, y, width, height);
      return true;
    }
    if (!bitmap) return false;
    this.context.drawImage(bitmap, x, y, width, height);
    bitmap.close();
    return true;
  }

  /** @param {Piece} piece */
  #keep(piece) {
    const tiles = tilesOf(piece, this.canvas);
    this.#kept ??= spare(ACROSS * SIDE, (SLOTS / ACROSS) * SIDE);
    for (const { x, y, slot } of tiles) {
      this.#kept.drawImage(this.canvas, x, y, SIDE, SIDE, ...corner(slot), SIDE, SIDE);
      this.#filled[slot] = 1;
    }
    return tiles.length * 6 === piece.data.length;
  }

  /** @param {Piece} piece */
  #recall(piece) {
    let painted = 0;
    for (const { x, y, slot } of tilesOf(piece, this.canvas)) {
      if (!this.#kept || !this.#filled[slot]) continue;
      this.context.drawImage(this.#kept.canvas, ...corner(slot), SIDE, SIDE, x, y, SIDE, SIDE);
      painted += 1;
    }
    return painted * 6 === piece.data.length;
  }
}

/** Where a slot lies. @param {number} slot @returns {[number, number]} */
function corner(slot) {
  return [(slot % ACROSS) * SIDE, Math.floor(slot / ACROSS) * SIDE];
}

/** Return a canvas that nobody sees. @param {number} width @param {number} height @returns {Context} */
function spare(width, height) {
  const canvas = typeof OffscreenCanvas === "function" ? new OffscreenCanvas(width, height) : document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return /** @type {Context} */ (canvas.getContext("2d", { alpha: false }));
}

/** @param {Piece} piece */
function needsDecoder({ packing }) {
  return packing === "png" || packing === "jpeg";
}

/** Return the bitmap of a piece, null if it needs none, undefined if it is broken. @param {Piece} piece @returns {Bitmap | Promise<Bitmap>} */
function decoded(piece) {
  if (!needsDecoder(piece)) return null;
  const blob = new Blob([/** @type {BlobPart} */ (piece.data)], { type: `image/${piece.packing}` });
  return createImageBitmap(blob, AS_IS).catch(() => undefined);
}

/** Colours, then the number of the colour of each run, then the runs' lengths. @param {Context} context @param {Piece} piece @returns {boolean} */
function drawRuns(context, { x, y, width, height, data }) {
  const words = view(data);
  const count = words.getUint16(0, true);
  const numbersAt = 2 + 4 * count;
  const runs = (data.length - numbersAt) / 3;
  const size = width * height;
  if (count === 0 || runs < 1 || !Number.isInteger(runs)) return false;
  const lengthOf = (/** @type {number} */ run) => words.getUint16(numbersAt + runs + 2 * run, true) + 1;
  let left = size;
  for (let run = 0; run < runs; run += 1) {
    left -= lengthOf(run);
    if (left < 0 || data[numbersAt + run] >= count) return false;
  }
  if (left !== 0) return false;
  if (count === 1) {
    context.fillStyle = `#${(words.getUint32(2, true) & 0xffffff).toString(16).padStart(6, "0")}`;
    context.fillRect(x, y, width, height);
    return true;
  }
  const colours = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) colours[at] = pixelOf(words.getUint32(2 + 4 * at, true));
  const pixels = new Uint32Array(size);
  for (let run = 0, at = 0; run < runs; run += 1) {
    const end = at + lengthOf(run);
    pixels.fill(colours[data[numbersAt + run]], at, end);
    at = end;
  }
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), x, y);
  return true;
}

/** Turn 0xRRGGBB into a canvas's pixel. @param {number} colour */
function pixelOf(colour) {
  return (0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | ((colour >> 16) & 0xff)) >>> 0;
}
