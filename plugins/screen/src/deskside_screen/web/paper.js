// @ts-check
/** The canvas of the picture: decoded by a worker where the browser can do that, else here; drawn here. */

import { Easel } from "./easel.js";
import { Painter } from "./painter.js";
import { giveBack } from "./straight.js";
import { NEWS } from "./video.js";

/** @typedef {import("./painter.js").Piece} Piece */
/** @typedef {{begin(width: number, height: number): Promise<number>, paint(pieces: Piece[], isLast: boolean): Promise<number>, end(): void}} Brush */

/** @typedef {(news: import("./video.js").News) => void} Tell */

/** Tasks and bytes that may wait; whoever sends more does not heed what was shown. */
const MOST_TASKS = 4096;
const MOST_BYTES = 32 * 1024 * 1024;
/** Longer than any worker takes to load; one that says nothing by then never will. */
const READY_MS = 15_000;

/** @param {HTMLCanvasElement} canvas @param {Tell} tell @returns {Brush} */
export function brushFor(canvas, tell) {
  const easel = new Easel(canvas);
  const worker = newWorker();
  if (!worker) return bounded(Promise.resolve(here(easel, tell)));
  return bounded(isReady(worker).then((isOne) => (isOne ? elsewhere(easel, worker, tell) : (worker.terminate(), here(easel, tell)))));
}

/** @returns {Worker | null} */
function newWorker() {
  if (typeof Worker !== "function") return null;
  try {
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  } catch (error) {
    console.warn("the picture is decoded without a worker:", error);
    return null;
  }
}

/** Tell whether a worker has loaded and can decode. @param {Worker} worker @returns {Promise<boolean>} */
function isReady(worker) {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), READY_MS);
    const found = (/** @type {boolean} */ isOne) => (clearTimeout(timer), resolve(isOne));
    worker.addEventListener("message", ({ data: [number, failed] }) => number === 0 && found(failed === 0));
    worker.addEventListener("error", () => found(false));
  });
}

/** A brush that takes no more than the memory may hold. @param {Promise<Brush>} chosen @returns {Brush} */
function bounded(chosen) {
  let [tasks, bytes, isOver] = [0, 0, false];
  /** @param {number} size @param {number} cost @param {(brush: Brush) => Promise<number>} step */
  const take = async (size, cost, step) => {
    if (tasks >= MOST_TASKS || bytes + size > MOST_BYTES) return cost;
    [tasks, bytes] = [tasks + 1, bytes + size];
    try {
      const brush = await chosen;
      return isOver ? 0 : await step(brush);
    } finally {
      [tasks, bytes] = [tasks - 1, bytes - size];
    }
  };
  return {
    begin: (width, height) => take(0, 1, (brush) => brush.begin(width, height)),
    paint: (pieces, isLast) => take(sizeOf(pieces), pieces.length, (brush) => brush.paint(pieces, isLast)),
    end() {
      isOver = true;
      void chosen.then((brush) => brush.end());
    },
  };
}

/** @param {Piece[]} pieces */
function sizeOf(pieces) {
  return pieces.reduce((sum, piece) => sum + piece.data.length, 0);
}

/** @param {Easel} easel @param {Tell} tell @returns {Brush} */
function here(easel, tell) {
  const painter = new Painter(tell);
  /** @param {boolean} isWhole @param {(hand: import("./painter.js").Hand) => unknown} step @returns {Promise<number>} */
  const draw = (isWhole, step) =>
    new Promise((resolve) => {
      /** @type {import("./painter.js").Hand} */
      const hand = (strokes, failed) =>
        new Promise((drawn) => {
          easel.take(strokes, isWhole, (lost) => {
            for (const pixels of pixelsIn(strokes)) giveBack(pixels);
            drawn(undefined);
            resolve(failed + lost);
          });
        });
      void Promise.resolve(step(hand)).catch(() => resolve(1));
    });
  return {
    begin: (width, height) => draw(true, (hand) => painter.begin(width, height, hand)),
    paint: (pieces, isLast) => draw(isLast, (hand) => painter.paint(pieces, hand)),
    end() {},
  };
}

/** @param {Easel} easel @param {Worker} worker @param {Tell} tell @returns {Brush} */
function elsewhere(easel, worker, tell) {
  /** @type {Map<number, {isWhole: boolean, resolve: (failed: number) => void}>} */
  const waiting = new Map();
  let count = 0;
  worker.addEventListener("message", ({ data: [number, failed, strokes] }) => {
    if (number === NEWS) return tell(failed);
    const task = waiting.get(number);
    easel.take(strokes, task?.isWhole ?? true, (lost) => {
      const spare = pixelsIn(strokes);
      worker.postMessage({ drawn: number, spare }, spare);
      task?.resolve(failed + lost);
      waiting.delete(number);
    });
  });
  /** @param {number} failed */
  const letGo = (failed) => {
    for (const { resolve } of waiting.values()) resolve(failed);
    waiting.clear();
  };
  worker.addEventListener("error", (event) => {
    console.error("the picture's worker failed:", event.message);
    letGo(1);
  });

  /** @param {object} task @param {boolean} isWhole @param {Transferable[]} given @returns {Promise<number>} */
  const ask = (task, isWhole, given = []) => {
    count += 1;
    const number = count;
    worker.postMessage({ ...task, number }, given);
    return new Promise((resolve) => waiting.set(number, { isWhole, resolve }));
  };
  return {
    begin: (width, height) => ask({ width, height }, true),
    paint(pieces, isLast) {
      // A view into a larger buffer would be sent with all of it.
      const own = pieces.map((piece) => ({ ...piece, data: piece.data.slice() }));
      return ask({ pieces: own }, isLast, own.map((piece) => piece.data.buffer));
    },
    end() {
      worker.terminate();
      letGo(0);
    },
  };
}

/** @param {import("./easel.js").Stroke[]} strokes */
function pixelsIn(strokes) {
  return strokes.flatMap((stroke) => (stroke.how === "pixels" ? [stroke.pixels] : []));
}
