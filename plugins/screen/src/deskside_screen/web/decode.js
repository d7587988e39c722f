// @ts-check
/**
 * How this browser turns packed pictures into something to draw: straight into pixels, else as bitmaps with options,
 * without, or as elements.
 *
 * Pieces are opaque and name no colour space, so each of these ways keeps every pixel; the mouse pointer, which is not
 * opaque, is drawn but once, so what it loses is not seen.
 * @typedef {ImageBitmap | HTMLImageElement | VideoFrame} Drawable
 */

import { areStraight, pixelsOf } from "./straight.js";

/** The source's colours, neither converted nor multiplied. @type {ImageBitmapOptions} */
const AS_IS = { colorSpaceConversion: "none", premultiplyAlpha: "none" };
let takesOptions = true;

/** Return what is in a piece, as pixels if that is possible, undefined if it is broken. @param {import("./painter.js").Piece} piece @returns {Promise<Drawable | ArrayBuffer | undefined>} */
export function decodePiece({ data, packing, width, height }) {
  return areStraight() ? pixelsOf(data, packing, width, height) : decode(data, packing);
}

/** Return the picture in some bytes, undefined if it is broken. @param {Uint8Array} data @param {string} kind @returns {Promise<Drawable | undefined>} */
export async function decode(data, kind) {
  try {
    const blob = new Blob([/** @type {BlobPart} */ (data)], { type: `image/${kind}` });
    return typeof createImageBitmap === "function" ? await bitmapOf(blob) : await elementOf(blob);
  } catch {
    return undefined;
  }
}

/** Let go of a picture's memory now, not when the browser comes to it. @param {Drawable} picture */
export function release(picture) {
  if ("close" in picture) picture.close();
}

/** @param {Blob} blob @returns {Promise<ImageBitmap>} */
async function bitmapOf(blob) {
  if (!takesOptions) return createImageBitmap(blob);
  try {
    return await createImageBitmap(blob, AS_IS);
  } catch (error) {
    // A broken picture is refused otherwise; this is a browser that does not know these options.
    if (!(error instanceof TypeError)) throw error;
    takesOptions = false;
    return createImageBitmap(blob);
  }
}

/** @param {Blob} blob @returns {Promise<HTMLImageElement>} */
async function elementOf(blob) {
  const image = new Image();
  const url = URL.createObjectURL(blob);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}
