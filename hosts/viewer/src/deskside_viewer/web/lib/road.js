// @ts-check
/**
 * A WebSocket that comes back: dials again with a growing delay for as long as the page lives.
 *
 * @typedef {{reason: "refused" | "gone" | "replaced" | "locked"}} Final
 * @typedef {object} RoadHooks
 * @property {() => Promise<string>} address  where to dial now; throws Over when dialling is pointless
 * @property {() => void} opened
 * @property {(bytes: Uint8Array) => void} received
 * @property {(code: number) => void} lost  called once for each road that was open or could not be opened
 * @property {(final: Final["reason"]) => void} over
 */

export const REFUSED = 4003;
export const GONE = 4004;
export const BEHIND = 4008;
export const REPLACED = 4009;
const MISFIT = 4010;
export const LOCKED = 4012;

/** @type {Record<number, Final["reason"]>} */
const FINAL = { [REFUSED]: "refused", [GONE]: "gone", [REPLACED]: "replaced", [LOCKED]: "locked" };
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;
const FULL_BYTES = 128 * 1024;

/** Thrown by `address` when there is nothing to come back to. */
export class Over extends Error {
  /** @param {Final["reason"]} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export class Road {
  /** @type {WebSocket | null} */
  #socket = null;
  #delay = FIRST_DELAY_MS;
  #timer = 0;
  #isDialling = false;
  #isOver = false;

  /** @param {RoadHooks} hooks */
  constructor(hooks) {
    this.hooks = hooks;
    addEventListener("online", () => this.hurry());
    addEventListener("offline", () => this.drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** True while what was sent has not left: bulk waits then, so that a key press never does. */
  get isFull() {
    return (this.#socket?.bufferedAmount ?? 0) > FULL_BYTES;
  }

  /** @param {Uint8Array} bytes */
  send(bytes) {
    if (this.isOpen) this.#socket?.send(/** @type {Uint8Array<ArrayBuffer>} */ (bytes));
  }

  /** The far end spoke as it should: the next loss begins with the shortest delay. */
  isWell() {
    this.#delay = FIRST_DELAY_MS;
  }

  /** Dial now instead of later. */
  hurry() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#delay = FIRST_DELAY_MS;
    void this.dial();
  }

  /** Give this socket up and come back. */
  drop() {
    const socket = this.#socket;
    if (!socket) return;
    this.#forget();
    socket.close(MISFIT);
    this.#lost(MISFIT);
  }

  /** End for good. */
  end() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
    const socket = this.#socket;
    this.#forget();
    socket?.close(1000);
  }

  /** Come back after `end`, or for the first time. */
  async dial() {
    if (this.#isDialling || this.#socket) return;
    this.#isOver = false;
    this.#isDialling = true;
    try {
      const address = await this.hooks.address();
      if (!this.#isOver) this.#open(address);
    } catch (error) {
      if (error instanceof Over) this.#finish(error.reason);
      else if (!this.#isOver) this.#lost(0);
    } finally {
      this.#isDialling = false;
    }
  }

  /** @param {string} address */
  #open(address) {
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.hooks.opened();
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.hooks.received(new Uint8Array(data));
      else this.drop();
    };
    socket.onclose = ({ code }) => {
      this.#forget();
      const final = FINAL[code];
      if (final) this.#finish(final);
      else this.#lost(code);
    };
    this.#socket = socket;
  }

  #forget() {
    if (this.#socket) this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket = null;
  }

  /** @param {Final["reason"]} reason */
  #finish(reason) {
    this.#isOver = true;
    this.hooks.over(reason);
  }

  /** @param {number} code */
  #lost(code) {
    this.hooks.lost(code);
    if (this.#isOver) return;
    const delay = this.#delay * (0.8 + 0.4 * Math.random());
    this.#delay = Math.min(LONGEST_DELAY_MS, this.#delay * 1.8);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.dial();
    }, delay);
  }
}
