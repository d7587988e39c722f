// @ts-check
/** Draws the conversation, what is on its way, and who types. */

import { fill } from "./links.js";

/** @typedef {import("./conversation.js").Line} Line */

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 */
export function make(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

/**
 * A name for people: whoever sits at the customer's machine may not have given one.
 * @param {any} ui
 * @param {{name: string}} who
 */
export function nameOf(ui, { name }) {
  return name || ui.text("chat.customer");
}

export class View {
  /** @param {any} ui */
  constructor(ui) {
    this.ui = ui;
    this.log = make("div", "chat-log");
    this.log.setAttribute("role", "log");
    this.log.setAttribute("aria-label", ui.text("chat.conversation"));
    this.log.tabIndex = 0;
    this.empty = make("p", "chat-empty muted", ui.text("chat.empty"));
    this.log.append(this.empty);
    this.typing = make("div", "chat-typing muted");
    /** @type {Map<number, HTMLElement>} */
    this.shown = new Map();
    /** @type {Map<number, HTMLElement>} */
    this.waiting = new Map();
  }

  /** @param {Line} line */
  add(line) {
    const atEnd = this.log.scrollTop + this.log.clientHeight >= this.log.scrollHeight - 40;
    const mine = line.sender === this.ui.me.id;
    const item = this.item(nameOf(this.ui, line), line.text, mine);
    const moment = new Date(line.at * 1000);
    const time = document.createElement("time");
    time.dateTime = moment.toISOString();
    time.title = moment.toLocaleString();
    time.textContent = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    item.firstElementChild?.append(time);
    item.dataset.line = String(line.id);
    if (mine) this.forgetWaiting(line.mark);
    this.empty.hidden = true;
    const next = this.follower(line.id);
    this.log.insertBefore(item, next);
    this.shown.set(line.id, item);
    if (atEnd || mine) this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {number} id the first line shown that comes after this one, or what is still on its way */
  follower(id) {
    let best = Infinity;
    const last = [...this.shown.keys()].at(-1) ?? 0;
    if (last > id) for (const one of this.shown.keys()) if (one > id && one < best) best = one;
    return this.shown.get(best) ?? this.waiting.values().next().value ?? null;
  }

  /** @param {number} id */
  remove(id) {
    this.shown.get(id)?.remove();
    this.shown.delete(id);
  }

  /**
   * @param {number} mark
   * @param {string} text
   */
  addWaiting(mark, text) {
    const item = this.item(this.ui.me.name, text, true);
    item.classList.add("chat-waiting");
    item.firstElementChild?.append(make("span", "chat-state", this.ui.text("chat.sending")));
    this.empty.hidden = true;
    this.log.append(item);
    this.waiting.set(mark, item);
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {number} mark */
  forgetWaiting(mark) {
    this.waiting.get(mark)?.remove();
    this.waiting.delete(mark);
  }

  /** @param {Iterable<{name: string, text: string}>} people */
  showTyping(people) {
    const rows = [...people].map(({ name, text }) => {
      const row = make("p", "chat-typist", this.ui.text("chat.types", { names: name }));
      if (text) row.append(make("span", "chat-draft", text));
      return row;
    });
    this.typing.replaceChildren(...rows);
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {boolean} mine
   */
  item(name, text, mine) {
    const item = make("div", mine ? "chat-line chat-mine" : "chat-line");
    const head = make("div", "chat-head");
    const body = make("div", "chat-text");
    head.append(make("span", "chat-name", mine ? this.ui.text("chat.you") : name));
    fill(body, text);
    item.append(head, body);
    return item;
  }
}
