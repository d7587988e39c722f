// @ts-check
/**
 * Decodes pieces of the picture and paints them, strictly in the order in which they came.
 *
 * @typedef {{x: number, y: number, width: number, height: number, packing: "png" | "jpeg" | "runs" | "copy", data: Uint8Array}} Piece
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 */

/** The source's colours, neither converted nor multiplied: an exact piece stays exact. @type {ImageBitmapOptions} */
const AS_IS = { colorSpaceConversion: "none", premultiplyAlpha: "none" };

export class Painter {
  #waiting = 0;
  #last = Promise.resolve();

  /** @param {HTMLCanvasElement | OffscreenCanvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {Context} */ (canvas.getContext("2d", { alpha: false, desynchronized: true }));
  }

  /**
   * Begin a picture of this size. One of the same size stays until it is painted over, so nothing flickers.
   * @param {number} width @param {number} height @returns {Promise<void>}
   */
  begin(width, height) {
    return this.#inTurn([], () => {
      if (this.canvas.width === width && this.canvas.height === height) return;
      this.canvas.width = width;
      this.canvas.height = height;
    });
  }

  /** Paint pieces; resolves when they are on the canvas. @param {Piece[]} pieces @returns {Promise<void>} */
  paint(pieces) {
    const coming = pieces.map(decoded);
    if (this.#waiting === 0 && coming.every((one) => one === null)) {
      for (const piece of pieces) draw(this.context, piece, null);
      return this.#last;
    }
    return this.#inTurn(coming, (bitmaps) => {
      for (const [index, piece] of pieces.entries()) draw(this.context, piece, bitmaps[index]);
    });
  }

  /**
   * @param {(Promise<ImageBitmap | undefined> | null)[]} coming
   * @param {(bitmaps: (ImageBitmap | null | undefined)[]) => void} step
   */
  #inTurn(coming, step) {
    this.#waiting += 1;
    const before = this.#last;
    this.#last = Promise.all(coming).then(async (bitmaps) => {
      await before;
      step(bitmaps);
      this.#waiting -= 1;
    });
    return this.#last;
  }
}

/**
 * Return the bitmap of a piece that the browser has to decode, null for others, undefined for a broken one.
 * @param {Piece} piece
 */
function decoded({ packing, data }) {
  if (packing !== "png" && packing !== "jpeg") return null;
  const blob = new Blob([/** @type {BlobPart} */ (data)], { type: `image/${packing}` });
  return createImageBitmap(blob, AS_IS).catch((error) => {
    console.warn("a piece of the picture could not be read:", error);
    return undefined;
  });
}

/** @param {Context} context @param {Piece} piece @param {ImageBitmap | null | undefined} bitmap */
function draw(context, piece, bitmap) {
  const { x, y, width, height } = piece;
  if (bitmap) {
    context.drawImage(bitmap, x, y);
    bitmap.close();
  } else if (piece.packing === "runs") {
    drawRuns(context, piece);
  } else if (piece.packing === "copy") {
    const from = view(piece.data);
    context.drawImage(context.canvas, from.getUint16(0, true), from.getUint16(2, true), width, height, x, y, width, height);
  }
}

/** Colours as 0x00RRGGBB, then as many lengths. @param {Context} context @param {Piece} piece */
function drawRuns(context, { x, y, width, height, data }) {
  const words = view(data);
  const count = data.length >> 3;
  if (count === 1) {
    context.fillStyle = `#${words.getUint32(0, true).toString(16).padStart(6, "0")}`;
    context.fillRect(x, y, width, height);
    return;
  }
  const pixels = new Uint32Array(width * height);
  for (let run = 0, at = 0; run < count; run += 1) {
    const colour = words.getUint32(run * 4, true);
    const swapped = 0xff000000 | ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16);
    const end = at + words.getUint32((count + run) * 4, true);
    pixels.fill(swapped, at, end);
    at = end;
  }
  context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), width, height), x, y);
}

/** @param {Uint8Array} data */
function view(data) {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
