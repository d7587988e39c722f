// @ts-check
/**
 * Decodes the video of the region that keeps moving, one picture at a time and in order. A picture that does not
 * come is given up after a while; a decoder that fails begins anew with a key picture, and a few failures end it.
 *
 * @typedef {import("./painter.js").Piece} Piece
 * @typedef {{codecs: string[]} | {wantsKey: true}} News
 * @typedef {{decoder: VideoDecoder, stamp: number, width: number, height: number, timer: number, resolve: (frame: VideoFrame | undefined) => void}} Waiting
 */

import { VIDEO_HEAD_BYTES } from "./checks.js";
import { headOf } from "./headers.js";

/** A piece says which of these it is. */
export const CODECS = ["h264", "vp9", "h264_full"];
const KEY = 1;
/** The number of what a worker tells without being asked. */
export const NEWS = -1;
const COUNTS = 1 << 16;
const LATE_MS = 3000;
const MOST_FAILURES = 4;
/** So many good pictures make failures forgotten. */
const FORGIVEN = 100;
/** Pictures that may still come before the key picture that was asked for. */
const MOST_MISSED = 256;

export class Film {
  /** @type {VideoDecoder | null} */
  #decoder = null;
  #stream = "";
  #count = -1;
  #stamp = 0;
  #failures = 0;
  #good = 0;
  /** Whether pictures may rest on what has come. */
  #isBegun = false;
  /** Pictures passed over since a key picture was asked for; -1 if none was. */
  #missed = -1;
  /** @type {Waiting[]} */
  #waiting = [];

  /** @param {(news: News) => void} tell @param {number} lateMs */
  constructor(tell, lateMs = LATE_MS) {
    this.tell = tell;
    this.lateMs = lateMs;
  }

  get #isOver() {
    return this.#failures >= MOST_FAILURES || typeof VideoDecoder !== "function";
  }

  /** Begin anew: the next picture is a key picture. */
  begin() {
    this.#isBegun = false;
    this.#missed = -1;
  }

  /** Let go of the decoder. */
  end() {
    this.#close();
  }

  /** Resolves to the picture, null if it is passed over, undefined if it is broken. @param {Piece} piece @returns {Promise<VideoFrame | null | undefined>} */
  decode(piece) {
    if (this.#isOver || piece.data.length <= VIDEO_HEAD_BYTES) return Promise.resolve(undefined);
    const [number, flags, low, high] = piece.data;
    const data = piece.data.subarray(VIDEO_HEAD_BYTES);
    const head = headOf(CODECS[number], data);
    const isKey = flags === KEY;
    const count = low + 256 * high;
    if (isKey ? !head || head.width !== piece.width || head.height !== piece.height : head !== null) return this.#failed();
    if (head) return this.#decode(piece, count, data, head);
    if (!this.#isBegun && this.#missed >= 0 && this.#missed < MOST_MISSED) return this.#pass();
    if (!this.#isBegun || count !== (this.#count + 1) % COUNTS) return this.#failed();
    return this.#decode(piece, count, data, null);
  }

  /** Return a decoder that is ready for a key picture. @param {import("./headers.js").Head} head */
  #begin({ width, height, config }) {
    const stream = `${config} ${width} ${height}`;
    this.#isBegun = true;
    this.#missed = -1;
    if (this.#decoder && this.#stream === stream) return this.#decoder;
    const before = this.#decoder;
    const decoder = new VideoDecoder({
      output: (frame) => this.#came(decoder, frame),
      error: () => this.#isUsed(decoder) && void this.#failed(),
    });
    this.#decoder = decoder;
    this.#stream = stream;
    if (before) this.#retire(before);
    decoder.configure(configOf(config, width, height));
    return decoder;
  }

  /** Tell whether something is still to come from a decoder. @param {VideoDecoder} decoder */
  #isUsed(decoder) {
    return this.#decoder === decoder || this.#waiting.some((one) => one.decoder === decoder);
  }

  /** Close a decoder unless something is still to come from it. @param {VideoDecoder} decoder */
  #retire(decoder) {
    if (!this.#isUsed(decoder) && decoder.state !== "closed") decoder.close();
  }

  /** @param {Piece} piece @param {number} count @param {Uint8Array} data @param {import("./headers.js").Head | null} head @returns {Promise<VideoFrame | undefined>} */
  #decode({ width, height }, count, data, head) {
    this.#count = count;
    this.#stamp += 1;
    const stamp = this.#stamp;
    try {
      const decoder = head ? this.#begin(head) : this.#decoder;
      if (!decoder) return this.#failed();
      decoder.decode(new EncodedVideoChunk({ type: head ? "key" : "delta", timestamp: stamp, data }));
      return new Promise((resolve) => {
        const timer = setTimeout(() => void this.#failed(), this.lateMs);
        this.#waiting.push({ decoder, stamp, width, height, timer, resolve });
      });
    } catch {
      return this.#failed();
    }
  }

  /** @param {VideoDecoder} decoder @param {VideoFrame} frame */
  #came(decoder, frame) {
    if (!this.#isUsed(decoder)) return frame.close();
    const first = this.#waiting.find((one) => one.decoder === decoder);
    if (!first || frame.timestamp !== first.stamp || frame.displayWidth !== first.width || frame.displayHeight !== first.height) {
      frame.close();
      return void this.#failed();
    }
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    this.#retire(decoder);
    clearTimeout(first.timer);
    this.#good += 1;
    if (this.#good >= FORGIVEN) this.#failures = 0;
    first.resolve(frame);
  }

  #pass() {
    this.#missed += 1;
    return Promise.resolve(null);
  }

  /** Give up what is being decoded and ask for a new beginning, or for no more video. */
  #failed() {
    this.#close();
    this.#isBegun = false;
    this.#failures += 1;
    this.#good = 0;
    if (this.#missed < 0) this.#missed = 0;
    this.tell(this.#isOver ? { codecs: [] } : { wantsKey: true });
    return Promise.resolve(undefined);
  }

  #close() {
    const [current, waiting] = [this.#decoder, this.#waiting.splice(0)];
    this.#decoder = null;
    if (current) this.#retire(current);
    for (const { decoder, timer, resolve } of waiting) {
      clearTimeout(timer);
      this.#retire(decoder);
      resolve(undefined);
    }
  }
}

/** Not by the graphics card: many hold pictures back until the next have come. @param {string} codec @param {number} width @param {number} height @returns {VideoDecoderConfig} */
export function configOf(codec, width, height) {
  return { codec, codedWidth: width, codedHeight: height, optimizeForLatency: true, hardwareAcceleration: "prefer-software" };
}
