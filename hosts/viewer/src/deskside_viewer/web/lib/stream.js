// @ts-check
/**
 * Reliable streams: what survives a broken line. The page's half of `deskside.streams`: no sockets, no time.
 */

import { BadMessage } from "./msgpack.js";

const LAG_WINDOWS = 4;

/** One direction of one stream, at its sender. */
export class Outgoing {
  /** @type {{number: number, body: Uint8Array}[]} */
  kept = [];
  keptBytes = 0;
  nextNumber = 1;
  /** True while the far end is there and has said what it has received. */
  isReady = false;
  #unsent = 0;

  /** @param {number} windowBytes */
  constructor(windowBytes) {
    this.windowBytes = windowBytes;
  }

  /** An empty window takes a body of any size. */
  get hasRoom() {
    return this.kept.length === 0 || this.keptBytes < this.windowBytes;
  }

  get waits() {
    return this.isReady && this.#unsent > 0;
  }

  /** @param {Uint8Array} body */
  put(body) {
    this.kept.push({ number: this.nextNumber, body });
    this.keptBytes += body.length;
    this.nextNumber += 1;
    this.#unsent += 1;
  }

  /** Return the next body to put on the line. */
  take() {
    const one = this.kept[this.kept.length - this.#unsent];
    this.#unsent -= 1;
    return one;
  }

  /** Forget what the far end has consumed. @param {number} number */
  acknowledged(number) {
    if (number >= this.nextNumber) throw new BadMessage(`packet ${number} was acknowledged but never sent`);
    this.#drop(number);
    this.#unsent = Math.min(this.#unsent, this.kept.length);
  }

  /**
   * Send again everything after what the far end says it has received.
   *
   * Numbers follow the far end's: after one of the two has forgotten, what is kept is renumbered.
   * @param {number} delivered
   */
  resync(delivered) {
    if (delivered < this.nextNumber) this.#drop(delivered);
    const first = this.kept.length ? this.kept[0].number : this.nextNumber;
    if (first !== delivered + 1) {
      for (const [index, one] of this.kept.entries()) one.number = delivered + 1 + index;
      this.nextNumber = delivered + 1 + this.kept.length;
    }
    this.#unsent = this.kept.length;
    this.isReady = true;
  }

  /** Forget everything. */
  clear() {
    this.kept = [];
    this.keptBytes = this.#unsent = 0;
    this.nextNumber = 1;
    this.isReady = false;
  }

  /** @param {number} number */
  #drop(number) {
    let count = 0;
    while (count < this.kept.length && this.kept[count].number <= number) {
      this.keptBytes -= this.kept[count].body.length;
      count += 1;
    }
    this.kept.splice(0, count);
  }
}

/** One direction of one stream, at its receiver. */
export class Incoming {
  received = 0;
  consumed = 0;
  waitingBytes = 0;
  #unackedBytes = 0;

  /** @param {number} windowBytes */
  constructor(windowBytes) {
    this.windowBytes = windowBytes;
  }

  /**
   * Tell whether a packet is new; throw BadMessage if packets are missing or the window was ignored.
   * @param {number} number
   * @param {number} size
   */
  accept(number, size) {
    if (number <= this.received) return false;
    if (number !== this.received + 1) throw new BadMessage(`packet ${number} came after ${this.received}`);
    if (this.waitingBytes && this.waitingBytes >= LAG_WINDOWS * this.windowBytes + size) {
      throw new BadMessage("more came than the window allows");
    }
    this.received = number;
    this.waitingBytes += size;
    return true;
  }

  /**
   * Note that a packet was consumed; tell whether it is time to acknowledge.
   * @param {number} number
   * @param {number} size
   */
  consume(number, size) {
    this.consumed = number;
    this.waitingBytes -= size;
    this.#unackedBytes += size;
    return this.#unackedBytes * 8 >= this.windowBytes || this.waitingBytes === 0;
  }

  /** Return the number to acknowledge, and note that it was said. */
  acknowledge() {
    this.#unackedBytes = 0;
    return this.consumed;
  }

  /** Begin again at 1. */
  clear() {
    this.received = this.consumed = this.waitingBytes = this.#unackedBytes = 0;
  }
}
