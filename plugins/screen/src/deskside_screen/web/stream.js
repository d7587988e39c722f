// @ts-check
/**
 * The running stream of small pieces: each rests on those before it, so all of them are read, in the order in
 * which they came, even where they are not painted.
 *
 * @typedef {import("./painter.js").Piece} Piece
 */

import { view } from "./checks.js";
import { Inflate } from "./inflate.js";

const HEAD_BYTES = 4;
const MOST_PIXELS = 32 * 1024;
/** What a piece has besides its pixels: its form, and colours. */
const SPARE_BYTES = 2048;
/** @type {import("./painter.js").Packing[]} */
const FORMS = ["runs", "numbered", "true"];

export class Stream {
  /** None where a part is missing, until it begins anew. @type {Inflate | null} */
  #inflate = null;
  /** Whether one in this message could not be read; no more of it is tried then. */
  #isBroken = false;

  /** Return pieces without those of the stream, which have become others. @param {Piece[]} pieces */
  loosened(pieces) {
    this.#isBroken = false;
    return pieces.map((piece) => (piece.packing === "stream" && !this.#isBroken ? this.#loosened(piece) : piece));
  }

  /** A piece was passed over, so what follows cannot be read. */
  miss() {
    this.#inflate = null;
  }

  /** Return the piece itself if it cannot be read; it is not sound. @param {Piece} piece @returns {Piece} */
  #loosened(piece) {
    const { width, height, data } = piece;
    const head = data.length > HEAD_BYTES ? view(data).getUint32(0, true) : 0;
    if (head & 1) this.#inflate = new Inflate();
    const length = head >>> 1;
    const area = width * height;
    try {
      if (!(area > 0 && area <= MOST_PIXELS) || length < 2 || length > 3 * area + SPARE_BYTES) throw new RangeError("it lies about its size");
      const read = this.#inflate?.read(data.subarray(HEAD_BYTES), length);
      const packing = FORMS[read?.[0] ?? FORMS.length];
      return read && packing ? { ...piece, packing, data: read.subarray(1) } : piece;
    } catch {
      this.#inflate = null;
      this.#isBroken = true;
      return piece;
    }
  }
}
