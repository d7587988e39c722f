// @ts-check
/**
 * The customer's mouse pointer over the picture, drawn here so that it does not wait for one. Whoever steers with
 * his own pointer over the picture does not see it (screen.css): his own takes its shape instead.
 *
 * @typedef {{number: number, width: number, height: number, hot_x: number, hot_y: number, png: Uint8Array}} Told
 * @typedef {{width: number, height: number, x: number, y: number, bitmap: import("./decode.js").Drawable | null}} Shape
 */

import { decode, release } from "./decode.js";

const MOST_SHAPES = 64;
const MOST_SIDE = 128;
const PNG_SIZE_AT = 16;
const PNG_LEAST = 24;
const PNG_MARK = 0x89504e47;
/** The property in which the pointer's shape is put for whoever steers. */
const PROPERTY = "--remote-cursor";

/** @param {any} ui */
export function cursorOver(ui) {
  const layer = document.createElement("div");
  const canvas = document.createElement("canvas");
  layer.className = "screen-cursor";
  layer.setAttribute("aria-hidden", "true");
  canvas.hidden = true;
  layer.append(canvas);
  ui.stage.overlay(layer);
  /** @type {Map<number, Shape>} */
  const shapes = new Map();
  let at = { x: 0, y: 0, shape: 0 };
  let scale = 1;
  /** @type {Shape | null} */
  let drawn = null;

  const place = () => {
    const shape = shapes.get(at.shape);
    canvas.hidden = !shape?.bitmap;
    if (!shape?.bitmap) {
      drawn = null;
      ui.stage.element.style.removeProperty(PROPERTY);
      return;
    }
    if (drawn !== shape) draw(shape);
    canvas.style.transform = `translate(${(at.x - shape.x) * scale}px, ${(at.y - shape.y) * scale}px) scale(${scale})`;
  };
  /** @param {Shape} shape */
  const draw = (shape) => {
    drawn = shape;
    canvas.width = shape.width;
    canvas.height = shape.height;
    canvas.getContext("2d")?.drawImage(/** @type {CanvasImageSource} */ (shape.bitmap), 0, 0);
    ui.stage.element.style.setProperty(PROPERTY, `url(${canvas.toDataURL()}) ${shape.x} ${shape.y}, crosshair`);
  };
  ui.stage.onGeometry((/** @type {{scale: number}} */ now) => {
    scale = now.scale;
    place();
  });
  ui.dispose(() => {
    ui.stage.element.style.removeProperty(PROPERTY);
    for (const shape of shapes.values()) letGo(shape);
  });

  return {
    /** Keep a shape; resolves once it can be seen. @param {Told} told */
    async shape(told) {
      if (!isSound(told)) return;
      /** @type {Shape} */
      const shape = { width: told.width, height: told.height, x: told.hot_x, y: told.hot_y, bitmap: null };
      letGo(shapes.get(told.number));
      shapes.set(told.number, shape);
      shape.bitmap = (await decode(told.png, "png")) ?? null;
      if (shapes.get(told.number) === shape) place();
      else letGo(shape);
    },
    /** @param {{x: number, y: number, shape: number}} now */
    moved({ x, y, shape }) {
      at = { x, y, shape };
      place();
    },
  };
}

/** @param {Shape | undefined} shape */
function letGo(shape) {
  if (shape?.bitmap) release(shape.bitmap);
}

/** Tell whether a shape is a small PNG of the size it says; looked at before anything is reserved. @param {Told} told */
function isSound({ number, width, height, hot_x, hot_y, png }) {
  const words = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (!(number >= 1 && number <= MOST_SHAPES) || hot_x >= width || hot_y >= height) return false;
  if (!(width >= 1 && width <= MOST_SIDE && height >= 1 && height <= MOST_SIDE)) return false;
  if (words.byteLength < PNG_LEAST || words.getUint32(0) !== PNG_MARK) return false;
  return words.getUint32(PNG_SIZE_AT) === width && words.getUint32(PNG_SIZE_AT + 4) === height;
}
