// @ts-check
/** The canvas over the picture: draws the echo in the customer's pixels, whatever the scale. */

import { drawStroke } from "./ink.js";

/** @typedef {import("./ink.js").Stroke} Stroke */

export class Sheet {
  #wanted = 0;
  /** @type {Stroke[]} */
  #strokes = [];
  origin = { x: 0, y: 0 };

  /** @param {any} ui */
  constructor(ui) {
    this.ui = ui;
    this.element = document.createElement("div");
    this.element.className = "drawing-sheet";
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    this.element.append(this.canvas);
    ui.stage.overlay(this.element);
    ui.stage.onGeometry(() => this.#soon());
    ui.dispose(() => cancelAnimationFrame(this.#wanted));
  }

  /** @param {Stroke[]} strokes */
  show(strokes) {
    this.#strokes = strokes;
    this.#soon();
  }

  /** The customer's pixel on his desktop under a point of the page. @param {number} clientX @param {number} clientY */
  place(clientX, clientY) {
    const { x, y, width, height } = this.ui.stage.geometry();
    const inside = (/** @type {number} */ at, /** @type {number} */ from, /** @type {number} */ size) =>
      Math.min(Math.max(at, from), from + Math.max(0, size - 0.01));
    const found = this.ui.stage.toScreen(inside(clientX, x, width), inside(clientY, y, height));
    return found && { x: Math.round(found.x) + this.origin.x, y: Math.round(found.y) + this.origin.y };
  }

  #soon() {
    if (this.#wanted) return;
    this.#wanted = requestAnimationFrame(() => {
      this.#wanted = 0;
      this.#draw();
    });
  }

  #draw() {
    const { scale, width, height } = this.ui.stage.geometry();
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
    }
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, high);
    const step = scale * ratio;
    context.setTransform(step, 0, 0, step, (0.5 - this.origin.x) * step, (0.5 - this.origin.y) * step);
    for (const stroke of this.#strokes) drawStroke(context, stroke);
  }
}
