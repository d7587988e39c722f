// @ts-check
/** Free and used seats of a concurrent licence: refreshed by a click, and by itself while none is free. */

import { el, fill, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

const AGAIN_MS = 10_000;

/** @typedef {{total: number, used: number, free: number, concurrent: boolean}} Found */

export class Seats {
  #timer = 0;
  #text = el("span", { class: "count" });
  #short = el("span", { class: "short", "aria-hidden": "true" });

  /** @param {import("../lib/texts.js").Words} words @param {() => Promise<Found | null>} ask */
  constructor(words, ask) {
    this.words = words;
    this.ask = ask;
    this.element = el("button", { type: "button", class: "quiet seats", hidden: true, onclick: () => void this.refresh() });
    fill(this.element, icon("people"), this.#text, this.#short);
  }

  async refresh() {
    clearTimeout(this.#timer);
    this.element.setAttribute("aria-busy", "true");
    const found = await this.ask();
    this.element.removeAttribute("aria-busy");
    if (found) this.#draw(found);
    clearTimeout(this.#timer);
    const isFull = found ? found.concurrent && found.free === 0 : !this.element.hidden;
    if (isFull) this.#timer = window.setTimeout(() => void this.refresh(), AGAIN_MS);
  }

  /** @param {Found} found */
  #draw({ total, used, free, concurrent }) {
    show(this.element, concurrent);
    this.element.classList.toggle("full", free === 0);
    write(this.#text, this.words.say("console.seats", { free, used }));
    write(this.#short, `${used}/${total}`);
    this.element.title = this.words.say("console.seats.help", { total });
  }
}
