// @ts-check
/**
 * The menus of the bar, in the order of VMN-15: of each, the most used item is a button.
 *
 * @typedef {"control" | "draw" | "view" | "tools" | "extras"} MenuName
 * @typedef {object} ItemOptions
 * @property {MenuName} menu
 * @property {string} label
 * @property {string} [icon]
 * @property {string} [feature]
 * @property {string} [shortcut]
 * @property {boolean} [primary]
 * @property {boolean} [pressed]
 * @property {boolean} [disabled]
 * @property {string} [reason]
 * @property {boolean} [always]  the page's own: works in every state of the session
 * @property {() => void} onPress
 * @typedef {{label?: string, pressed?: boolean, disabled?: boolean, reason?: string, icon?: string}} ItemChange
 */

import { el, fill, set, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { Menu } from "./menu.js";
import { tip } from "./tooltip.js";

/** @type {MenuName[]} */
export const MENUS = ["control", "draw", "view", "tools", "extras"];
/** @type {Record<MenuName, string>} */
const ICONS = { control: "mouse", draw: "pencil", view: "eye", tools: "tools", extras: "more" };

/** One thing to do. */
class Item {
  /** @param {Toolbar} bar @param {ItemOptions} options */
  constructor(bar, options) {
    this.bar = bar;
    this.options = options;
    this.button = el("button", { type: "button", class: "tool quiet", onclick: () => this.press() });
    tip(this.button, () => this.hint());
  }

  /** Why it cannot be pressed now; empty if it can. */
  get why() {
    const { always, feature, disabled, reason } = this.options;
    const blocked = always ? "" : this.bar.blocked() || (feature ? this.bar.refusal(feature) : "");
    return blocked || (disabled ? reason || this.bar.words.say("session.disabled") : "");
  }

  get keys() {
    return this.options.shortcut ? this.bar.shortcuts.shown(this.options.shortcut) : "";
  }

  hint() {
    const { label } = this.options;
    return this.why ? `${label}: ${this.why}` : [label, this.keys && `(${this.keys})`].filter(Boolean).join(" ");
  }

  press() {
    if (this.why) this.bar.announce(this.hint());
    else this.options.onPress();
  }

  /** @param {boolean} withWords */
  draw(withWords) {
    const { label, icon: name, menu, pressed } = this.options;
    const face = `${name ?? ICONS[menu]} ${withWords ? label : ""}`;
    if (this.button.dataset.face !== face) {
      this.button.dataset.face = face;
      fill(this.button, icon(name ?? ICONS[menu]), withWords && el("span", { class: "words" }, label));
    }
    set(this.button, {
      "aria-label": label,
      "aria-pressed": pressed === undefined ? null : String(pressed),
      "aria-disabled": this.why ? "true" : null,
    });
  }

  /** @returns {import("./menu.js").MenuItem} */
  asMenuItem() {
    const { label, icon: name, pressed } = this.options;
    return { label, icon: name, reason: this.why, isPressed: pressed, keys: this.keys, onPress: () => this.press() };
  }
}

export class Toolbar {
  element = el("div", { class: "menus", role: "group" });
  /** @type {Map<MenuName, {element: HTMLElement, unfold: HTMLButtonElement, menu: Menu, items: Item[]}>} */
  #groups = new Map();
  #isDue = false;
  #all;

  /**
   * @param {import("../lib/texts.js").Words} words
   * @param {import("./shortcuts.js").Shortcuts} shortcuts
   * @param {{blocked: () => string, refusal: (feature: string) => string, announce: (text: string) => void}} judge
   */
  constructor(words, shortcuts, judge) {
    this.words = words;
    this.shortcuts = shortcuts;
    this.blocked = judge.blocked;
    this.refusal = judge.refusal;
    this.announce = judge.announce;
    this.element.setAttribute("aria-label", words.say("session.menus"));
    for (const name of MENUS) this.#groups.set(name, this.#group(name));
    this.#all = el("button", { type: "button", class: "tool quiet all", "data-menu": words.say("session.menus") }, icon("menu"), el("span", { class: "words" }, words.say("session.menus")));
    this.allMenu = new Menu(this.#all, () => MENUS.map((name) => ({ heading: this.title(name), items: this.#items(name) })));
    this.element.append(this.#all);
  }

  /** @param {MenuName} name */
  title(name) {
    return this.words.say(`session.menu.${name}`);
  }

  /** @param {ItemOptions} options */
  add(options) {
    const group = this.#groups.get(options.menu);
    if (!group) throw new Error(`there is no menu "${options.menu}"`);
    const item = new Item(this, { ...options });
    group.items.push(item);
    const keys = options.shortcut
      ? this.shortcuts.add({ keys: options.shortcut, label: options.label, group: this.title(options.menu), press: () => item.press() })
      : null;
    this.redraw();
    return {
      set: (/** @type {ItemChange} */ change) => {
        Object.assign(item.options, change);
        this.redraw();
      },
      dispose: () => {
        group.items = group.items.filter((one) => one !== item);
        item.button.remove();
        keys?.dispose();
        this.redraw();
      },
    };
  }

  /** Draw once, soon, whatever has changed. */
  redraw() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#draw();
    });
  }

  /** Move the focus into the bar. */
  focus() {
    const first = [...this.element.querySelectorAll("button")].find((one) => one.offsetParent !== null);
    first?.focus();
  }

  /** @param {MenuName} name */
  #group(name) {
    const unfold = el("button", { type: "button", class: "tool quiet unfold", "data-menu": this.title(name), "aria-label": this.title(name) }, el("span", { class: "words" }, this.title(name)), icon("chevron"));
    tip(unfold, () => (unfold.getAttribute("aria-expanded") === "true" ? "" : this.title(name)));
    const element = el("div", { class: "group", hidden: true }, unfold);
    this.element.append(element);
    const group = { element, unfold, items: /** @type {Item[]} */ ([]), menu: /** @type {Menu} */ (/** @type {unknown} */ (null)) };
    group.menu = new Menu(unfold, () => [{ items: this.#items(name) }]);
    return group;
  }

  /** @param {MenuName} name */
  #items(name) {
    return (this.#groups.get(name)?.items ?? []).map((item) => item.asMenuItem());
  }

  #draw() {
    let count = 0;
    for (const { element, unfold, items, menu } of this.#groups.values()) {
      count += items.length;
      show(element, items.length > 0);
      const isAlone = items.length === 1;
      show(unfold, !isAlone);
      for (const item of items) {
        const isButton = isAlone || item.options.primary === true;
        if (isButton && item.button.parentElement !== element) unfold.before(item.button);
        if (!isButton) item.button.remove();
        else item.draw(isAlone);
      }
      if (menu.isOpen) menu.draw();
    }
    if (this.allMenu.isOpen) this.allMenu.draw();
    write(/** @type {Element} */ (this.#all.lastElementChild), this.words.say("session.menus"));
    show(this.#all, count > 0);
  }
}
