// @ts-check
/** The canvas of the picture, painted by a worker where the browser can do that, else here. */

import { Painter } from "./painter.js";

/** @typedef {import("./painter.js").Piece} Piece */
/** @typedef {{begin(width: number, height: number): Promise<number>, paint(pieces: Piece[]): Promise<number>, end(): void}} Brush */

/** @param {HTMLCanvasElement} canvas @returns {Brush} */
export function brushFor(canvas) {
  if (typeof Worker !== "function" || typeof canvas.transferControlToOffscreen !== "function") return here(canvas);
  try {
    return elsewhere(canvas, new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
  } catch (error) {
    console.warn("the picture is painted without a worker:", error);
    return here(canvas);
  }
}

/** @param {HTMLCanvasElement} canvas @returns {Brush} */
function here(canvas) {
  const painter = new Painter(canvas);
  return {
    begin: (width, height) => painter.begin(width, height),
    paint: (pieces) => painter.paint(pieces),
    end() {},
  };
}

/** @param {HTMLCanvasElement} canvas @param {Worker} worker @returns {Brush} */
function elsewhere(canvas, worker) {
  /** @type {Map<number, (failed: number) => void>} */
  const waiting = new Map();
  let count = 0;
  worker.addEventListener("message", ({ data: [number, failed] }) => {
    waiting.get(number)?.(failed);
    waiting.delete(number);
  });
  worker.addEventListener("error", (event) => console.error("the picture's worker failed:", event.message));
  const paper = canvas.transferControlToOffscreen();
  worker.postMessage({ canvas: paper }, [paper]);

  /** @param {object} task @param {Transferable[]} given @returns {Promise<number>} */
  const ask = (task, given = []) => {
    count += 1;
    const number = count;
    worker.postMessage({ ...task, number }, given);
    return new Promise((resolve) => waiting.set(number, resolve));
  };
  return {
    begin: (width, height) => ask({ width, height }),
    paint(pieces) {
      // A view into a larger buffer would be sent with all of it.
      const own = pieces.map((piece) => ({ ...piece, data: piece.data.slice() }));
      return ask({ pieces: own }, own.map((piece) => piece.data.buffer));
    },
    end() {
      worker.terminate();
      for (const resolve of waiting.values()) resolve(0);
      waiting.clear();
    },
  };
}
