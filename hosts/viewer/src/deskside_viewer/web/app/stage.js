// @ts-check
/**
 * The customer's screen: the picture's place, its scale, and what lies over it.
 *
 * @typedef {{scale: number, x: number, y: number, width: number, height: number}} Geometry
 *   the picture's rectangle on the page in CSS pixels, and CSS pixels per pixel of the customer
 */

import { el, show } from "../lib/dom.js";
import { Signal } from "../lib/signal.js";

export const SCALES = [25, 50, 75, 100, 125, 150, 200];
/** What pressing the view button again and again goes through. */
const STEPS = /** @type {(number | "fit")[]} */ (["fit", 100, 75, 50, 25]);

export class Stage {
  #plane = el("div", { class: "plane", hidden: true });
  #overlays = el("div", { class: "overlays" });
  /** @type {Signal<Geometry>} */
  #geometryChanged = new Signal();
  /** @type {Signal<boolean>} */
  #focusChanged = new Signal();
  /** @type {Signal<void>} */
  viewChanged = new Signal();
  #size = { width: 0, height: 0 };
  #scale = 1;
  /** "fit", or a percentage. @type {number | "fit"} */
  view = "fit";

  /** @param {import("../lib/texts.js").Words} words */
  constructor(words) {
    this.empty = el("p", { class: "empty" }, words.say("session.stage.empty"));
    this.element = el("section", { class: "stage", id: "stage", tabindex: "0", "aria-label": words.say("session.stage") }, this.#plane, this.empty);
    this.#plane.append(this.#overlays);
    this.element.addEventListener("scroll", () => this.#geometryChanged.fire(this.geometry()), { passive: true });
    this.element.addEventListener("focus", () => this.#focusChanged.fire(true));
    this.element.addEventListener("blur", () => this.#focusChanged.fire(false));
    new ResizeObserver(() => this.layout()).observe(this.element);
  }

  get hasPicture() {
    return !this.#plane.hidden;
  }

  /** Show a picture of this size; the one before leaves. @param {HTMLElement} canvas @param {{width: number, height: number}} size */
  mount(canvas, { width, height }) {
    canvas.classList.add("picture");
    this.#plane.replaceChildren(canvas, this.#overlays);
    this.setSize(width, height);
    return {
      dispose: () => {
        if (canvas.parentElement !== this.#plane) return;
        canvas.remove();
        this.setSize(0, 0);
      },
    };
  }

  /** @param {number} width @param {number} height */
  setSize(width, height) {
    this.#size = { width, height };
    show(this.#plane, width > 0 && height > 0);
    show(this.empty, !this.hasPicture);
    this.layout();
  }

  /** @returns {Geometry} */
  geometry() {
    const { left, top, width, height } = this.#plane.getBoundingClientRect();
    return { scale: this.#scale, x: left, y: top, width, height };
  }

  /** Call at each change of place or scale, and at once. @param {(geometry: Geometry) => void} listener */
  onGeometry(listener) {
    const listening = this.#geometryChanged.on(listener);
    listener(this.geometry());
    return listening;
  }

  /** Return the customer's pixel under a point of the page, or null. @param {number} clientX @param {number} clientY */
  toScreen(clientX, clientY) {
    if (!this.hasPicture) return null;
    const { left, top } = this.#plane.getBoundingClientRect();
    const x = (clientX - left) / this.#scale;
    const y = (clientY - top) / this.#scale;
    const isInside = x >= 0 && y >= 0 && x < this.#size.width && y < this.#size.height;
    return isInside ? { x: Math.floor(x), y: Math.floor(y) } : null;
  }

  /** Lay an element exactly over the picture. @param {Element} element */
  overlay(element) {
    element.classList.add("overlay");
    this.#overlays.append(element);
    return { dispose: () => element.remove() };
  }

  /** @param {(hasFocus: boolean) => void} listener */
  onFocus(listener) {
    return this.#focusChanged.on(listener);
  }

  focus() {
    this.element.focus({ preventScroll: true });
  }

  // The view.

  get percent() {
    return Math.round(this.#scale * 100);
  }

  /** @param {number | "fit"} view */
  setView(view) {
    this.view = view;
    this.layout();
    this.viewChanged.fire();
  }

  /** Step down through the fixed sizes, then fit again. */
  step() {
    const at = STEPS.indexOf(this.view);
    this.setView(STEPS[(at + 1) % STEPS.length]);
  }

  larger() {
    this.setView(SCALES.find((one) => one > this.percent) ?? 200);
  }

  smaller() {
    this.setView(SCALES.findLast((one) => one < this.percent) ?? 25);
  }

  layout() {
    const { width, height } = this.#size;
    if (!this.hasPicture) return;
    const { clientWidth, clientHeight } = this.element;
    const fitting = Math.max(0.05, Math.min(clientWidth / width, clientHeight / height, 2));
    this.#scale = this.view === "fit" ? fitting : this.view / 100;
    this.#plane.style.width = `${Math.floor(width * this.#scale)}px`;
    this.#plane.style.height = `${Math.floor(height * this.#scale)}px`;
    this.#scale = this.#plane.clientWidth / width || this.#scale;
    this.#geometryChanged.fire(this.geometry());
  }
}
