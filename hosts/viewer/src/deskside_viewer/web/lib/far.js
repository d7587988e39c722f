// @ts-check
/**
 * One far end as the page knows it: the host or the viewer, its bulk channels apart from all others.
 *
 * @typedef {import("./port.js").Port} Port
 * @typedef {import("./port.js").MediaPort} MediaPort
 * @typedef {{channel: string, number: number}} Delivered
 * @typedef {{boot: string, knows: string, delivered: Delivered[]}} Told
 */

const ANSWER_MS = 5000;

export class FarEnd {
  /** The boot word the far end last told. */
  known = "";
  /** True once it has answered on the present line: only then packets pass. */
  isLevel = false;
  /** When an answer was asked for that has not come; 0 if none is awaited. */
  askedAt = 0;

  /** @param {"host" | "viewer"} name @param {boolean} isBulk @param {Port[]} ports @param {MediaPort[]} media */
  constructor(name, isBulk, ports, media) {
    this.name = name;
    this.isBulk = isBulk;
    this.ports = ports;
    this.media = media;
  }

  /** True if the answer was lost on its way. */
  get isOverdue() {
    return this.askedAt > 0 && performance.now() - this.askedAt > ANSWER_MS;
  }

  /** The line is there: return what to say. @param {string} boot */
  ask(boot) {
    this.lost();
    this.askedAt = performance.now();
    const delivered = this.ports
      .filter((port) => port.inc.received > 0)
      .map((port) => ({ channel: port.spec.name, number: port.inc.received }));
    return { far: this.name, bulk: this.isBulk, boot, knows: this.known, is_answer: false, delivered };
  }

  /** The line is gone: hold everything back. */
  lost() {
    this.isLevel = false;
    this.askedAt = 0;
    for (const port of this.ports) port.out.isReady = false;
  }

  /** Take the answer: begin anew where the far end's memory is new, then repeat what it lacks. @param {Told} told @param {string} boot */
  answered(told, boot) {
    if (!this.askedAt && !this.isLevel) return;
    const isNew = this.known !== told.boot;
    const isFirst = this.known === "";
    this.known = told.boot;
    this.isLevel = true;
    this.askedAt = 0;
    const numbers = new Map(told.knows === boot ? told.delivered.map((one) => [one.channel, one.number]) : []);
    if (isNew) for (const port of this.ports) port.beginAnew();
    for (const port of this.ports) port.resync(numbers.get(port.spec.name) ?? 0);
    if (isNew && !isFirst) for (const port of [...this.ports, ...this.media]) port.reset.fire();
  }

  /** Our own memory is new. */
  forget() {
    this.lost();
    this.known = "";
    for (const port of this.ports) port.forget();
  }
}
