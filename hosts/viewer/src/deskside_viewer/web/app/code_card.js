// @ts-check
/**
 * The number to say, big, with everything to pass it on.
 *
 * @typedef {{code: string, password?: string, link: string, ends_at: number, note?: {reason?: string, text?: string} | null, licence_ends?: number | null}} Wait
 */

import { now, span } from "../lib/clock.js";
import { copy } from "../lib/clipboard.js";
import { el, fill, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

const COPIED_MS = 2000;
const GOOD = new Set(["waiting.on_page", "waiting.loading"]);

/** A button that copies, and says that it has. @param {import("../lib/texts.js").Words} words @param {string} key @param {string} name @param {() => string} text */
function copyButton(words, key, name, text) {
  const label = el("span", {}, words.say(key));
  const sign = el("span", { class: "sign" }, icon(name));
  const press = async () => {
    const isDone = await copy(text());
    write(label, words.say(isDone ? "console.copied" : "console.copy_failed"));
    fill(sign, icon(isDone ? "check" : "warn"));
    setTimeout(() => (write(label, words.say(key)), fill(sign, icon(name))), COPIED_MS);
  };
  return el("button", { type: "button", onclick: () => void press() }, sign, el("span", { "aria-live": "polite" }, label));
}

export class CodeCard {
  #digits = el("output", { class: "code", "aria-live": "off" });
  #left = el("span", { class: "left" });
  #password = el("strong", { class: "pin" });
  #says = el("div", { class: "session-password", hidden: true });
  #note = el("p", { class: "note warn", role: "status", hidden: true });
  #licence = el("p", { class: "muted licence-ends", hidden: true });
  #shown = "";
  /** @type {Wait} */
  #wait = { code: "", link: "", ends_at: 0 };

  /**
   * @param {import("../lib/texts.js").Words} words
   * @param {{page: () => string, onNew: () => void}} hooks
   */
  constructor(words, { page, onNew }) {
    this.words = words;
    this.page = page;
    const invitation = () => words.say("console.invitation", { page: page(), code: this.#wait.code, link: this.#wait.link });
    fill(this.#says, el("p", {}, el("span", { class: "muted" }, words.say("console.password"), " "), this.#password), el("p", { class: "help" }, words.say("console.password.help")));
    const renew = el("button", { type: "button", class: "quiet", onclick: onNew }, icon("refresh"), el("span", {}, words.say("console.new_code")));
    this.element = el(
      "div",
      { class: "code-card" },
      this.#note,
      this.#digits,
      this.#says,
      el("div", { class: "row copies" }, copyButton(words, "console.copy_link", "link", () => this.#wait.link), copyButton(words, "console.copy_invitation", "copy", invitation)),
      el("p", { class: "row validity muted" }, this.#left, renew),
      this.#licence,
    );
  }

  /** @param {Wait} wait */
  update(wait) {
    this.#wait = wait;
    if (wait.code !== this.#shown) this.#drawDigits(wait.code);
    write(this.#password, wait.password ?? "");
    show(this.#says, Boolean(wait.password));
    const text = wait.note ? wait.note.text || this.words.reason(wait.note.reason ?? "") : "";
    this.#note.classList.toggle("warn", !GOOD.has(wait.note?.reason ?? ""));
    write(this.#note, text);
    show(this.#note, text !== "");
    write(this.#licence, wait.licence_ends ? this.words.say("console.licence_ends", { day: this.words.day(wait.licence_ends) }) : "");
    show(this.#licence, Boolean(wait.licence_ends));
    this.tick();
  }

  /** Count down. */
  tick() {
    const seconds = this.#wait.ends_at - now();
    const isOver = seconds <= 0;
    write(this.#left, isOver ? this.words.say("console.expired") : this.words.say("console.valid_for", { time: span(seconds) }));
    this.element.classList.toggle("expired", isOver);
  }

  /** @param {string} code */
  #drawDigits(code) {
    this.#shown = code;
    const groups = code.split(" ").filter(Boolean);
    const spelled = groups.map((group) => [...group].join(" ")).join(", ");
    fill(this.#digits, ...groups.map((group) => el("span", { class: "digits", "aria-hidden": "true" }, group)), el("span", { class: "visually-hidden" }, spelled));
  }
}
