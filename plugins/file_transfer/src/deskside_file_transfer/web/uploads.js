// @ts-check
/** Files from this page to the customer's machine. */

import { Row, newId, reason, sizeText } from "./row.js";
import { Turns } from "./store.js";

const CHUNK = 64 * 1024;
const MOST_FILES = 100;
const MOST_AT_ONCE = 2;

/** @typedef {import("./row.js").Told} Told */

export class Uploads {
  /** @type {Map<number, Row>} */
  rows = new Map();
  #turns = new Turns(MOST_AT_ONCE);
  /** Rows offered before the last reset, whose fate the host must know. @type {Set<Row>} */
  #unsure = new Set();

  /**
   * @param {any} ui
   * @param {import("./store.js").FileWorker} worker
   * @param {import("./store.js").Kept} kept
   * @param {(row: Row) => void} changed
   */
  constructor(ui, worker, kept, changed) {
    this.ui = ui;
    this.worker = worker;
    this.kept = kept;
    this.changed = changed;
    this.offers = ui.channel("send_offers");
    this.data = ui.channel("send_data");
    this.offers.onReset(() => this.#begin());
    this.offers.on("state", (fields) => this.#tell(fields.transfers));
    this.offers.on("accepted", ({ id, run, offset }) => this.#with(id, (row) => this.#accepted(row, run, offset)));
    this.offers.on("progress", ({ id, offset }) => this.#with(id, (row) => this.#moved(row, offset)));
    this.offers.on("done", ({ id, name }) => this.#with(id, (row) => this.#done(row, name)));
    this.offers.on("declined", (fields) => this.#with(fields.id, (row) => this.#end(row, "declined", fields.reason)));
    this.offers.on("failed", (fields) => this.#with(fields.id, (row) => this.#end(row, "failed", fields.reason)));
    this.offers.on("cancel", ({ id }) => this.#with(id, (row) => this.#end(row, "cancelled", reason("customer_cancelled"))));
  }

  /** Offer files; the customer is asked once for all of them. @param {File[]} files */
  add(files) {
    const limit = this.ui.options.send_limit_mb * 1_000_000;
    /** @type {Row[]} */
    const offered = [];
    for (const file of files) {
      const row = new Row("send", { id: newId(), name: file.name, size: file.size });
      row.file = file;
      this.rows.set(row.id, row);
      if (file.size > limit) row.end("declined", reason("too_large", { limit: sizeText(limit) }));
      else offered.push(row);
      this.changed(row);
    }
    for (let at = 0; at < offered.length; at += MOST_FILES) this.#offer(offered.slice(at, at + MOST_FILES));
  }

  /** @param {Row} row */
  cancel(row) {
    this.offers.send("cancel", { id: row.id }).catch(() => undefined);
    this.#end(row, "cancelled", reason("agent_cancelled"));
  }

  /** The direction was taken away: nothing more comes of what was under way. @param {string} why */
  stop(why) {
    for (const row of this.rows.values()) if (!row.isOver) this.#end(row, "stopped", { ...reason("withdrawn"), said: why });
  }

  /** @param {Row[]} rows */
  #offer(rows) {
    for (const row of rows) void this.kept.put(row.id, /** @type {File} */ (row.file));
    const files = rows.map(({ id, name, size }) => ({ id, name, size }));
    this.offers.send("offer", { files }).catch(() => rows.forEach((row) => row.isOver || this.#end(row, "failed", reason("withdrawn"))));
  }

  #begin() {
    this.#unsure = new Set([...this.rows.values()].filter((row) => !row.isOver));
    for (const row of this.#unsure) row.run = 0;
    return this.offers.send("want_state", {});
  }

  /** Take the host's word for what there is. @param {Told[]} transfers */
  async #tell(transfers) {
    for (const told of transfers) await this.#adopt(told);
    for (const row of this.#unsure) this.#end(row, "failed", reason("forgotten"));
    this.#unsure.clear();
  }

  /** @param {Told} told */
  async #adopt(told) {
    const row = this.rows.get(told.id) ?? new Row("send", told);
    const isNew = !this.rows.has(told.id);
    this.rows.set(told.id, row);
    this.#unsure.delete(row);
    if (row.isOver) return;
    if (told.stage !== "asking" && told.stage !== "moving") {
      row.name = told.name;
      this.#end(row, told.stage, told.reason, { isQuiet: isNew });
      return;
    }
    row.file ??= await this.kept.find(told.id);
    if (!row.file) {
      this.offers.send("cancel", { id: row.id }).catch(() => undefined);
      this.#end(row, "failed", reason("reloaded"));
      return;
    }
    row.move(told.offset);
    if (told.stage === "moving") this.offers.send("resume", { id: row.id }).catch(() => undefined);
    this.changed(row);
  }

  /** @param {Row} row @param {number} run @param {number} offset */
  #accepted(row, run, offset) {
    row.run = run;
    row.stage = "waiting";
    row.move(offset);
    this.changed(row);
    void this.#pump(row, run, offset);
  }

  /** @param {Row} row @param {number} run @param {number} offset */
  async #pump(row, run, offset) {
    const key = `${row.id} ${run}`;
    await this.#turns.take();
    try {
      if (row.run !== run) return;
      row.stage = "moving";
      this.changed(row);
      await this.worker.call("openRead", { key, file: row.file, offset });
      while (row.run === run && (await this.#sendPiece(row, run, key)));
      const sha256 = await this.worker.call("closeRead", { key });
      if (row.run === run) await this.data.send("complete", { id: row.id, run, sha256 });
    } catch (error) {
      if (row.run !== run || /** @type {Error} */ (error).name === "ChannelClosed") return;
      this.offers.send("cancel", { id: row.id }).catch(() => undefined);
      this.#end(row, "failed", reason("unreadable"));
    } finally {
      this.#turns.give();
    }
  }

  /** @param {Row} row @param {number} run @param {string} key */
  async #sendPiece(row, run, key) {
    const { offset, content } = await this.worker.call("read", { key });
    for (let at = 0; at < content.length && row.run === run; at += CHUNK) {
      await this.data.send("chunk", { id: row.id, run, offset: offset + at, content: content.subarray(at, at + CHUNK) });
    }
    return content.length > 0;
  }

  /** @param {Row} row @param {number} offset */
  #moved(row, offset) {
    row.move(offset);
    if (offset === row.size) row.stage = "checking";
    this.changed(row);
  }

  /** @param {Row} row @param {string} name */
  #done(row, name) {
    row.name = name;
    this.#end(row, "done");
  }

  /** @param {Row} row @param {import("./row.js").Stage} stage @param {import("./row.js").Reason | null} [why] @param {{isQuiet?: boolean}} [how] */
  #end(row, stage, why = null, { isQuiet = false } = {}) {
    row.end(stage, why);
    row.file = null;
    void this.kept.forget(row.id);
    this.changed(row);
    if (isQuiet) return;
    const words = { name: row.name, reason: sentence(this.ui, why) };
    this.ui.announce(this.ui.text(`file_transfer.announce.${stage === "done" ? "sent" : "failed"}`, words));
  }

  /** @param {number} id @param {(row: Row) => unknown} step */
  #with(id, step) {
    const row = this.rows.get(id);
    if (row && !row.isOver) step(row);
  }
}

/** @param {any} ui @param {import("./row.js").Reason | null} why @returns {string} in words */
export function sentence(ui, why) {
  if (!why || why.said) return why?.said ?? "";
  return ui.text(why.key, Object.fromEntries(why.values.map(({ name, value }) => [name, value])));
}
