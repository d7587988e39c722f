// @ts-check
/**
 * Questions to whoever sits at this page.
 * @typedef {{label: string, value: string, primary?: boolean, danger?: boolean}} DialogButton
 */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

let count = 0;

/**
 * Show a dialog; resolves with the value of the button, or null if it was left.
 * @param {import("../lib/texts.js").Words} words
 * @param {{title: string, body?: Node | string, buttons?: DialogButton[], wide?: boolean}} options
 * @returns {Promise<string | null>}
 */
export function ask(words, { title, body, buttons = [], wide = false }) {
  count += 1;
  const before = document.activeElement;
  const id = `dialog-${count}`;
  const shut = el("button", { type: "button", class: "quiet square", "aria-label": words.say("session.dialog.close"), onclick: () => dialog.close("") }, icon("close"));
  const row = buttons.map(({ label, value, primary, danger }) =>
    el("button", { type: "button", class: primary ? "primary" : danger ? "danger" : "", autofocus: primary, onclick: () => dialog.close(`=${value}`) }, label),
  );
  const dialog = el(
    "dialog",
    { class: wide ? "dialog wide" : "dialog", "aria-labelledby": id },
    el("header", {}, el("h2", { id }, title), shut),
    el("div", { class: "dialog-body" }, body),
    row.length ? el("footer", {}, ...row) : null,
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close(""));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      resolve(dialog.returnValue.startsWith("=") ? dialog.returnValue.slice(1) : null);
    });
  });
}

/** Show all keys that work here. @param {import("../lib/texts.js").Words} words @param {import("./shortcuts.js").Shortcuts} shortcuts */
export function showKeys(words, shortcuts) {
  /** @type {Map<string, import("./shortcuts.js").Shortcut[]>} */
  const groups = new Map();
  for (const one of shortcuts.all) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const parts = [...groups].map(([group, keys]) =>
    el("section", {}, el("h3", {}, group), el("dl", { class: "keys" }, ...keys.map((one) => el("div", {}, el("dt", {}, one.label), el("dd", {}, el("kbd", {}, shortcuts.shown(one.keys))))))),
  );
  const note = el("p", { class: "muted" }, words.say(shortcuts.hasAllKeys ? "session.keys.all" : "session.keys.some"));
  return ask(words, { title: words.say("session.keys"), body: el("div", {}, el("div", { class: "key-groups" }, ...parts), note), wide: true });
}
