// @ts-check
/** The agent's pen: pointer events become strokes, told in parts while they are drawn. */

/** @typedef {import("./ink.js").Stroke} Stroke */
/** @typedef {import("./ink.js").Point} Point */

const MOST_IN_PART = 500;
const MOST_POINTS = 1900;
const NEAREST = 1.5;
const MARKS = 2 ** 52;

export class Pen {
  /** @type {Stroke | null} */
  #stroke = null;
  /** @type {Point[]} Points not told yet. */
  #untold = [];
  #pointer = -1;
  #frame = 0;
  #nextMark = Math.floor(Math.random() * (MARKS / 2));

  /**
   * @param {{sheet: import("./sheet.js").Sheet, echo: import("./echo.js").Echo,
   *   tools: {shape: string, colour: string, width: number, ownColour: string},
   *   send: (type: string, fields: object) => unknown}} given
   */
  constructor({ sheet, echo, tools, send }) {
    this.sheet = sheet;
    this.echo = echo;
    this.tools = tools;
    this.send = send;
    const { canvas } = sheet;
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#up(event));
    canvas.addEventListener("pointercancel", (event) => this.#up(event));
  }

  /** Lift the pen, wherever it is. */
  lift() {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#tell();
    this.#stroke = null;
    this.#pointer = -1;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.send("stroke_ended", { stroke: stroke.mark });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || this.#stroke) return;
    event.preventDefault();
    const place = this.sheet.place(event.clientX, event.clientY);
    if (!place) return;
    this.sheet.canvas.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#begin([place.x, place.y]);
  }

  /** @param {Point} first */
  #begin(first) {
    const { shape, colour, width, ownColour } = this.tools;
    const mark = (this.#nextMark += 1);
    this.#stroke = { id: 0, by: 0, mark, shape, colour: colour || ownColour, width, points: [first], is_done: false };
    this.#untold = [];
    this.echo.begin(this.#stroke);
    this.send("stroke_begun", { stroke: mark, shape, colour, width, x: first[0], y: first[1] });
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (!this.#stroke || event.pointerId !== this.#pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) this.#add(one);
    this.echo.changed();
    if (!this.#frame) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#tell();
      });
    }
  }

  /** @param {PointerEvent} event */
  #add(event) {
    const place = this.sheet.place(event.clientX, event.clientY);
    const stroke = this.#stroke;
    if (!place || !stroke) return;
    const last = stroke.points[stroke.points.length - 1];
    if (stroke.shape !== "curve") {
      stroke.points = [stroke.points[0], [place.x, place.y]];
      this.#untold = [[place.x, place.y]];
    } else if (Math.hypot(place.x - last[0], place.y - last[1]) >= NEAREST) {
      stroke.points.push([place.x, place.y]);
      this.#untold.push([place.x, place.y]);
      if (this.#untold.length === MOST_IN_PART) this.#tell();
      if (stroke.points.length === MOST_POINTS) this.#goOnInAnother();
    }
  }

  /** A stroke has an end; the line the hand draws need not have. */
  #goOnInAnother() {
    const pointer = this.#pointer;
    const stroke = /** @type {Stroke} */ (this.#stroke);
    const last = stroke.points[stroke.points.length - 1];
    this.lift();
    this.#pointer = pointer;
    this.#begin(last);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#stroke || event.pointerId !== this.#pointer) return;
    this.#add(event);
    this.lift();
  }

  #tell() {
    const stroke = this.#stroke;
    if (!stroke || !this.#untold.length) return;
    const points = this.#untold;
    this.#untold = [];
    this.send("stroke_goes_on", { stroke: stroke.mark, points });
  }
}
