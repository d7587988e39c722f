// @ts-check
/** Who else of the agent's group may sign in, and who has. */

import { el, fill, show, write } from "../lib/dom.js";
import { post } from "../lib/requests.js";

const AGAIN_MS = 15_000;

/** @typedef {{name: string, here: boolean, away?: boolean}} Colleague */

/** How a dot looks, and the words beside it. @param {Colleague} one @returns {[string, string]} */
function presenceOf({ here, away }) {
  if (!here) return ["", "console.group.away"];
  return away ? ["suspended", "console.group.idle"] : ["active", "console.group.here"];
}

export class Group {
  #summary = el("summary");
  #list = el("ul", { class: "people" });

  /** @param {import("../lib/texts.js").Words} words */
  constructor(words) {
    this.words = words;
    const heading = el("h2", { id: "group" }, words.say("console.group"));
    this.element = el("section", { class: "part", "aria-labelledby": "group", hidden: true }, heading, el("details", { class: "card group" }, this.#summary, this.#list));
  }

  /** Ask now, and again and again while the page is looked at. */
  start() {
    void this.#ask();
    setInterval(() => document.hidden || void this.#ask(), AGAIN_MS);
  }

  async #ask() {
    const found = await post("/console/group").catch(() => null);
    if (found) this.draw(found.shown ? found.people : []);
  }

  /** @param {Colleague[]} people */
  draw(people) {
    show(this.element, people.length > 0);
    const here = people.filter((one) => one.here).length;
    write(this.#summary, this.words.say("console.group.count", { here, all: people.length }));
    const rows = people.map((one) => {
      const [state, key] = presenceOf(one);
      return el("li", { "data-state": state }, el("span", { class: "dot", "aria-hidden": "true" }), el("span", { class: "who" }, one.name), el("span", { class: "muted" }, this.words.say(key)));
    });
    fill(this.#list, ...rows);
  }
}
