// @ts-check
/**
 * The page's link to its session: enters, comes back, and keeps every stream whole.
 *
 * @typedef {import("./schema.js").Fields} Fields
 * @typedef {import("./schema.js").MessageSchema} MessageSchema
 * @typedef {import("./port.js").ChannelSpec} ChannelSpec
 * @typedef {"connecting" | "open" | "away" | "refused" | "gone" | "replaced"} LinkState
 * @typedef {object} LinkWorld
 * @property {() => Promise<string>} address  WebSocket address with a fresh ticket; throws Over
 * @property {() => {participant: number, secret: string}} remembered
 * @property {(who: {participant: number, secret: string}) => void} remember
 * @property {() => void} locked  called when the page may show nothing any more
 */

import { FarEnd } from "./far.js";
import { BadMessage } from "./msgpack.js";
import { CORE_CHANNEL, decodePacket, encodePacket } from "./packet.js";
import { MediaPort, Port } from "./port.js";
import { BEHIND, Road } from "./road.js";
import { Codec } from "./schema.js";
import { Cell, Signal } from "./signal.js";

const PING_MS = 2000;
const SILENT_MS = 12_000;
const PUMP_MS = 15;

/** Return a boot word: new whenever this page's memory is. */
export function newBoot() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Link {
  /** @type {Cell<LinkState>} */
  state = new Cell(/** @type {LinkState} */ ("connecting"));
  /** Fired when our streams are gone and everything begins anew. @type {Signal<void>} */
  renewed = new Signal();
  /** Fired when a channel had to be closed. @type {Signal<{channel: string, reason: string}>} */
  closed = new Signal();
  /** @type {Signal<{totalMs: number, lineMs: number}>} */
  measured = new Signal();
  /** The last round trips, to the viewer and from there to the customer, and the viewer's own delay; -1 is unknown. */
  trips = { ownMs: -1, lineMs: -1, serverMs: 0 };
  /** @type {Map<string, Port | MediaPort>} */
  ports = new Map();
  receivedBytes = 0;
  sentBytes = 0;
  participant = 0;
  boot = newBoot();
  /** @type {Map<string, Signal<Fields>>} */
  #core = new Map();
  /** @type {Map<number, Port | MediaPort>} */
  #byNumber = new Map();
  /** @type {FarEnd[]} */
  #fars;
  /** @type {Set<Port>} */
  #bulk = new Set();
  #pump = 0;
  #isWelcome = false;
  #pinged = 0;

  /** @param {MessageSchema[]} core @param {ChannelSpec[]} channels @param {LinkWorld} world */
  constructor(core, channels, world) {
    this.world = world;
    this.codec = new Codec(core);
    for (const { name } of core) this.#core.set(name, new Signal());
    for (const spec of channels) {
      const port = spec.lane === "media" ? new MediaPort(spec, this) : new Port(spec, this);
      this.ports.set(spec.name, port);
      this.#byNumber.set(spec.number, port);
    }
    this.#fars = this.#farEnds();
    this.road = new Road({
      address: world.address,
      opened: () => this.#enter(),
      received: (bytes) => this.#received(bytes),
      lost: (code) => this.#lost(code),
      over: (reason) => {
        this.#away();
        if (reason === "locked") this.world.locked();
        else this.state.set(reason);
      },
    });
    this.#listen();
    setInterval(() => this.#beat(), PING_MS);
  }

  start() {
    void this.road.dial();
  }

  end() {
    this.road.end();
  }

  /** Listen to a core message. @param {string} name @param {(fields: Fields) => void} listener */
  onCore(name, listener) {
    const signal = this.#core.get(name);
    return signal ? signal.on(listener) : { dispose() {} };
  }

  /** Send a core message, if the line is there. @param {string} name @param {Fields} fields */
  say(name, fields) {
    this.#put(CORE_CHANNEL, 0, this.codec.encode(name, fields));
  }

  /** Forget all streams and tell the modules to begin anew. */
  renew() {
    this.boot = newBoot();
    this.#bulk.clear();
    for (const far of this.#fars) far.forget();
    this.renewed.fire();
  }

  // What ports need.

  /** @param {Port} port */
  transmit(port) {
    if (port.isBulk) this.#bulk.add(port);
    else while (port.out.waits) this.#sendNext(port);
    if (this.#bulk.size) this.#pumpBulk();
  }

  /** @param {Port} port @param {number} number */
  acknowledge(port, number) {
    if (this.#farOf(port).isLevel) this.say("ack", { channel: port.spec.name, number });
  }

  /** @param {MediaPort} port @param {number} total @param {number} arrived */
  shown(port, total, arrived) {
    if (this.#isWelcome) this.say("media_ack", { channel: port.spec.name, total, arrived });
    return this.#isWelcome;
  }

  /** A message does not fit: close the channel, not the session. @param {Port | MediaPort} port @param {unknown} error */
  misfit(port, error) {
    console.error(`channel ${port.spec.name} is closed:`, error);
    this.say("closed", { channel: port.spec.name, reason: "closed.bad_message" });
    this.#close(port.spec.name, "closed.bad_message");
  }

  // Roads.

  #enter() {
    this.say("enter", { ...this.world.remembered(), boot: this.boot });
  }

  /** @param {number} code */
  #lost(code) {
    this.#away();
    if (code === BEHIND) this.renew();
    this.state.set(this.state.value === "connecting" ? "connecting" : "away");
  }

  #away() {
    this.#isWelcome = false;
    this.#pinged = 0;
    for (const far of this.#fars) far.lost();
  }

  #beat() {
    if (!this.#isWelcome) return;
    for (const far of this.#fars) if (far.isOverdue) this.say("resync", far.ask(this.boot));
    if (this.#pinged && performance.now() - this.#pinged > SILENT_MS) this.road.drop();
    if (this.#pinged) return;
    this.#pinged = performance.now();
    this.say("ping", { stamp: this.#pinged });
  }

  // What arrives.

  /** @param {Uint8Array} bytes */
  #received(bytes) {
    this.receivedBytes += bytes.length;
    try {
      const packet = decodePacket(bytes);
      if (packet.channel === CORE_CHANNEL) this.#coreArrived(packet.body);
      else if (this.#isWelcome) this.#arrived(packet);
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      console.error("the line is given up:", error);
      this.road.drop();
    }
  }

  /** @param {Uint8Array} body */
  #coreArrived(body) {
    const { name, fields } = this.codec.decode(body);
    if (!this.#isWelcome && name !== "welcome") return;
    this.#core.get(name)?.fire(fields);
  }

  /** @param {import("./packet.js").Packet} packet */
  #arrived({ channel, number, body }) {
    const port = this.#byNumber.get(channel);
    if (!port) throw new BadMessage(`a packet for channel ${channel}, which nobody declared`);
    if (port instanceof MediaPort || this.#farOf(port).isLevel) port.arrived(number, body);
  }

  #listen() {
    this.onCore("welcome", (fields) => this.#welcomed(fields));
    this.onCore("resync", (told) => {
      const far = this.#fars.find((one) => one.name === told.far && one.isBulk === told.bulk);
      if (told.is_answer) far?.answered(/** @type {any} */ (told), this.boot);
    });
    this.onCore("host_link", ({ up, bulk }) => {
      this.#hostLine(false, up);
      this.#hostLine(true, up && bulk);
    });
    this.onCore("ack", ({ channel, number }) => {
      const port = this.ports.get(channel);
      if (port instanceof Port && this.#farOf(port).isLevel) port.acknowledged(number);
    });
    this.onCore("closed", ({ channel, reason }) => this.#close(channel, reason));
    this.onCore("ping", ({ stamp }) => this.say("pong", { stamp, line_ms: -1 }));
    this.onCore("pong", ({ stamp, line_ms: lineMs, server_ms: serverMs = 0 }) => {
      this.#pinged = 0;
      const ownMs = performance.now() - stamp;
      this.trips = { ownMs, lineMs, serverMs };
      this.measured.fire({ totalMs: ownMs + Math.max(0, lineMs), lineMs });
    });
  }

  /** @param {Fields} welcome */
  #welcomed({ participant, secret, renew }) {
    if (renew) this.renew();
    this.#isWelcome = true;
    this.participant = participant;
    this.world.remember({ participant, secret });
    this.road.isWell();
    for (const far of this.#fars) if (far.name === "viewer") this.say("resync", far.ask(this.boot));
    for (const port of this.ports.values()) if (port instanceof MediaPort) port.entered();
    this.state.set("open");
    this.#beat();
  }

  /** @param {boolean} isBulk @param {boolean} isUp */
  #hostLine(isBulk, isUp) {
    const far = this.#fars.find((one) => one.name === "host" && one.isBulk === isBulk);
    if (!far) return;
    if (!isUp) far.lost();
    else if (!far.isLevel && !far.askedAt) this.say("resync", far.ask(this.boot));
  }

  /** @param {string} channel @param {string} reason */
  #close(channel, reason) {
    const port = this.ports.get(channel);
    if (!port || port.isClosed) return;
    port.close();
    this.closed.fire({ channel, reason });
  }

  // What leaves.

  #farEnds() {
    return /** @type {const} */ (["viewer", "host"]).flatMap((name) =>
      [false, true].map((isBulk) => {
        const ends = [...this.ports.values()].filter((port) => port.far === name && port.isBulk === isBulk);
        return new FarEnd(
          name,
          isBulk,
          ends.filter((port) => port instanceof Port),
          ends.filter((port) => port instanceof MediaPort),
        );
      }),
    );
  }

  /** @param {Port | MediaPort} port @returns {FarEnd} */
  #farOf(port) {
    return /** @type {FarEnd} */ (this.#fars.find((far) => far.name === port.far && far.isBulk === port.isBulk));
  }

  /** @param {Port} port */
  #sendNext(port) {
    const { number, body } = port.out.take();
    this.#put(port.spec.number, number, body);
  }

  /** Send bulk in turn, as long as the socket takes it. */
  #pumpBulk() {
    clearTimeout(this.#pump);
    this.#pump = 0;
    while (this.#bulk.size && !this.road.isFull) {
      for (const port of [...this.#bulk]) {
        if (port.out.waits) this.#sendNext(port);
        if (!port.out.waits) this.#bulk.delete(port);
      }
    }
    if (this.#bulk.size) this.#pump = window.setTimeout(() => this.#pumpBulk(), PUMP_MS);
  }

  /** @param {number} channel @param {number} number @param {Uint8Array} body */
  #put(channel, number, body) {
    const bytes = encodePacket(channel, number, this.participant, body);
    this.sentBytes += bytes.length;
    this.road.send(bytes);
  }
}
