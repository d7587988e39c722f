// @ts-check
/**
 * Draws what a painter hands over: the only place that touches the canvas. It belongs to the page, for there a canvas
 * may show what is drawn at once (`desynchronized`); a worker's waits for the next turn of the screen.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Place
 * @typedef {{x: number, y: number, slot: number, count: number}} Run Tiles beside each other, in slots beside each other.
 * @typedef {{how: "size", width: number, height: number}
 *   | Place & {how: "fill", colour: string}
 *   | Place & {how: "pixels", pixels: ArrayBuffer}
 *   | Place & {how: "bitmap", bitmap: import("./decode.js").Drawable}
 *   | Place & {how: "copy", from: [number, number]}
 *   | {how: "keep" | "recall", runs: Run[]}} Stroke
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */

import { SIDE, SLOTS } from "./checks.js";
import { release } from "./decode.js";

export const ACROSS = 32;
/** How long parts of a picture wait for each other: each drawing shows the whole canvas anew, which costs more. */
const TOGETHER_MS = 16;

export class Easel {
  /** @type {Context | null} */
  #kept = null;
  /** @type {{strokes: Stroke[], done: (failed: number) => void}[]} */
  #waiting = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer = undefined;
  #drawnAt = -TOGETHER_MS;

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {Context} */ (canvas.getContext("2d", { alpha: false, desynchronized: true }));
  }

  /**
   * Draw at once what makes a picture whole, its parts before that not more often than screens show anything. `done` is
   * told how many failed.
   * @param {Stroke[]} strokes @param {boolean} isWhole @param {(failed: number) => void} done
   */
  take(strokes, isWhole, done) {
    this.#waiting.push({ strokes, done });
    const wait = this.#drawnAt + TOGETHER_MS - performance.now();
    if (isWhole || wait <= 0) this.#drawWaiting();
    else this.#timer ??= setTimeout(() => this.#drawWaiting(), wait);
  }

  #drawWaiting() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    for (const { strokes, done } of this.#waiting.splice(0)) done(this.#drawAll(strokes));
  }

  /** Return how many failed. @param {Stroke[]} strokes */
  #drawAll(strokes) {
    let failed = 0;
    for (const stroke of strokes) {
      try {
        this.#draw(stroke);
      } catch (error) {
        console.warn("a picture could not be painted:", error);
        failed += 1;
      } finally {
        if (stroke.how === "bitmap") release(stroke.bitmap);
      }
    }
    return failed;
  }

  /** @param {Stroke} stroke */
  #draw(stroke) {
    if (stroke.how === "size") return this.#begin(stroke);
    if (stroke.how === "keep") return this.#keep(stroke.runs);
    if (stroke.how === "recall") return this.#recall(stroke.runs);
    const { x, y, width, height } = stroke;
    if (stroke.how === "fill") {
      this.context.fillStyle = stroke.colour;
      return this.context.fillRect(x, y, width, height);
    }
    if (stroke.how === "copy") return this.context.drawImage(this.canvas, ...stroke.from, width, height, x, y, width, height);
    if (stroke.how === "bitmap") return this.context.drawImage(stroke.bitmap, x, y, width, height);
    const pixels = new Uint8ClampedArray(stroke.pixels, 0, 4 * width * height);
    return this.context.putImageData(new ImageData(pixels, width, height), x, y);
  }

  /** A picture of the same size stays until it is painted over, so nothing flickers. @param {{width: number, height: number}} size */
  #begin({ width, height }) {
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
  }

  /** @param {Run[]} runs */
  #keep(runs) {
    this.#kept ??= spare(ACROSS * SIDE, (SLOTS / ACROSS) * SIDE);
    for (const { x, y, slot, count } of runs) {
      const width = count * SIDE;
      this.#kept.drawImage(this.canvas, x, y, width, SIDE, ...corner(slot), width, SIDE);
    }
  }

  /** @param {Run[]} runs */
  #recall(runs) {
    if (!this.#kept) return;
    for (const { x, y, slot, count } of runs) {
      const width = count * SIDE;
      this.context.drawImage(this.#kept.canvas, ...corner(slot), width, SIDE, x, y, width, SIDE);
    }
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
