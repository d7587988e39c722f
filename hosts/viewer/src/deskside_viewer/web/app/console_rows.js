// @ts-check
/** Lists of sessions: those that run, and those that ended today. */

import { now, span } from "../lib/clock.js";
import { arrange, el, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { stateName } from "./state.js";

/** @typedef {import("./console.js").Session} Session */

class Row {
  /** @param {Rows} rows @param {Session} session */
  constructor({ words, isOver }, session) {
    this.words = words;
    this.isOver = isOver;
    this.session = session;
    this.dot = el("span", { class: "dot", "aria-hidden": "true" });
    this.name = el("span", { class: "who" });
    this.state = el("span", { class: "state" });
    this.detail = el("span", { class: "detail muted" });
    this.time = el("span", { class: "time" });
    const words_ = el("div", { class: "words" }, el("div", { class: "first" }, this.name, this.state), this.detail);
    this.open = el("a", { class: "button", href: `/session/${session.id}`, target: `deskside-${session.id}` }, words.say("console.open"));
    this.element = el("li", {}, isOver ? null : this.dot, words_, this.time, isOver ? null : this.open);
  }

  /** @param {Session} session */
  draw(session) {
    this.session = session;
    const { words } = this;
    const customer = session.customer?.name || words.say(`console.kind.${session.kind === "chat" ? "chat" : "pc"}`);
    const state = stateName(session.state, session.reason);
    this.element.dataset.state = session.state;
    write(this.name, customer);
    write(this.state, state === "active" || this.isOver ? "" : words.say(`session.state.${state}`));
    show(this.state, this.state.textContent !== "");
    this.open.setAttribute("aria-label", words.say("console.open_named", { name: customer }));
    write(this.detail, this.#details().filter(Boolean).join(" · "));
    this.tick();
  }

  tick() {
    const { began, ended, opened } = this.session;
    const from = began || opened;
    write(this.time, from ? span((this.isOver ? ended || from : now()) - from) : "");
    if (from) this.time.title = this.words.moment(from);
  }

  #details() {
    const { number, people = [], customer, ended, by, reason, kind } = this.session;
    const { words } = this;
    const system = customer?.system ?? "";
    if (!this.isOver) return [number, system, kind === "chat" ? words.say("console.kind.chat") : "", people.length > 1 ? people.join(", ") : ""];
    const who = words.first([`session.by.${by}`]) || by || "";
    const why = reason ? words.reason(reason, { by: who }) : who && words.say("session.ended.by", { name: who });
    return [number, ended ? words.say("console.ended_at", { time: words.time(ended) }) : "", why];
  }
}

export class Rows {
  #list = el("ul", { class: "rows" });
  #empty;
  /** @type {Map<string, Row>} */
  #rows = new Map();

  /** @param {import("../lib/texts.js").Words} words @param {{isOver: boolean}} options */
  constructor(words, { isOver }) {
    this.words = words;
    this.isOver = isOver;
    this.#empty = el("p", { class: "empty muted" }, icon(isOver ? "clock" : "screen"), el("span", {}, words.say(isOver ? "console.today.empty" : "console.running.empty")));
    this.element = el("div", { class: "card list" }, this.#empty, this.#list);
  }

  /** @param {Session[]} sessions */
  draw(sessions) {
    const ids = new Set(sessions.map((one) => one.id));
    for (const id of [...this.#rows.keys()]) if (!ids.has(id)) this.#rows.delete(id);
    const rows = sessions.map((session) => {
      const row = this.#rows.get(session.id) ?? new Row(this, session);
      this.#rows.set(session.id, row);
      row.draw(session);
      return row.element;
    });
    arrange(this.#list, rows);
    show(this.#empty, rows.length === 0);
    show(this.#list, rows.length > 0);
  }

  tick() {
    for (const row of this.#rows.values()) row.tick();
  }
}
