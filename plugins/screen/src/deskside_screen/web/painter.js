// @ts-check
/**
 * Decodes pieces of the picture and paints them, strictly in the order in which they came. What is not sound is
 * passed over and counted.
 *
 * @typedef {"png" | "jpeg" | "runs" | "copy" | "keep" | "recall" | "video" | "stream" | "numbered" | "true"} Packing
 * @typedef {{x: number, y: number, width: number, height: number, packing: Packing, data: Uint8Array}} Piece
 * @typedef {import("./decode.js").Drawable | null | undefined} Bitmap
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */

import { LEAST_BUDGET, MOST_TIMES, SIDE, SLOTS, areaOf, fitsPage, soundOf, tilesOf, view } from "./checks.js";
import { decodePiece, release } from "./decode.js";
import { drawNumbered, drawRuns, drawTrue } from "./pixels.js";
import { decodable } from "./selftest.js";
import { Stream } from "./stream.js";
import { Film } from "./video.js";

const ACROSS = 32;
/** Messages whose pieces are being decoded; whoever sends more does not heed what was shown. */
const MOST_WAITING = 1024;
/** Their bytes. */
const MOST_HELD = 1 << 26;

export class Painter {
  #waiting = 0;
  /** Pixels being decoded. */
  #decoding = 0;
  /** Bytes of the pieces that wait. */
  #held = 0;
  /** @type {Promise<any>} */
  #last = Promise.resolve();
  /** When everything that came has begun to be decoded. @type {Promise<any>} */
  #fed = Promise.resolve();
  /** The size once everything that waits is painted. */
  #size = { width: 0, height: 0 };
  /** @type {Context | null} */
  #kept = null;
  #filled = new Uint8Array(SLOTS);
  #stream = new Stream();

  /** @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {(news: import("./video.js").News) => void} tell */
  constructor(canvas, tell = () => {}) {
    this.canvas = canvas;
    this.film = new Film(tell);
    void decodable().then((codecs) => tell({ codecs }));
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
    this.#fed = this.#fed.then(() => this.film.begin());
    return this.#inTurn(this.#fed.then(() => []), () => {
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
    if (this.#waiting >= MOST_WAITING) {
      this.#stream.miss();
      return Promise.resolve(pieces.length);
    }
    const sound = soundOf(this.#stream.loosened(pieces), this.#size);
    const broken = pieces.length - sound.length;
    const toDecode = sound.filter(needsDecoder);
    if (this.#waiting === 0 && toDecode.length === 0) return Promise.resolve(broken + this.#draw(sound, []));
    const bytes = sound.reduce((sum, piece) => sum + piece.data.length, 0);
    if (this.#held + bytes > MOST_HELD) return Promise.resolve(pieces.length);
    this.#held += bytes;
    const area = toDecode.reduce((sum, piece) => sum + areaOf(piece), 0);
    const most = MOST_TIMES * Math.max(this.#size.width * this.#size.height, LEAST_BUDGET);
    // What is decoded at a time is bounded, or many messages of few bytes could fill the memory.
    const isMuch = this.#decoding > 0 && this.#decoding + area > most;
    this.#decoding += area;
    const fed = (isMuch ? this.#last : this.#fed).then(() => sound.map((piece) => this.#decoded(piece)));
    this.#fed = fed;
    return this.#inTurn(fed.then((coming) => Promise.all(coming)), (ready) => {
      this.#decoding -= area;
      this.#held -= bytes;
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
      } finally {
        for (const bitmap of bitmaps) if (bitmap) release(bitmap);
      }
    });
    this.#last = mine;
    return mine;
  }

  /** Return the bitmap of a piece, null if it needs none, undefined if it is broken. @param {Piece} piece @returns {Bitmap | Promise<Bitmap>} */
  #decoded(piece) {
    if (piece.packing === "video") return this.film.decode(piece);
    return needsDecoder(piece) ? decodePiece(piece) : null;
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
    if (packing === "numbered") return drawNumbered(this.context, piece);
    if (packing === "true") return drawTrue(this.context, piece);
    if (packing === "keep") return this.#keep(piece);
    if (packing === "recall") return this.#recall(piece);
    if (packing === "copy") {
      const from = view(data);
      this.context.drawImage(this.canvas, from.getUint16(0, true), from.getUint16(2, true), width, height, x, y, width, height);
      return true;
    }
    // A picture of a video before its beginning has come.
    if (bitmap === null) return true;
    if (!bitmap) return false;
    if (bitmap instanceof ImageData) this.context.putImageData(bitmap, x, y);
    else this.context.drawImage(bitmap, x, y, width, height);
    return true;
  }

  /** @param {Piece} piece */
  #keep(piece) {
    const tiles = tilesOf(piece, this.canvas);
    this.#kept ??= spare(ACROSS * SIDE, (SLOTS / ACROSS) * SIDE);
    for (const { x, y, slot, count } of strokes(tiles)) {
      const width = count * SIDE;
      this.#kept.drawImage(this.canvas, x, y, width, SIDE, ...corner(slot), width, SIDE);
      this.#filled.fill(1, slot, slot + count);
    }
    return tiles.length * 6 === piece.data.length;
  }

  /** @param {Piece} piece */
  #recall(piece) {
    const tiles = tilesOf(piece, this.canvas).filter(({ slot }) => this.#kept && this.#filled[slot]);
    for (const { x, y, slot, count } of strokes(tiles)) {
      const width = count * SIDE;
      this.context.drawImage(/** @type {Context} */ (this.#kept).canvas, ...corner(slot), width, SIDE, x, y, width, SIDE);
    }
    return tiles.length * 6 === piece.data.length;
  }
}

/**
 * Join tiles that are neighbours on the screen and in the slots: a stroke costs as much as a tile.
 * @param {{x: number, y: number, slot: number}[]} tiles
 */
function strokes(tiles) {
  /** @type {{x: number, y: number, slot: number, count: number}[]} */
  const found = [];
  for (const { x, y, slot } of tiles) {
    const last = found.at(-1);
    const isNext = last && y === last.y && x === last.x + last.count * SIDE && slot === last.slot + last.count;
    if (isNext && slot % ACROSS) last.count += 1;
    else found.push({ x, y, slot, count: 1 });
  }
  return found;
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
  return packing === "png" || packing === "jpeg" || packing === "video";
}
