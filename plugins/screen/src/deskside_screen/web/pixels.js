// @ts-check
/**
 * Pieces that need no decoder: runs, numbers of colours, and true colours. Each becomes something to draw, undefined if
 * it is broken.
 *
 * @typedef {import("./painter.js").Piece} Piece
 * @typedef {import("./easel.js").Stroke} Stroke
 */

import { view } from "./checks.js";

const OPAQUE = 0xff000000;

/** Colours, then the number of the colour of each run, then the runs' lengths. @param {Piece} piece @returns {Stroke | undefined} */
export function runsOf({ x, y, width, height, data }) {
  if (data.length < 2) return undefined;
  const words = view(data);
  const count = words.getUint16(0, true);
  const numbersAt = 2 + 4 * count;
  const runs = (data.length - numbersAt) / 3;
  const size = width * height;
  if (count === 0 || runs < 1 || !Number.isInteger(runs)) return undefined;
  const lengthOf = (/** @type {number} */ run) => words.getUint16(numbersAt + runs + 2 * run, true) + 1;
  let left = size;
  for (let run = 0; run < runs; run += 1) {
    left -= lengthOf(run);
    if (left < 0 || data[numbersAt + run] >= count) return undefined;
  }
  if (left !== 0) return undefined;
  if (count === 1) {
    const colour = `#${(words.getUint32(2, true) & 0xffffff).toString(16).padStart(6, "0")}`;
    return { how: "fill", x, y, width, height, colour };
  }
  const colours = coloursOf(words, count);
  const pixels = new Uint32Array(size);
  for (let run = 0, at = 0; run < runs; run += 1) {
    const end = at + lengthOf(run);
    pixels.fill(colours[data[numbersAt + run]], at, end);
    at = end;
  }
  return { how: "pixels", x, y, width, height, pixels: pixels.buffer };
}

/** Colours, then of each pixel the number of its colour. @param {Piece} piece @returns {Stroke | undefined} */
export function numberedOf({ x, y, width, height, data }) {
  if (data.length < 2) return undefined;
  const words = view(data);
  const count = words.getUint16(0, true);
  const at = 2 + 4 * count;
  const pixels = new Uint32Array(width * height);
  if (data.length - at !== pixels.length) return undefined;
  const colours = coloursOf(words, count);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    if (data[at + pixel] >= count) return undefined;
    pixels[pixel] = colours[data[at + pixel]];
  }
  return { how: "pixels", x, y, width, height, pixels: pixels.buffer };
}

/** Red, green, blue of each pixel, less those of the one above. @param {Piece} piece @returns {Stroke | undefined} */
export function trueOf({ x, y, width, height, data }) {
  const row = 3 * width;
  if (data.length !== row * height) return undefined;
  const whole = new Uint8Array(data);
  for (let at = row; at < whole.length; at += 1) whole[at] += whole[at - row];
  const pixels = new Uint32Array(width * height);
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel += 1, at += 3) {
    pixels[pixel] = (OPAQUE | (whole[at + 2] << 16) | (whole[at + 1] << 8) | whole[at]) >>> 0;
  }
  return { how: "pixels", x, y, width, height, pixels: pixels.buffer };
}

/** @param {DataView} words @param {number} count */
function coloursOf(words, count) {
  const colours = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) colours[at] = pixelOf(words.getUint32(2 + 4 * at, true));
  return colours;
}

/** Turn 0xRRGGBB into a canvas's pixel. @param {number} colour */
function pixelOf(colour) {
  return (OPAQUE | ((colour & 0xff) << 16) | (colour & 0xff00) | ((colour >> 16) & 0xff)) >>> 0;
}
