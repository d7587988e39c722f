// @ts-check
/** Short notices that float, and words for screen readers only. */

import { el, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

const SHOWN_MS = 7000;
const MOST = 4;

export class Notices {
  element = el("div", { class: "notices" });
  #live = el("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  #turn = false;

  /** @param {import("../lib/texts.js").Words} words */
  constructor(words) {
    this.words = words;
    document.body.append(this.#live);
  }

  /** Say something to whoever does not see. @param {string} text */
  announce(text) {
    this.#turn = !this.#turn;
    write(this.#live, this.#turn ? text : `${text}\u00a0`);
  }

  /**
   * @param {string} text
   * @param {{kind?: "info" | "warn", action?: {label: string, onPress: () => void}}} [options]
   */
  notify(text, { kind = "info", action } = {}) {
    const close = () => {
      clearTimeout(timer);
      if (!notice.isConnected) return;
      notice.remove();
    };
    const button = action && el("button", { type: "button", class: "quiet", onclick: () => (close(), action.onPress()) }, action.label);
    const shut = el("button", { type: "button", class: "quiet square", "aria-label": this.words.say("session.notice.close"), onclick: close }, icon("close"));
    const notice = el("div", { class: `notice ${kind}`, role: kind === "warn" ? "alert" : "status" }, icon(kind === "warn" ? "warn" : "info"), el("p", {}, text), button, shut);
    let timer = 0;
    const wait = () => (timer = kind === "info" ? window.setTimeout(close, SHOWN_MS) : 0);
    notice.addEventListener("pointerenter", () => clearTimeout(timer));
    notice.addEventListener("pointerleave", wait);
    for (const before of [...this.element.children]) if (before.textContent === notice.textContent) before.remove();
    this.element.append(notice);
    while (this.element.children.length > MOST) this.element.firstElementChild?.remove();
    wait();
    return { dispose: close };
  }
}
