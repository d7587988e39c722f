// @ts-check
/** Login names to pick from, where a company offers them; otherwise the field to type in stays. */

import { el, fill, show, write } from "../lib/dom.js";
import { post } from "../lib/requests.js";

export class LoginNames {
  /** @param {HTMLElement} field @param {import("../lib/texts.js").Words} words */
  constructor(field, words) {
    this._words = words;
    this._label = /** @type {HTMLLabelElement} */ (field.querySelector("label"));
    this._typed = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    this._picked = /** @type {HTMLSelectElement} */ (field.querySelector("select"));
    this._told = /** @type {HTMLElement} */ (field.querySelector("[role=status]"));
    this._other = el("option", { value: "" }, words.say("console.sign_in.not_listed"));
    this._asked = 0;
    this._picked.addEventListener("change", () => {
      if (this._other.selected) this._turn(false, true);
    });
  }

  /** Ask for a company's names, and offer them if there are any. @param {string} company */
  async offer(company) {
    const asked = ++this._asked;
    const { names } = company === "" ? { names: [] } : await post("/console/login-names", { company });
    // An answer to what was entered before is not wanted any more.
    if (asked === this._asked) this._show(names);
  }

  /** @param {string[]} names */
  _show(names) {
    const choose = el("option", { value: "" }, this._words.say("console.sign_in.choose"));
    fill(this._picked, choose, ...names.map((name) => el("option", { value: name }, name)), this._other);
    const typed = this._typed.value.trim().toLowerCase();
    if (names.includes(typed)) this._picked.value = typed;
    else choose.selected = true;
    const isFocused = document.activeElement === this._typed;
    this._turn(names.length > 0, isFocused);
    write(this._told, names.length > 0 ? this._words.say("console.sign_in.names", { count: names.length }) : "");
  }

  /** @param {boolean} isList @param {boolean} isFocused */
  _turn(isList, isFocused) {
    for (const [one, isShown] of /** @type {[HTMLInputElement | HTMLSelectElement, boolean][]} */ ([[this._typed, !isList], [this._picked, isList]])) {
      show(one, isShown);
      one.disabled = !isShown;
    }
    const shown = isList ? this._picked : this._typed;
    this._label.htmlFor = shown.id;
    if (isFocused) shown.focus();
  }
}
