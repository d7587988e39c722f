// @ts-check
/** One notice that the customer's own window was spared, however often: it goes by itself. */

const SHOWN_MS = 4000;

export class Spared {
  /** @type {{dispose: () => void} | null} */
  #notice = null;
  #timer = 0;

  /** @param {() => {dispose: () => void}} notify @param {() => boolean} isSuspended */
  constructor(notify, isSuspended) {
    this.notify = notify;
    this.isSuspended = isSuspended;
  }

  /** It has happened, perhaps not for the first time. */
  happened() {
    this.#notice ??= this.notify();
    this.controlIsBack();
  }

  /** The notice stays a moment longer, so that it can be read, and as long as the customer has control. */
  controlIsBack() {
    clearTimeout(this.#timer);
    if (this.#notice) this.#timer = window.setTimeout(() => this.isSuspended() || this.dispose(), SHOWN_MS);
  }

  dispose() {
    clearTimeout(this.#timer);
    this.#notice?.dispose();
    this.#notice = null;
  }
}
