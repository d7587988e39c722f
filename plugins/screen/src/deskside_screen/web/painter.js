// @ts-check
/**
 * Turns pieces of the picture into what is to be drawn, strictly in the order in which they came. What is not sound is
 * passed over and counted. Nothing here touches the page, so that a worker can do it.
 *
 * @typedef {"png" | "jpeg" | "runs" | "copy" | "keep" | "recall" | "video" | "stream" | "numbered" | "true"} Packing
 * @typedef {{x: number, y: number, width: number, height: number, packing: Packing, data: Uint8Array}} Piece
 * @typedef {import("./easel.js").Stroke} Stroke
 * @typedef {import("./decode.js").Drawable | ArrayBuffer | null | undefined} Decoded
 * @typedef {(strokes: Stroke[], failed: number) => unknown} Hand Has strokes drawn; what it returns resolves once that is done.
 */

import { LEAST_BUDGET, MOST_TIMES, SIDE, SLOTS, areaOf, fitsPage, soundOf, tilesOf, view } from "./checks.js";
import { decodePiece, release } from "./decode.js";
import { ACROSS } from "./easel.js";
import { numberedOf, runsOf, trueOf } from "./pixels.js";
import { decodable } from "./selftest.js";
import { Stream } from "./stream.js";
import { Film } from "./video.js";

/** Messages whose pieces are being decoded; whoever sends more does not heed what was shown. */
const MOST_WAITING = 1024;
/** Their bytes. */
const MOST_HELD = 1 << 26;
const PLACE_BYTES = 6;
/** So many times as long as another size took, no other is begun. */
const RESTS = 4;

export class Painter {
  #waiting = 0;
  /** Pixels being decoded, or decoded and not drawn. */
  #decoding = 0;
  /** Bytes of the pieces that wait. */
  #held = 0;
  /** When everything that came has been handed over. @type {Promise<any>} */
  #last = Promise.resolve();
  /** When everything that was handed over has been drawn. @type {Promise<any>} */
  #drawn = Promise.resolve();
  /** When everything that came has begun to be decoded. @type {Promise<any>} */
  #fed = Promise.resolve();
  /** How many pictures have begun: what belongs to an earlier one need not be drawn any more. */
  #begun = 0;
  /** When the page may be given another size again. @type {Promise<unknown>} */
  #rested = Promise.resolve();
  /** The size once everything that waits is painted. */
  #size = { width: 0, height: 0 };
  /** Which slots hold a tile, once everything is drawn that has been handed over. */
  #filled = new Uint8Array(SLOTS);
  #stream = new Stream();

  /** @param {(news: import("./video.js").News) => void} tell */
  constructor(tell = () => {}) {
    this.film = new Film(tell);
    void decodable().then((codecs) => tell({ codecs }));
  }

