// @ts-check
/**
 * Panels at the right edge, or one after the other where talking is all there is.
 *
 * @typedef {{id: string, label: string, icon: string, feature?: string}} PanelOptions
 */

import { el, fill, focusable, set, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { Signal } from "../lib/signal.js";
import { tip } from "./tooltip.js";

export class Panel {
  /** Where the module draws. */
  element = el("div", { class: "panel-body" });
  isOpen = false;
  count = 0;
  /** @type {Signal<void>} */
  opened = new Signal();

  /** @param {Panels} panels @param {PanelOptions} options */
  constructor(panels, options) {
    this.panels = panels;
    this.options = options;
    this.number = el("span", { class: "badge", hidden: true });
    this.button = el("button", { type: "button", class: "tool quiet panel-button", "aria-expanded": "false", onclick: () => this.toggle() }, icon(options.icon), this.number);
    tip(this.button, () => this.hint());
    const title = `panel-${options.id.replaceAll(".", "-")}`;
    const close = el("button", { type: "button", class: "quiet square close", "aria-label": panels.words.say("session.panel.close", { panel: options.label }), onclick: () => this.close() }, icon("close"));
    this.box = el("section", { class: "panel", "aria-labelledby": title, hidden: true }, el("header", {}, el("h2", { id: title }, options.label), close), this.element);
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || panels.isSingle) return;
      this.close();
    });
  }

  get why() {
    const { feature } = this.options;
    return feature ? this.panels.refusal(feature) : "";
  }

  hint() {
    const { label } = this.options;
    if (this.why) return `${label}: ${this.why}`;
    return this.count ? `${label}: ${this.panels.words.say("session.panel.new", { count: this.count })}` : label;
  }

  toggle() {
    if (this.why && !this.isOpen) this.panels.announce(this.hint());
    else if (this.isOpen && !this.panels.isSingle) this.close();
    else this.open();
  }

  /**
   * Show it; the focus goes to what its plugin has marked with `data-first`, else to the first that takes it.
   * @param {{focus?: boolean}} [options]
   */
  open({ focus = true } = {}) {
    if (!this.isOpen) {
      this.panels.willOpen(this);
      this.isOpen = true;
      this.draw();
      this.opened.fire();
    }
    if (focus) (this.element.querySelector("[data-first]") ?? focusable(this.element)[0] ?? focusable(this.box)[0])?.focus();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.box.contains(document.activeElement);
    this.isOpen = false;
    this.draw();
    if (hadFocus) this.button.focus();
  }

  /** Call when it opens. @param {() => void} listener */
  onOpen(listener) {
    return this.opened.on(listener);
  }

  /** Show how much is new; nothing for 0. @param {number} count */
  badge(count) {
    this.count = count;
    this.draw();
  }

  dispose() {
    this.close();
    this.box.remove();
    this.button.remove();
    this.panels.left(this);
  }

  draw() {
    show(this.box, this.isOpen);
    show(this.number, this.count > 0);
    write(this.number, this.count > 99 ? "99+" : String(this.count));
    const words = this.count ? `${this.options.label}, ${this.panels.words.say("session.panel.new", { count: this.count })}` : this.options.label;
    set(this.button, { "aria-label": words, "aria-expanded": String(this.isOpen), "aria-disabled": this.why && !this.isOpen ? "true" : null });
    this.panels.drawn();
  }
}

export class Panels {
  element = el("aside", { class: "panels", hidden: true });
  buttons = el("div", { class: "panel-buttons" });
  /** @type {Panel[]} */
  all = [];

  /**
   * @param {import("../lib/texts.js").Words} words
   * @param {{refusal: (feature: string) => string, announce: (text: string) => void}} judge
   */
  constructor(words, { refusal, announce }) {
    this.words = words;
    this.refusal = refusal;
    this.announce = announce;
    this.isSingle = false;
    this.element.setAttribute("aria-label", words.say("session.panels"));
    set(this.buttons, { role: "group", "aria-label": words.say("session.panels") });
    this.empty = el("p", { class: "empty" }, words.say("session.talk.empty"));
    fill(this.element, this.empty);
  }

  /** @param {PanelOptions} options */
  add(options) {
    const panel = new Panel(this, options);
    this.all.push(panel);
    this.element.append(panel.box);
    this.buttons.append(panel.button);
    panel.draw();
    if (this.isSingle && this.all.length === 1) panel.open({ focus: false });
    return panel;
  }

  /** Show one at a time and always one, or any number. @param {boolean} isSingle */
  setSingle(isSingle) {
    if (this.isSingle === isSingle) return;
    this.isSingle = isSingle;
    const first = this.all.find((panel) => panel.isOpen) ?? this.all[0];
    if (isSingle && first) {
      this.willOpen(first);
      first.open({ focus: false });
    }
    this.drawn();
  }

  /** @param {Panel} panel */
  willOpen(panel) {
    if (this.isSingle) for (const other of this.all) if (other !== panel) other.close();
  }

  /** @param {Panel} panel */
  left(panel) {
    this.all = this.all.filter((one) => one !== panel);
    this.drawn();
  }

  redraw() {
    for (const panel of this.all) panel.draw();
  }

  drawn() {
    show(this.element, this.isSingle || this.all.some((panel) => panel.isOpen));
    show(this.empty, this.isSingle && !this.all.some((panel) => panel.isOpen));
    show(this.buttons, this.all.length > (this.isSingle ? 1 : 0));
  }
}
