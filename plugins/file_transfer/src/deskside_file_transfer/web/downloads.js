// @ts-check
/** Files from the customer's machine to this page. */

import { Row, newId, reason } from "./row.js";
import { Turns } from "./store.js";
import { sentence } from "./uploads.js";

const MOST_AT_ONCE = 2;
const PROGRESS_STEP = 512 * 1024;

/** @typedef {import("./row.js").Told} Told */

export class Downloads {
  /** @type {Map<number, Row>} */
  rows = new Map();
  /** The question under way, 0 if there is none. */
  ask = 0;
  #turns = new Turns(MOST_AT_ONCE);
  /** @type {Map<Row, Promise<void>>} */
  #held = new Map();
  /** @type {Map<Row, number>} */
  #told = new Map();

  /**
   * @param {any} ui
   * @param {import("./store.js").FileWorker} worker
   * @param {(row: Row | null) => void} changed
   */
  constructor(ui, worker, changed) {
    this.ui = ui;
    this.worker = worker;
    this.changed = changed;
    this.offers = ui.channel("fetch_offers");
    this.offers.onReset(() => this.#begin());
    this.offers.on("state", ({ transfers }) => this.#tell(transfers));
    this.offers.on("offer", ({ files }) => files.forEach((/** @type {any} */ file) => this.#offered(file)));
    this.offers.on("chosen", ({ id, count }) => this.#answered(id, count ? "" : ui.text("file_transfer.panel.none_chosen")));
    this.offers.on("declined", ({ id, reason: why }) => this.#answered(id, sentence(ui, why)));
    this.offers.on("done", ({ id }) => this.#with(id, (row) => this.#done(row)));
    this.offers.on("failed", (fields) => this.#with(fields.id, (row) => this.#end(row, "failed", fields.reason)));
    this.offers.on("cancel", ({ id }) => this.#with(id, (row) => this.#end(row, "cancelled", reason("customer_cancelled"))));
    const data = ui.channel("fetch_data");
    // The promise tells the channel when the bytes are stored: the host sends no faster than that.
    data.on("chunk", ({ id, run, offset, content }) => this.#chunk(this.rows.get(id), run, offset, content));
    data.on("complete", ({ id, run }) => this.#complete(this.rows.get(id), run));
  }

  /** Ask the customer for files, or stop asking. */
  toggleAsk() {
    if (this.ask) {
      this.offers.send("cancel", { id: this.ask }).catch(() => undefined);
      this.#answered(this.ask, "");
      return;
    }
    this.ask = newId();
    this.offers.send("ask_for_files", { id: this.ask }).catch(() => this.#answered(this.ask, this.ui.text("file_transfer.reason.withdrawn")));
    this.changed(null);
  }

  /** @param {Row} row */
  cancel(row) {
    this.offers.send("cancel", { id: row.id }).catch(() => undefined);
    this.#end(row, "cancelled", reason("agent_cancelled"));
  }

  /** The direction was taken away: nothing more comes of what was under way. @param {string} why */
  stop(why) {
    if (this.ask) this.#answered(this.ask, why);
    for (const row of this.rows.values()) if (!row.isOver) this.#end(row, "stopped", { ...reason("withdrawn"), said: why });
  }

  /** Put a complete file into the agent's own folder. @param {Row} row */
  save(row) {
    if (!row.file) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(row.file);
    link.download = row.name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  #begin() {
    for (const row of this.rows.values()) row.run = 0;
    if (this.ask) this.#answered(this.ask, "");
    return this.offers.send("want_state", {});
  }

  /** @param {Told[]} transfers */
  async #tell(transfers) {
    const known = new Set(transfers.map(({ id }) => id));
    for (const row of this.rows.values()) {
      if (!row.isOver && !known.has(row.id)) this.#end(row, "failed", reason("forgotten"));
    }
    for (const told of transfers) await this.#adopt(told);
  }

  /** @param {Told} told */
  async #adopt(told) {
    const row = this.rows.get(told.id) ?? new Row("fetch", told);
    this.rows.set(told.id, row);
    if (row.isOver) return;
    if (told.stage === "asking" || told.stage === "moving") {
      void this.#take(row);
      return;
    }
    row.end(told.stage, told.reason);
    if (told.stage === "done") row.file = await this.worker.call("stored", { id: row.id, size: row.size }).catch(() => null);
    this.#giveTurn(row);
    this.changed(row);
  }

  /** @param {{id: number, name: string, size: number}} file */
  #offered(file) {
    const row = new Row("fetch", file);
    this.rows.set(row.id, row);
    void this.#take(row);
  }

  /** Tell the host from where to send, under a run of our own. @param {Row} row */
  async #take(row) {
    const run = 1 + Math.floor(Math.random() * 2 ** 30);
    row.run = run;
    row.stage = "waiting";
    this.changed(row);
    await this.#turn(row);
    if (row.run !== run) return;
    const offset = await this.worker.call("openWrite", { id: row.id, size: row.size }).catch(() => -1);
    if (row.run !== run) return;
    if (offset < 0) return this.#fail(row);
    row.stage = "moving";
    row.move(offset);
    this.changed(row);
    this.offers.send("take", { id: row.id, run, offset }).catch(() => undefined);
  }

  /** @param {Row | undefined} row @param {number} run @param {number} offset @param {Uint8Array} content */
  async #chunk(row, run, offset, content) {
    if (!row || row.isOver || row.run !== run) return;
    if (offset !== row.done || offset + content.length > row.size) {
      void this.#take(row);
      return;
    }
    const copy = content.slice();
    row.move(offset + content.length);
    try {
      await this.worker.call("write", { id: row.id, content: copy }, [copy.buffer]);
    } catch {
      if (row.run === run) this.#fail(row);
      return;
    }
    if (row.done - (this.#told.get(row) ?? 0) >= PROGRESS_STEP) {
      this.#told.set(row, row.done);
      this.offers.send("progress", { id: row.id, offset: row.done }).catch(() => undefined);
    }
    this.changed(row);
  }

  /** @param {Row | undefined} row @param {number} run */
  async #complete(row, run) {
    if (!row || row.isOver || row.run !== run) return;
    row.stage = "checking";
    this.changed(row);
    try {
      const { sha256, file } = await this.worker.call("finish", { id: row.id });
      row.file = file;
      this.offers.send("arrived", { id: row.id, run, sha256 }).catch(() => undefined);
    } catch {
      if (row.run === run) this.#fail(row);
    }
  }

  /** The host has found the hash to be right. @param {Row} row */
  #done(row) {
    this.#end(row, "done");
    this.save(row);
  }

  /** This browser cannot store it. @param {Row} row */
  #fail(row) {
    const why = reason("no_room_here");
    this.offers.send("failed", { id: row.id, reason: why }).catch(() => undefined);
    this.#end(row, "failed", why);
  }

  /** @param {Row} row @param {import("./row.js").Stage} stage @param {import("./row.js").Reason | null} [why] */
  #end(row, stage, why = null) {
    row.end(stage, why);
    this.#giveTurn(row);
    this.#told.delete(row);
    if (stage !== "done") {
      row.file = null;
      this.worker.call("drop", { id: row.id }).catch(() => undefined);
    }
    this.changed(row);
    const words = { name: row.name, reason: sentence(this.ui, why) };
    this.ui.announce(this.ui.text(`file_transfer.announce.${stage === "done" ? "received" : "failed"}`, words));
  }

  /** One turn per file, however often it begins anew. @param {Row} row */
  #turn(row) {
    const held = this.#held.get(row) ?? this.#turns.take();
    this.#held.set(row, held);
    return held;
  }

  /** @param {Row} row */
  #giveTurn(row) {
    const held = this.#held.get(row);
    this.#held.delete(row);
    void held?.then(() => this.#turns.give());
  }

  /** @param {number} id @param {string} words */
  #answered(id, words) {
    if (id !== this.ask) return;
    this.ask = 0;
    if (words) this.ui.notify(words, { kind: "info" });
    this.changed(null);
  }

  /** @param {number} id @param {(row: Row) => unknown} step */
  #with(id, step) {
    const row = this.rows.get(id);
    if (row && !row.isOver) step(row);
  }
}