  /** Begin a picture of this size; what was kept is forgotten. @param {number} width @param {number} height @param {Hand} hand */
  begin(width, height, hand) {
    const isFit = fitsPage({ width, height });
    const isOther = width !== this.#size.width || height !== this.#size.height;
    this.#begun += 1;
    const number = this.#begun;
    this.#size = isFit ? { width, height } : { width: 0, height: 0 };
    const begun = this.#fed.then(() => this.film.begin());
    this.#fed = begun;
    // Another size is dear: whoever changes it again and again must not keep the page from everything else.
    const ready = isOther ? this.#last.then(() => this.#rested) : begun;
    return this.#inTurn(ready.then(() => begun).then(() => []), async () => {
      if (number !== this.#begun) return this.#give([], isFit ? 0 : 1, hand);
      const from = performance.now();
      this.#filled.fill(0);
      const drawn = this.#give(isFit ? [{ how: "size", width, height }] : [], isFit ? 0 : 1, hand);
      if (isOther) this.#rested = drawn.then(() => pause(RESTS * (performance.now() - from)));
      return drawn;
    });
  }

  /** Hand over what is in pieces, and how many could not be painted. @param {Piece[]} pieces @param {Hand} hand */
  paint(pieces, hand) {
    if (this.#waiting >= MOST_WAITING) {
      this.#stream.miss();
      return this.#give([], pieces.length, hand);
    }
    const [size, number] = [this.#size, this.#begun];
    const sound = soundOf(this.#stream.loosened(pieces), size);
    const broken = pieces.length - sound.length;
    const toDecode = sound.filter(needsDecoder);
    if (this.#waiting === 0 && toDecode.length === 0) return this.#hand(sound, [], broken, size, hand);
    const bytes = sound.reduce((sum, piece) => sum + piece.data.length, 0);
    if (this.#held + bytes > MOST_HELD) return this.#give([], pieces.length, hand);
    this.#held += bytes;
    const area = toDecode.reduce((sum, piece) => sum + areaOf(piece), 0);
    const most = MOST_TIMES * Math.max(size.width * size.height, LEAST_BUDGET);
    // What is decoded at a time is bounded, or many messages of few bytes could fill the memory.
    const isMuch = this.#decoding > 0 && this.#decoding + area > most;
    this.#decoding += area;
    const begun = isMuch ? this.#last.then(() => this.#drawn) : this.#fed;
    const fed = begun.then(() => sound.map((piece) => this.#decoded(piece)));
    this.#fed = fed;
    return this.#inTurn(fed.then((coming) => Promise.all(coming)), async (ready) => {
      this.#held -= bytes;
      const isVoid = number !== this.#begun;
      if (isVoid) ready.forEach(letGo);
      const drawn = isVoid ? this.#give([], broken, hand) : this.#hand(sound, ready, broken, size, hand);
      await drawn.finally(() => (this.#decoding -= area));
    });
  }

  /**
   * @param {Promise<Decoded[]>} coming
   * @param {(decoded: Decoded[]) => unknown} step Hands over at once, and resolves when all is drawn.
   * @returns {Promise<unknown>}
   */
  #inTurn(coming, step) {
    this.#waiting += 1;
    const before = this.#last;
    const mine = coming.catch(() => []).then(async (decoded) => {
      await before;
      this.#waiting -= 1;
      // Not waited for here: the next may be handed over while this is being drawn.
      return { drawn: (async () => step(decoded))() };
    });
    this.#last = mine;
    return mine.then(({ drawn }) => drawn);
  }

  /** Return what is in a piece, null if it needs no decoder, undefined if it is broken. @param {Piece} piece @returns {Decoded | Promise<Decoded>} */
  #decoded(piece) {
    if (piece.packing === "video") return this.film.decode(piece);
    return needsDecoder(piece) ? decodePiece(piece) : null;
  }

  /** @param {Piece[]} pieces @param {Decoded[]} decoded @param {number} broken @param {import("./checks.js").Size} size @param {Hand} hand */
  #hand(pieces, decoded, broken, size, hand) {
    /** @type {Stroke[]} */
    const strokes = [];
    let failed = broken;
    for (const [index, piece] of pieces.entries()) {
      try {
        failed += this.#add(strokes, piece, decoded[index], size);
      } catch (error) {
        console.warn("a piece of the picture could not be read:", error);
        failed += 1;
      }
    }
    return this.#give(strokes, failed, hand);
  }

  /** @param {Stroke[]} strokes @param {number} failed @param {Hand} hand */
  #give(strokes, failed, hand) {
    const drawn = Promise.resolve(hand(strokes, failed));
    this.#drawn = drawn;
    return drawn;
  }

  /** Add what draws a piece; return how many could not be read. @param {Stroke[]} strokes @param {Piece} piece @param {Decoded} decoded @param {import("./checks.js").Size} size */
  #add(strokes, piece, decoded, size) {
    const { packing } = piece;
    if (packing === "keep" || packing === "recall") return this.#addTiles(strokes, packing, piece, size);
    // A picture of a video before its beginning has come.
    if (packing === "video" && decoded === null) return 0;
    const stroke = strokeOf(piece, decoded);
    if (stroke) strokes.push(stroke);
    return stroke ? 0 : 1;
  }

  /** @param {Stroke[]} strokes @param {"keep" | "recall"} how @param {Piece} piece @param {import("./checks.js").Size} size */
  #addTiles(strokes, how, piece, size) {
    const tiles = tilesOf(piece, size).filter(({ slot }) => how === "keep" || this.#filled[slot]);
    if (how === "keep") for (const { slot } of tiles) this.#filled[slot] = 1;
    if (tiles.length) strokes.push({ how, runs: runsOfTiles(tiles) });
    return tiles.length * PLACE_BYTES === piece.data.length ? 0 : 1;
  }
}

/** @param {Piece} piece @param {Decoded} decoded @returns {Stroke | undefined} */
function strokeOf(piece, decoded) {
  const { x, y, width, height, packing, data } = piece;
  if (packing === "runs") return runsOf(piece);
  if (packing === "numbered") return numberedOf(piece);
  if (packing === "true") return trueOf(piece);
  if (packing === "copy") {
    const from = view(data);
    return { how: "copy", x, y, width, height, from: [from.getUint16(0, true), from.getUint16(2, true)] };
  }
  if (!decoded) return undefined;
  return decoded instanceof ArrayBuffer
    ? { how: "pixels", x, y, width, height, pixels: decoded }
    : { how: "bitmap", x, y, width, height, bitmap: decoded };
}

/** Join tiles that are neighbours on the screen and in the slots. @param {{x: number, y: number, slot: number}[]} tiles */
function runsOfTiles(tiles) {
  /** @type {import("./easel.js").Run[]} */
  const found = [];
  for (const { x, y, slot } of tiles) {
    const last = found.at(-1);
    const isNext = last && y === last.y && x === last.x + last.count * SIDE && slot === last.slot + last.count;
    if (isNext && slot % ACROSS) last.count += 1;
    else found.push({ x, y, slot, count: 1 });
  }
  return found;
}

/** @param {Decoded} decoded */
function letGo(decoded) {
  if (decoded && !(decoded instanceof ArrayBuffer)) release(decoded);
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @param {Piece} piece */
function needsDecoder({ packing }) {
  return packing === "png" || packing === "jpeg" || packing === "video";
}
