// @ts-check
/**
 * The painter on a thread of its own. In come numbered tasks, and the numbers of what has been drawn with memory to be
 * used again; out come the number, how much could not be painted, and what is to be drawn. The first to come out has
 * number 0 and says whether this browser lets a worker decode.
 */

import { Painter } from "./painter.js";
import { giveBack } from "./straight.js";
import { NEWS } from "./video.js";

const painter = new Painter((news) => postMessage([NEWS, news, []]));
/** What is to be called once a task is drawn, by its number. @type {Map<number, () => void>} */
const drawing = new Map();

addEventListener("message", ({ data }) => {
  if ("drawn" in data) return drawn(data);
  /** @type {import("./painter.js").Hand} */
  const hand = (strokes, failed) => {
    postMessage([data.number, failed, strokes], { transfer: strokes.flatMap(given) });
    return new Promise((resolve) => drawing.set(data.number, () => resolve(undefined)));
  };
  const done = data.pieces ? painter.paint(data.pieces, hand) : painter.begin(data.width, data.height, hand);
  void Promise.resolve(done).catch(() => postMessage([data.number, 1, []]));
});

/** @param {{drawn: number, spare: ArrayBuffer[]}} told */
function drawn({ drawn: number, spare }) {
  for (const one of spare) giveBack(one);
  drawing.get(number)?.();
  drawing.delete(number);
}

/** @param {import("./easel.js").Stroke} stroke @returns {Transferable[]} */
function given(stroke) {
  if (stroke.how === "pixels") return [stroke.pixels];
  return stroke.how === "bitmap" ? [/** @type {ImageBitmap | VideoFrame} */ (stroke.bitmap)] : [];
}

postMessage([0, typeof createImageBitmap === "function" ? 0 : 1, []]);
