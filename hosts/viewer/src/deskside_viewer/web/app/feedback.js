// @ts-check
/** A form in a popup: what the agent thinks of the product. */

import { el, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { post, Refused } from "../lib/requests.js";
import { ask } from "./dialogs.js";

const MOST = 2000;

export class Feedback {
  /** @param {import("../lib/texts.js").Words} words @param {(text: string) => void} done told once it was sent */
  constructor(words, done) {
    this.words = words;
    this.done = done;
    this.entry = el("button", { type: "button", class: "place", hidden: true, onclick: () => this.open() }, icon("mail"), el("span", {}, this.#say("feedback")));
  }

  /** @param {boolean} isWanted */
  draw(isWanted) {
    show(this.entry, isWanted);
  }

  open() {
    const text = /** @type {HTMLTextAreaElement} */ (el("textarea", { id: "feedback-text", rows: 7, maxlength: MOST, required: true, "aria-describedby": "feedback-help" }));
    const no = el("p", { class: "note end", role: "alert", hidden: true });
    const send = /** @type {HTMLButtonElement} */ (el("button", { type: "submit", class: "primary" }, this.#say("feedback.send")));
    const leave = () => form.closest("dialog")?.close();
    const form = el(
      "form",
      { class: "feedback" },
      no,
      el("div", { class: "field" }, el("label", { for: "feedback-text" }, this.#say("feedback.text")), text, el("p", { class: "help", id: "feedback-help" }, this.#say("feedback.help", { most: MOST }))),
      el("footer", {}, el("button", { type: "button", onclick: leave }, this.#say("feedback.cancel")), send),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      const why = await this.#send(text.value);
      send.disabled = false;
      write(no, why);
      show(no, why !== "");
      if (why) return text.focus();
      leave();
      this.done(this.#say("feedback.sent"));
    });
    void ask(this.words, { title: this.#say("feedback"), body: form });
    text.focus();
  }

  /** Send it; return why not, or nothing. @param {string} text */
  async #send(text) {
    try {
      await post("/console/feedback", { text });
      return "";
    } catch (error) {
      return error instanceof Refused ? error.sentence(this.words) : this.#say("no_answer");
    }
  }

  /** @param {string} key @param {import("../lib/texts.js").Values} values */
  #say(key, values = {}) {
    return this.words.say(`console.${key}`, values);
  }
}
