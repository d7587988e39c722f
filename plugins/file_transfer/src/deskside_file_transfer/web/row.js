// @ts-check
/**
 * One transfer as the page sees it.
 *
 * @typedef {{key: string, values: {name: string, value: string}[], said?: string}} Reason  `said` where the words are there already
 * @typedef {"asking" | "waiting" | "moving" | "checking" | "done" | "declined" | "failed" | "cancelled" | "stopped"} Stage
 * @typedef {{id: number, name: string, size: number, offset: number, stage: Stage, reason: Reason | null,
 *   sha256: Uint8Array}} Told
 */

export const OVER = new Set(["done", "declined", "failed", "cancelled", "stopped"]);

export class Row {
  /** @type {Stage} */
  stage = "asking";
  done = 0;
  run = 0;
  /** @type {Reason | null} */
  reason = null;
  /** @type {Blob | null} */
  file = null;
  speed = 0;
  #lastDone = -1;
  #lastAt = 0;

  /** @param {"send" | "fetch"} direction @param {{id: number, name: string, size: number}} file */
  constructor(direction, { id, name, size }) {
    this.direction = direction;
    this.id = id;
    this.name = name;
    this.size = size;
  }

  get isOver() {
    return OVER.has(this.stage);
  }

  /** Note progress, and how fast it is. @param {number} done @param {number} [now] */
  move(done, now = performance.now()) {
    this.done = done;
    if (this.#lastDone < 0 || done < this.#lastDone) {
      [this.#lastDone, this.#lastAt] = [done, now];
    } else if (now - this.#lastAt >= 500) {
      const speed = ((done - this.#lastDone) * 1000) / (now - this.#lastAt);
      this.speed = this.speed ? 0.6 * this.speed + 0.4 * speed : speed;
      [this.#lastDone, this.#lastAt] = [done, now];
    }
  }

  /** @param {Stage} stage @param {Reason | null} [reason] */
  end(stage, reason = null) {
    this.stage = stage;
    this.reason = reason;
    this.run = 0;
    if (stage === "done") this.done = this.size;
  }
}

/** @param {string} key @param {Record<string, string>} [values] @returns {Reason} */
export function reason(key, values = {}) {
  return { key: `file_transfer.reason.${key}`, values: Object.entries(values).map(([name, value]) => ({ name, value })) };
}

/** A number that no other transfer has. */
export function newId() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high & 0xffff) * 2 ** 32 + low + 1;
}

/** @param {number} size as people write it */
export function sizeText(size) {
  if (size < 1000) return `${Math.round(size)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let unit = -1;
  do {
    size /= 1000;
    unit += 1;
  } while (size >= 999.5 && unit < units.length - 1);
  return `${size < 99.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}
