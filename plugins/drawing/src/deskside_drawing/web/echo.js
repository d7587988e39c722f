// @ts-check
/**
 * Strokes shown over the picture until the picture shows them itself.
 *
 * One's own appear at once, under the mark given here; those of others, and the host's word on one's
 * own, under the host's id. A finished stroke stays for a moment, then the picture has it.
 * @typedef {import("./ink.js").Stroke} Stroke
 * @typedef {import("./ink.js").Point} Point
 */

export const LINGER_MS = 1500;

export class Echo {
  /** @type {Map<number, Stroke>} Own strokes the host has not told of yet, by mark. */
  #own = new Map();
  /** @type {Map<number, Stroke>} */
  #told = new Map();
  /** @type {Map<number, number>} Marks of own strokes, by id. */
  #marks = new Map();
  /** @type {Set<number>} */
  #timers = new Set();

  /**
   * @param {() => void} changed
   * @param {() => number} me
   */
  constructor(changed, me) {
    this.changed = changed;
    this.me = me;
  }

  /** @returns {Stroke[]} */
  get strokes() {
    return [...this.#told.values(), ...this.#own.values()];
  }

  /** @param {Stroke} stroke */
  begin(stroke) {
    this.#own.set(stroke.mark, stroke);
    this.changed();
  }

  /** @param {number} mark */
  decline(mark) {
    this.#own.delete(mark);
    this.changed();
  }

  /** What the host tells. @param {Stroke} stroke */
  drawn(stroke) {
    if (stroke.by === this.me() && this.#own.has(stroke.mark)) this.#marks.set(stroke.id, stroke.mark);
    else this.#told.set(stroke.id, { ...stroke, points: [...stroke.points] });
    if (stroke.is_done) this.#linger(stroke.id);
    this.changed();
  }

  /** @param {number} id @param {number} start @param {Point[]} points */
  drawnOn(id, start, points) {
    const stroke = this.#told.get(id);
    if (!stroke) return;
    stroke.points = [...stroke.points.slice(0, start), ...points];
    this.changed();
  }

  /** @param {number} id */
  finished(id) {
    this.#linger(id);
  }

  /** @param {number[]} ids */
  removed(ids) {
    for (const id of ids) {
      this.#told.delete(id);
      this.#own.delete(this.#marks.get(id) ?? -1);
      this.#marks.delete(id);
    }
    this.changed();
  }

  /** What the picture already shows needs no echo; what is under way does. @param {Stroke[]} strokes */
  begunAnew(strokes) {
    const known = new Set(strokes.filter((one) => one.by === this.me()).map((one) => one.mark));
    for (const mark of [...this.#own.keys()]) if (known.has(mark)) this.#own.delete(mark);
    this.#told.clear();
    this.#marks.clear();
    for (const stroke of strokes) if (!stroke.is_done) this.#told.set(stroke.id, { ...stroke });
    this.changed();
  }

  dispose() {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** @param {number} id */
  #linger(id) {
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer);
      this.removed([id]);
    }, LINGER_MS);
    this.#timers.add(timer);
  }
}
