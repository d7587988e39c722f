// @ts-check
/**
 * The page's end of one channel: a reliable one, or one that carries media.
 *
 * @typedef {import("./schema.js").Fields} Fields
 * @typedef {import("./schema.js").MessageSchema} MessageSchema
 * @typedef {{name: string, number: number, ends: string, lane: string, window: number, send: boolean,
 *   feature?: string, messages: MessageSchema[]}} ChannelSpec
 * @typedef {{refresh: boolean, backlogBytes: number, size: number}} Info
 * @typedef {(fields: Fields, info: Info) => unknown} Handler
 * @typedef {{transmit(port: Port): void, acknowledge(port: Port, number: number): void,
 *   shown(port: MediaPort, total: number, arrived: number): boolean, misfit(port: Port | MediaPort, error: unknown): void}} Wiring
 */

import { Codec } from "./schema.js";
import { Signal } from "./signal.js";
import { Incoming, Outgoing } from "./stream.js";

/** The channel has ended, or never was, or is not ours to speak on. */
export class ChannelClosed extends Error {
  name = "ChannelClosed";
}

/** What both kinds of port have. */
class End {
  /** @type {Map<string, Set<Handler>>} */
  handlers = new Map();
  /** Fired when the owner's memory is new: ask it for the present state. @type {Signal<void>} */
  reset = new Signal();
  isClosed = false;

  /** @param {ChannelSpec} spec @param {Wiring} wiring */
  constructor(spec, wiring) {
    this.spec = spec;
    this.wiring = wiring;
    this.codec = new Codec(spec.messages);
    this.far = spec.ends === "host_page" ? "host" : "viewer";
    this.isBulk = spec.lane === "bulk";
  }

  /** @param {string} type @param {Handler} handler */
  on(type, handler) {
    if (!this.codec.numbers.has(type)) throw new ChannelClosed(`${this.spec.name} has no message "${type}"`);
    const handlers = this.handlers.get(type) ?? new Set();
    this.handlers.set(type, handlers.add(handler));
    return { dispose: () => void handlers.delete(handler) };
  }

  /**
   * Hand a body to whoever listens; return a promise if one of them takes its time.
   * @param {Uint8Array} body
   * @param {Info} info
   */
  deliver(body, info) {
    const { name, fields } = this.codec.decode(body);
    const results = [...(this.handlers.get(name) ?? [])].map((handler) => handler(fields, info));
    const slow = results.filter((one) => one instanceof Promise);
    return slow.length ? Promise.allSettled(slow) : null;
  }
}

/** Nothing is lost on it, nothing comes twice, and one message is handled after the other. */
export class Port extends End {
  /** @type {{number: number, body: Uint8Array}[]} */
  #queue = [];
  #isBusy = false;
  #generation = 0;
  /** @type {{body: Uint8Array, resolve: () => void, reject: (error: Error) => void}[]} */
  #waiting = [];

  /** @param {ChannelSpec} spec @param {Wiring} wiring */
  constructor(spec, wiring) {
    super(spec, wiring);
    this.out = new Outgoing(spec.window);
    this.inc = new Incoming(spec.window);
  }

