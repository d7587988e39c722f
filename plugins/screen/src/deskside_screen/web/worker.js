// @ts-check
/** The painter on a thread of its own: messages in; out come their numbers and how much could not be painted. */

import { Painter } from "./painter.js";

/** @type {Painter | null} */
let painter = null;

addEventListener("message", ({ data }) => {
  if (data.canvas) {
    painter = new Painter(data.canvas);
    return;
  }
  if (!painter) return;
  const done = data.pieces ? painter.paint(data.pieces) : painter.begin(data.width, data.height);
  void done.then((failed) => postMessage([data.number, failed]));
});
