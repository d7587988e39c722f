// @ts-check
/**
 * A WebSocket that pushes whole states as JSON; it comes back by itself.
 * @typedef {{state: (state: any) => void, line?: (isUp: boolean) => void, refused?: () => void}} FeedHooks
 */

import { socketAddress } from "./requests.js";
import { GONE, REFUSED } from "./road.js";

const FIRST_DELAY_MS = 300;
const LONGEST_DELAY_MS = 5000;

export class Feed {
  #delay = FIRST_DELAY_MS;
  #timer = 0;
  #isOver = false;
  /** @type {WebSocket | null} */
  #socket = null;

  /** @param {string} path @param {FeedHooks} hooks */
  constructor(path, hooks) {
    this.path = path;
    this.hooks = hooks;
    this.hurry = () => this.#timer && this.#open();
    addEventListener("online", this.hurry);
    this.#open();
  }

  dispose() {
    this.#isOver = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.hurry);
    this.#socket?.close(1000);
  }

  #open() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const socket = new WebSocket(socketAddress(this.path));
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#delay = FIRST_DELAY_MS;
      this.hooks.line?.(true);
      this.hooks.state(JSON.parse(data));
    };
    socket.onclose = ({ code }) => this.#lost(code);
  }

  /** @param {number} code */
  #lost(code) {
    if (this.#isOver) return;
    this.hooks.line?.(false);
    if (code === REFUSED || code === GONE) {
      this.hooks.refused?.();
      return;
    }
    this.#timer = window.setTimeout(() => this.#open(), this.#delay);
    this.#delay = Math.min(LONGEST_DELAY_MS, this.#delay * 2);
  }
}
