// @ts-check
/**
 * The painter on a thread of its own: messages in; out come their numbers and how much could not be painted.
 * The first to come out has number 0 and says whether this browser lets a worker paint.
 */

import { Painter } from "./painter.js";
import { NEWS } from "./video.js";

/** @type {Painter | null} */
let painter = null;

addEventListener("message", ({ data }) => {
  if (data.canvas) {
    painter = new Painter(data.canvas, (news) => postMessage([NEWS, news]));
    return;
  }
  if (!painter) return;
  const done = data.pieces ? painter.paint(data.pieces) : painter.begin(data.width, data.height);
  void done.catch(() => 1).then((failed) => postMessage([data.number, failed]));
});

postMessage([0, canPaint() ? 0 : 1]);

function canPaint() {
  try {
    return typeof createImageBitmap === "function" && new OffscreenCanvas(1, 1).getContext("2d") !== null;
  } catch {
    return false;
  }
}