  /**
   * Send one message; resolves once it is handed over, which waits for room.
   * @param {string} type
   * @param {Fields} [fields]
   * @returns {Promise<void>}
   */
  async send(type, fields = {}) {
    if (this.isClosed) throw new ChannelClosed(`${this.spec.name} is closed`);
    if (!this.spec.send) throw new ChannelClosed(`this page may not send on ${this.spec.name}`);
    const body = this.codec.encode(type, fields);
    if (!this.#waiting.length && this.out.hasRoom) return this.#put(body);
    return new Promise((resolve, reject) => this.#waiting.push({ body, resolve, reject }));
  }

  /** @param {number} number @param {Uint8Array} body */
  arrived(number, body) {
    if (!this.inc.accept(number, body.length)) return;
    this.#queue.push({ number, body });
    if (!this.#isBusy) void this.#drain();
  }

  /** @param {number} number */
  acknowledged(number) {
    this.out.acknowledged(number);
    this.#fill();
  }

  /** The far end has said what it has. @param {number} delivered */
  resync(delivered) {
    this.out.resync(delivered);
    this.wiring.transmit(this);
    this.#fill();
  }

  /** The owner's memory is new: receive from 1 again. */
  beginAnew() {
    this.#generation += 1;
    this.#queue = [];
    this.inc.clear();
  }

  /** Our own memory is new: nothing of before counts. */
  forget() {
    this.beginAnew();
    this.out.clear();
    this.#refuseWaiting();
  }

  close() {
    this.isClosed = true;
    this.#refuseWaiting();
  }

  #refuseWaiting() {
    for (const one of this.#waiting.splice(0)) one.reject(new ChannelClosed(`${this.spec.name} has ended`));
  }

  #fill() {
    while (this.#waiting.length && this.out.hasRoom) {
      const one = /** @type {{body: Uint8Array, resolve: () => void}} */ (this.#waiting.shift());
      this.#put(one.body);
      one.resolve();
    }
  }

  /** @param {Uint8Array} body */
  #put(body) {
    this.out.put(body);
    this.wiring.transmit(this);
  }

  async #drain() {
    this.#isBusy = true;
    for (let one = this.#queue.shift(); one; one = this.#queue.shift()) {
      const generation = this.#generation;
      // Empty is what the viewer would not let pass: only its number counts.
      const slow = this.isClosed || !one.body.length ? null : this.#handOver(one.body);
      if (slow) await slow;
      if (generation === this.#generation && this.inc.consume(one.number, one.body.length)) {
        this.wiring.acknowledge(this, this.inc.acknowledge());
      }
    }
    this.#isBusy = false;
  }

  /** @param {Uint8Array} body */
  #handOver(body) {
    try {
      return this.deliver(body, { refresh: false, backlogBytes: this.inc.waitingBytes, size: body.length });
    } catch (error) {
      this.wiring.misfit(this, error);
      return null;
    }
  }
}

/** A message smaller than this is shown before it pays to say that it has come. */
const WORTH_SAYING_BYTES = 2048;

/**
 * Never repeated. What has come is said at once, which tells the sender about the line; what was shown is said
 * then, which tells about this page.
 */
export class MediaPort extends End {
  #generation = 0;
  #hasBegun = false;
  #hasJoined = false;
  /** Bytes shown, or passed over, since the page joined. */
  shownBytes = 0;
  backlogBytes = 0;

  get arrivedBytes() {
    return this.shownBytes + this.backlogBytes;
  }

  /** @param {string} type @param {Handler} handler */
  on(type, handler) {
    const listening = super.on(type, handler);
    if (!this.#hasJoined) this.#join();
    return listening;
  }

  /** @returns {Promise<void>} */
  async send() {
    throw new ChannelClosed(`${this.spec.name} carries media: pages only receive on it`);
  }

  /** The page has entered: join anew, if anybody here wants to see it. */
  entered() {
    this.#generation += 1;
    this.#hasBegun = this.#hasJoined = false;
    this.backlogBytes = 0;
    if ([...this.handlers.values()].some((handlers) => handlers.size > 0)) this.#join();
  }

  /** @param {number} mark 1 where a refresh point begins @param {Uint8Array} body */
  arrived(mark, body) {
    this.#hasBegun ||= mark === 1;
    const generation = this.#generation;
    this.backlogBytes += body.length;
    const slow = this.#hasBegun && !this.isClosed ? this.#handOver(body, mark === 1) : null;
    if (!slow) {
      this.#shown(generation, body.length);
      return;
    }
    if (this.backlogBytes >= WORTH_SAYING_BYTES) this.wiring.shown(this, this.shownBytes, this.arrivedBytes);
    void slow.then(() => this.#shown(generation, body.length));
  }

  close() {
    this.isClosed = true;
  }

  #join() {
    this.shownBytes = 0;
    this.#hasJoined = this.wiring.shown(this, 0, 0);
  }

  /** @param {Uint8Array} body @param {boolean} refresh */
  #handOver(body, refresh) {
    try {
      return this.deliver(body, { refresh, backlogBytes: this.backlogBytes, size: body.length });
    } catch (error) {
      this.wiring.misfit(this, error);
      return null;
    }
  }

  /** @param {number} generation @param {number} size */
  #shown(generation, size) {
    if (generation !== this.#generation) return;
    this.backlogBytes -= size;
    this.shownBytes += size;
    this.wiring.shown(this, this.shownBytes, this.arrivedBytes);
  }
}
