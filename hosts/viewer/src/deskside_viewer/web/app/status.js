// @ts-check
/** The line at the bottom: how far it is protected, who controls, how fast the line is. */

import { el, show, write } from "../lib/dom.js";

export class Status {
  element = el("footer", { class: "status" });
  /** @type {{order: number, element: HTMLElement}[]} */
  #items = [];

  /** @param {{id: string, order?: number}} options */
  item({ id, order = 50 }) {
    const element = el("span", { class: "status-item", "data-id": id, hidden: true });
    const item = { order, element };
    this.#items = [...this.#items, item].sort((one, other) => one.order - other.order);
    this.element.replaceChildren(...this.#items.map((one) => one.element));
    return {
      /** @param {string} text @param {string} [title] */
      set(text, title = "") {
        write(element, text);
        element.title = title;
        show(element, text !== "");
      },
      dispose: () => {
        this.#items = this.#items.filter((one) => one !== item);
        element.remove();
      },
    };
  }
}
