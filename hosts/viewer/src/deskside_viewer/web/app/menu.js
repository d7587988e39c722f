// @ts-check
/**
 * A menu that unfolds from a button: arrow keys, Home, End, first letters, Escape.
 *
 * @typedef {{label: string, icon?: string, reason?: string, isPressed?: boolean | null, keys?: string,
 *   onPress: () => void}} MenuItem
 * @typedef {{heading?: string, items: MenuItem[]}} MenuPart
 */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

/** @type {Menu | null} */
let openMenu = null;

export class Menu {
  #list = el("div", { class: "menu", role: "menu", popover: "auto" });

  /** @param {HTMLElement} button @param {() => MenuPart[]} parts */
  constructor(button, parts) {
    this.button = button;
    this.parts = parts;
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    button.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      this.open(event.key === "ArrowDown" ? 0 : -1);
    });
    this.#list.addEventListener("keydown", (event) => this.#onKey(event));
    this.#list.addEventListener("toggle", (event) => this.#onToggle(/** @type {ToggleEvent} */ (event).newState));
  }

  get isOpen() {
    return openMenu === this;
  }

  /** @param {number} [focus] index of the item to focus; the last one for -1 */
  open(focus = 0) {
    this.button.after(this.#list);
    this.draw();
    this.#list.showPopover();
    this.#place();
    this.#items().at(focus)?.focus();
  }

  close() {
    if (this.#list.isConnected && this.#list.matches(":popover-open")) this.#list.hidePopover();
  }

  /** Draw what is there now; the focus stays where it was. */
  draw() {
    const focused = this.#items().findIndex((item) => item === document.activeElement);
    this.#list.setAttribute("aria-label", this.button.dataset.menu ?? this.button.textContent ?? "");
    fill(this.#list, ...this.parts().flatMap((part) => this.#drawPart(part)));
    if (focused >= 0) this.#items()[focused]?.focus();
  }

  /** @param {MenuPart} part */
  #drawPart({ heading, items }) {
    if (!items.length) return [];
    const rows = items.map((item) => this.#drawItem(item));
    return [el("div", { class: "part", role: "group", "aria-label": heading }, heading && el("div", { class: "heading", "aria-hidden": "true" }, heading), ...rows)];
  }

  /** @param {MenuItem} item */
  #drawItem({ label, icon: name, reason, isPressed, keys, onPress }) {
    const isToggle = isPressed !== null && isPressed !== undefined;
    const press = () => {
      if (reason) return;
      this.close();
      onPress();
    };
    return el(
      "div",
      {
        role: isToggle ? "menuitemcheckbox" : "menuitem",
        tabindex: "-1",
        class: "item",
        "aria-disabled": reason ? "true" : null,
        "aria-checked": isToggle ? String(isPressed) : null,
        onclick: press,
        onpointermove: (/** @type {PointerEvent} */ event) => /** @type {HTMLElement} */ (event.currentTarget).focus({ preventScroll: true }),
      },
      el("span", { class: "mark" }, isPressed ? icon("check") : name ? icon(name) : null),
      el("span", { class: "words" }, el("span", { class: "label" }, label), reason && el("span", { class: "why" }, reason)),
      keys && el("kbd", {}, keys),
    );
  }

  /** @returns {HTMLElement[]} */
  #items() {
    return /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll(".item")]);
  }

  #place() {
    const rect = this.button.getBoundingClientRect();
    const { width, height } = this.#list.getBoundingClientRect();
    const top = Math.min(rect.bottom + 4, innerHeight - height - 8);
    this.#list.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - width - 8))}px`;
    this.#list.style.top = `${Math.max(8, top)}px`;
  }

  /** @param {string} state */
  #onToggle(state) {
    this.button.setAttribute("aria-expanded", String(state === "open"));
    if (state === "open") {
      openMenu = this;
      return;
    }
    if (openMenu === this) openMenu = null;
    if (this.#list.contains(document.activeElement) || document.activeElement === document.body) this.button.focus();
    this.#list.remove();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const items = this.#items();
    const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowDown: () => items.at((at + 1) % items.length)?.focus(),
      ArrowUp: () => items.at(at - 1)?.focus(),
      Home: () => items.at(0)?.focus(),
      End: () => items.at(-1)?.focus(),
      Enter: () => items.at(at)?.click(),
      " ": () => items.at(at)?.click(),
      Escape: () => this.close(),
      Tab: () => this.close(),
    };
    const step = keys[event.key] ?? this.#letter(items, at, event.key);
    if (!step) return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
    step();
  }

  /** @param {HTMLElement[]} items @param {number} at @param {string} letter */
  #letter(items, at, letter) {
    if (letter.length !== 1) return null;
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    const found = after.find((item) => item.querySelector(".label")?.textContent?.toLowerCase().startsWith(letter.toLowerCase()));
    return found ? () => found.focus() : null;
  }
}
