// @ts-check
/** Where a support begins: choose its kind, then tell the number. */

import { arrange, el, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { CodeCard } from "./code_card.js";
import { isHere } from "./state.js";

/**
 * @typedef {import("./console.js").Session} Session
 * @typedef {{begin: (kind: string) => unknown, demo: () => unknown, newCode: (id: string) => unknown, end: (id: string) => unknown}} Hooks
 */

/** One session that waits for its customer, and then, until somebody opens it, for its agent. */
class Waiting {
  /** @param {NewSupport} support @param {Session} session */
  constructor(support, session) {
    const { words, hooks } = support;
    const { id } = session;
    this.code = new CodeCard(words, { page: () => support.page, onNew: () => void hooks.newCode(id) });
    this.title = el("h3", {});
    this.help = el("p", { class: "muted" });
    this.open = el("a", { class: "button", href: `/session/${id}`, target: `deskside-${id}` }, icon("screen"), el("span", {}, words.say("console.open_page")));
    this.cancel = el("button", { type: "button", class: "quiet", onclick: () => void hooks.end(id) }, words.say("console.cancel"));
    this.element = el("article", { class: "card waiting" }, el("div", { class: "row spread" }, this.title, el("span", { class: "number muted" }, session.number)), this.help, this.code.element, el("div", { class: "row foot" }, this.open, this.cancel));
    this.hasArrived = false;
  }

  /** The customer is here: one thing is left to do. @param {Session} session @param {NewSupport} support */
  arrive({ customer }, { words }) {
    write(this.title, words.say("console.arrived", { name: customer?.name || words.say("console.customer") }));
    this.#lay(true);
  }

  /** @param {boolean} hasArrived */
  #lay(hasArrived) {
    this.hasArrived = hasArrived;
    for (const part of [this.help, this.code.element, this.cancel]) show(part, !hasArrived);
    this.open.classList.toggle("primary", hasArrived);
  }

  /** @param {Session} session @param {NewSupport} support */
  draw(session, { words, page }) {
    write(this.title, words.say(`console.kind.${session.kind === "chat" ? "chat" : "pc"}`));
    write(this.help, words.say("console.tell", { page: page.replace(/^https?:\/\//, "") }));
    const note = session.note ?? (session.reason?.startsWith("waiting.") ? { reason: session.reason } : null);
    this.#lay(false);
    this.code.update({ code: session.code ?? "", password: session.password, link: session.link ?? "", ends_at: session.ends_at ?? 0, licence_ends: session.licence_ends, note });
  }
}

export class NewSupport {
  page = "";
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  #cards = el("div", { class: "cards" });
  #hadNone = true;

  /** @param {import("../lib/texts.js").Words} words @param {Hooks} hooks */
  constructor(words, hooks) {
    this.words = words;
    this.hooks = hooks;
    const say = (/** @type {string} */ key) => words.say(`console.${key}`);
    this.lead = el("p", { class: "muted" }, say("new.lead"));
    this.title = el("h2", { id: "new" }, say("new"));
    const pc = this.#choice("screen", "pc", true);
    const chat = this.#choice("chat", "chat", false);
    this.demo = el("button", { type: "button", class: "quiet demo", hidden: true, onclick: () => void hooks.demo() }, icon("play"), el("span", {}, say("demo")));
    const choose = el("div", { class: "card choose" }, this.lead, el("div", { class: "choices" }, pc, chat), this.demo);
    this.element = el("section", { class: "new", "aria-labelledby": "new" }, this.title, this.#cards, choose);
  }

  /** @param {{waiting: Session[], live: Session[], demo: boolean, page: string}} state */
  draw({ waiting, live, demo, page }) {
    this.page = page;
    const unopened = live.filter((one) => this.#waiting.has(one.id) && !one.people?.length);
    const ids = new Set([...unopened, ...waiting].map((one) => one.id));
    for (const id of [...this.#waiting.keys()]) if (!ids.has(id)) this.#waiting.delete(id);
    for (const session of waiting) {
      const card = this.#waiting.get(session.id) ?? new Waiting(this, session);
      this.#waiting.set(session.id, card);
      card.draw(session, this);
    }
    const arrived = unopened.filter((one) => isHere(one) && this.#arrive(one));
    const cards = [...this.#waiting.values()].map((one) => one.element);
    arrange(this.#cards, cards);
    write(this.lead, this.words.say(waiting.length ? "console.new.another" : "console.new.lead"));
    this.element.classList.toggle("has-waiting", cards.length > 0);
    show(this.demo, demo);
    if (waiting.length && this.#hadNone) this.#cards.scrollIntoView({ block: "nearest" });
    this.#hadNone = waiting.length === 0;
    if (arrived.length) this.#offer(arrived[0]);
  }

  /** Show that a customer is here; true if this is news. @param {Session} session */
  #arrive(session) {
    const card = this.#waiting.get(session.id);
    const isNews = card?.hasArrived === false;
    card?.arrive(session, this);
    return isNews;
  }

  /** Let Enter open it, unless the keyboard is in use elsewhere. @param {Session} session */
  #offer({ id }) {
    const card = this.#waiting.get(id);
    card?.element.scrollIntoView({ block: "nearest" });
    const at = document.activeElement;
    if (!at || at === document.body || this.element.contains(at)) card?.open.focus();
  }

  tick() {
    for (const card of this.#waiting.values()) card.code.tick();
  }

  /** @param {string} name @param {string} kind @param {boolean} isFirst */
  #choice(name, kind, isFirst) {
    return el(
      "button",
      { type: "button", class: isFirst ? "choice primary" : "choice", onclick: () => void this.hooks.begin(kind) },
      icon(name),
      el("span", { class: "words" }, el("span", { class: "what" }, this.words.say(`console.kind.${kind}`)), el("span", { class: "help" }, this.words.say(`console.kind.${kind}.help`))),
    );
  }
}
