// @ts-check
/** The painter on a thread of its own: messages in, numbers of what has been painted out. */

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
  void done.then(() => postMessage(data.number));
});
