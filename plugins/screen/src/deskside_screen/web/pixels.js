// @ts-check
/**
 * Paints pieces that need no decoder: runs, numbers of colours, and true colours.
 *
 * @typedef {import("./painter.js").Piece} Piece
 * @typedef {import("./painter.js").Context} Context
 */

import { view } from "./checks.js";

const OPAQUE = 0xff000000;

/** Colours, then the number of the colour of each run, then the runs' lengths. @param {Context} context @param {Piece} piece @returns {boolean} */
export function drawRuns(context, { x, y, width, height, data }) {
  if (data.length < 2) return false;
  const words = view(data);
  const count = words.getUint16(0, true);
  const numbersAt = 2 + 4 * count;
  const runs = (data.length - numbersAt) / 3;
  const size = width * height;
  if (count === 0 || runs < 1 || !Number.isInteger(runs)) return false;
  const lengthOf = (/** @type {number} */ run) => words.getUint16(numbersAt + runs + 2 * run, true) + 1;
  let left = size;
  for (let run = 0; run < runs; run += 1) {
    left -= lengthOf(run);
    if (left < 0 || data[numbersAt + run] >= count) return false;
  }
  if (left !== 0) return false;
  if (count === 1) {
    context.fillStyle = `#${(words.getUint32(2, true) & 0xffffff).toString(16).padStart(6, "0")}`;
    context.fillRect(x, y, width, height);
    return true;
  }
  const colours = coloursOf(words, count);
  const pixels = new Uint32Array(size);
  for (let run = 0, at = 0; run < runs; run += 1) {
    const end = at + lengthOf(run);
    pixels.fill(colours[data[numbersAt + run]], at, end);
    at = end;
  }
  return put(context, pixels, x, y, width, height);
}

/** Colours, then of each pixel the number of its colour. @param {Context} context @param {Piece} piece @returns {boolean} */
export function drawNumbered(context, { x, y, width, height, data }) {
  if (data.length < 2) return false;
  const words = view(data);
  const count = words.getUint16(0, true);
  const at = 2 + 4 * count;
  const pixels = new Uint32Array(width * height);
  if (data.length - at !== pixels.length) return false;
  const colours = coloursOf(words, count);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    if (data[at + pixel] >= count) return false;
    pixels[pixel] = colours[data[at + pixel]];
  }
  return put(context, pixels, x, y, width, height);
}

/** Red, green, blue of each pixel, less those of the one above. @param {Context} context @param {Piece} piece @returns {boolean} */
export function drawTrue(context, { x, y, width, height, data }) {
  const row = 3 * width;
  if (data.length !== row * height) return false;
  const whole = new Uint8Array(data);
  for (let at = row; at < whole.length; at += 1) whole[at] += whole[at - row];
  const pixels = new Uint32Array(width * height);
  for (let pixel = 0, at = 0; pixel < pixels.length; pixel += 1, at += 3) {
    pixels[pixel] = (OPAQUE | (whole[at + 2] << 16) | (whole[at + 1] << 8) | whole[at]) >>> 0;
  }
  return put(context, pixels, x, y, width, height);
}

/** @param {Context} context @param {Uint32Array<ArrayBuffer>} pixels @param {number} x @param {number} y @param {number} width @param {number} height */
function put(context, pixels, x, y, width, height) {
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), x, y);
  return true;
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
