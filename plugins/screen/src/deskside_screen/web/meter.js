// @ts-check
/**
 * What the status line says about the picture: how often, how much, and in words where the delay is.
 *
 * Each hop is measured by itself: no two machines' clocks are compared.
 * @typedef {{ownMs: number, lineMs: number, serverMs: number}} Trips
 * @typedef {{capture: number, up?: number, server: number, down?: number, decode: number}} Delays
 */

const SECOND_MS = 1000;
/** Nobody feels less than this. */
const FELT_MS = 60;
/** @type {Trips} */
const UNKNOWN = { ownMs: -1, lineMs: -1, serverMs: 0 };

/**
 * Return what each part of the way takes, as far as it is known; the server's own delay is in both round trips.
 * @param {number} captureMs @param {number} decodeMs @param {Trips} trips @returns {Delays}
 */
export function delaysOf(captureMs, decodeMs, { ownMs, lineMs, serverMs }) {
  return {
    capture: captureMs,
    ...(lineMs >= 0 && { up: Math.max(0, lineMs - serverMs) }),
    server: serverMs,
    ...(ownMs >= 0 && { down: Math.max(0, ownMs - serverMs) }),
    decode: decodeMs,
  };
}

/** Return the part that is felt most, or "". @param {Delays} delays @returns {keyof Delays | ""} */
export function slowest(delays) {
  const [name, ms] = Object.entries(delays).reduce((one, other) => (other[1] > one[1] ? other : one));
  return ms >= FELT_MS ? /** @type {keyof Delays} */ (name) : "";
}

export class Meter {
  #pictures = 0;
  #bytes = 0;
  #captureMs = 0;
  #decodeMs = 0;

  /** @param {{text(key: string, values?: object): string, status: any, trips?: Trips, dispose(fn: () => void): void}} ui */
  constructor(ui) {
    this.ui = ui;
    this.item = ui.status.item({ id: "speed", order: 40 });
    const timer = setInterval(() => this.#show(), SECOND_MS);
    ui.dispose(() => clearInterval(timer));
  }

  /** @param {number} bytes @param {boolean} isLast @param {number} captureMs @param {number} decodeMs */
  add(bytes, isLast, captureMs, decodeMs) {
    this.#bytes += bytes;
    if (!isLast) return;
    this.#pictures += 1;
    this.#captureMs += captureMs;
    this.#decodeMs += decodeMs;
  }

  #show() {
    const count = this.#pictures;
    if (count) this.#showDelays(delaysOf(this.#captureMs / count, this.#decodeMs / count, this.ui.trips ?? UNKNOWN));
    else this.item.set(this.ui.text("screen.still"), this.ui.text("screen.speed.help"));
    this.#pictures = this.#bytes = this.#captureMs = this.#decodeMs = 0;
  }

  /** @param {Delays} delays */
  #showDelays(delays) {
    const { text } = this.ui;
    const name = slowest(delays);
    const words = (/** @type {string} */ key) => text(`screen.delay.${key}`, { ms: (delays[/** @type {keyof Delays} */ (key)] ?? 0).toFixed(0) });
    const where = name ? text("screen.delay.slow", { where: words(name) }) : text("screen.delay.none");
    const values = { rate: String(this.#pictures), mbit: ((this.#bytes * 8) / 1e6).toFixed(1), where };
    this.item.set(text("screen.speed", values), [...Object.keys(delays).map(words), text("screen.speed.help")].join(" · "));
  }
}
