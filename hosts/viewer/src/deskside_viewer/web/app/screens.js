// @ts-check
/** What covers the stage while there is nothing to see: one card per state of the session. */

import { everySecond, now, span } from "../lib/clock.js";
import { el, fill, set, show, write } from "../lib/dom.js";
import { Feed } from "../lib/feed.js";
import { icon } from "../lib/icons.js";
import { post } from "../lib/requests.js";
import { createAfter } from "./after.js";
import { CodeCard } from "./code_card.js";

/**
 * @typedef {import("./model.js").Model} Model
 * @typedef {{element: HTMLElement, tick?: () => void, dispose?: () => void}} Drawn
 */

/** @param {string} title @param {string} text @param {...import("../lib/dom.js").Child} more @returns {HTMLElement} */
function card(title, text, ...more) {
  return el("div", { class: "card" }, el("h1", {}, title), text && el("p", { class: "lead" }, text), ...more);
}

export class Screens {
  element = el("div", { class: "cover", hidden: true });
  #name = "";
  /** @type {Drawn | null} */
  #drawn = null;

  /** @param {Model} model @param {{announce: (text: string) => void, end: () => void, use: () => void}} hooks */
  constructor(model, hooks) {
    this.model = model;
    this.words = model.words;
    this.hooks = hooks;
    everySecond(() => this.#drawn?.tick?.());
  }

  /** Draw the card of the present state. */
  draw() {
    const { screen } = this.model;
    const name = screen === "ended" || screen === "suspended" ? screen + this.model.session.reason + this.model.host.up : screen;
    if (name === this.#name) return this.#drawn?.tick?.();
    this.#name = name;
    this.#drawn?.dispose?.();
    this.#drawn = this.#build(screen);
    set(this.element, { "data-screen": screen });
    fill(this.element, this.#drawn?.element);
    show(this.element, this.#drawn !== null);
    this.#drawn?.tick?.();
    this.hooks.announce(this.say(`state.${screen}`));
  }

  /** @param {string} key @param {import("../lib/texts.js").Values} [values] */
  say(key, values) {
    return this.words.say(`session.${key}`, values);
  }

  /** @param {import("./model.js").ScreenName} screen @returns {Drawn | null} */
  #build(screen) {
    const name = this.model.session.customer || this.say("customer");
    const spinner = el("span", { class: "spinner", "aria-hidden": "true" });
    switch (screen) {
      case "active": return null;
      case "waiting": return this.model.role === "agent" ? this.#waiting() : { element: card(this.say("opening"), this.say("talk.waiting"), spinner) };
      case "opening": return { element: card(this.say("opening"), "", spinner) };
      case "connecting": return { element: card(this.say("connecting", { name }), this.say("connecting.help"), spinner, this.#stop()) };
      case "agreeing": return this.model.role === "customer" ? { element: card(this.say("opening"), "", spinner) } : { element: card(this.say("agreeing"), this.say("agreeing.help", { name }), spinner, this.#stop()) };
      case "suspended": return this.#suspended();
      case "ended": return this.#ended();
      case "replaced": return { element: card(this.say("replaced"), this.say("replaced.help"), el("button", { type: "button", class: "primary", onclick: this.hooks.use }, this.say("replaced.use"))) };
      default: return { element: card(this.say("refused"), this.say("refused.help"), this.#home()) };
    }
  }

  #home() {
    const { home } = document.body.dataset;
    return home ? el("a", { class: "button", href: home }, icon("home"), el("span", {}, this.say("home"))) : null;
  }

  #stop() {
    if (this.model.role !== "agent") return null;
    return el("button", { type: "button", class: "quiet", onclick: this.hooks.end }, this.say("stop_waiting"));
  }

  /** @returns {Drawn} */
  #waiting() {
    const { id } = this.model.boot.session;
    let page = "";
    const onNew = () => void post(`/console/sessions/${id}/code`).catch(() => undefined);
    const code = new CodeCard(this.words, { page: () => page, onNew });
    const address = el("strong", { class: "address" });
    const help = el("p", { class: "lead" }, this.say("waiting.help"), " ", address);
    const visited = el("p", { class: "visited", role: "status", hidden: true });
    const element = card(this.say("waiting"), "", help, code.element, visited, this.#stop());
    const draw = (/** @type {any} */ found) => {
      const system = found.customer?.system ?? "";
      // With what he has opened the page is said below.
      const isSaid = found.reason === "waiting.on_page" && system !== "";
      const note = found.note ?? (found.reason?.startsWith("waiting.") && !isSaid ? { reason: found.reason } : null);
      code.update({ ...found, note });
      write(visited, system ? this.say("visited", { system }) : "");
      show(visited, system !== "");
    };
    if (this.model.boot.waiting) draw(this.model.boot.waiting);
    const feed = new Feed("/console/socket", {
      state: (state) => {
        const found = state.sessions?.find((/** @type {any} */ one) => one.id === id);
        if (!found) return;
        page = state.page;
        write(address, page.replace(/^https?:\/\//, ""));
        draw(found);
      },
    });
    return { element, tick: () => code.tick(), dispose: () => feed.dispose() };
  }

  /** @returns {Drawn} */
  #suspended() {
    const time = el("strong", { class: "time", "aria-hidden": "true" });
    const isOurs = this.model.link.state.value === "away";
    const who = isOurs ? "own" : this.model.role === "customer" ? "customer" : "host";
    const element = el(
      "div",
      { class: "card banner" },
      el("p", { class: "lost" }, el("span", { class: "spinner small", "aria-hidden": "true" }), el("span", {}, this.say("suspended")), time),
      el("p", { class: "muted" }, this.say(`suspended.${who}`)),
    );
    return { element, tick: () => write(time, span(now() - this.model.lostSince)) };
  }

  /** @returns {Drawn} */
  #ended() {
    const { session, words } = this.model;
    const by = words.first([`session.by.${session.by}`]) || session.by;
    const reason = session.reason ? words.reason(session.reason, { by }) : "";
    const lead = reason || (by ? this.say("ended.by", { name: by }) : "");
    const element = card(this.say("ended"), lead, this.#summary(), this.#after());
    return { element };
  }

  #summary() {
    const { session, words, role } = this.model;
    /** @type {[string, string, string][]} */
    const rows = [];
    if (session.agent) rows.push([this.say("summary.agent"), session.agent, ""]);
    if (session.customer && role !== "customer") rows.push([this.say("summary.customer"), session.customer, ""]);
    rows.push([this.say("summary.number"), session.number, ""]);
    if (session.began) {
      rows.push([this.say("summary.began"), words.time(session.began), words.moment(session.began)]);
      const ended = session.ended || now();
      rows.push([this.say("summary.ended"), words.time(ended), words.moment(ended)]);
      rows.push([this.say("summary.duration"), span(ended - session.began), ""]);
    }
    const used = [...this.model.used].map((key) => words.first([`${key}.title`])).filter(Boolean);
    if (used.length && role !== "customer") rows.push([this.say("summary.used"), used.join(", "), ""]);
    return el("dl", { class: "summary" }, ...rows.map(([name, value, title]) => el("div", {}, el("dt", {}, name), el("dd", { title: title || null }, value))));
  }

  #after() {
    if (this.model.role === "customer") return createAfter(this.model);
    if (this.model.role !== "agent") return null;
    const again = async () => {
      const { id } = await post("/console/sessions", { kind: this.model.boot.session.kind });
      location.assign(`/session/${id}`);
    };
    return el("div", { class: "row" }, el("button", { type: "button", class: "primary", onclick: () => void again().catch(() => location.assign("/console")) }, this.say("new")), this.#home());
  }
}
