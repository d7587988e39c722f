// @ts-check
/** What the agent sets for himself. */

import { post } from "../lib/requests.js";
import { watchUse } from "./activity.js";
import { attempt, boot, handle, mark, tell, words } from "./forms.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("settings"));
let version = boot.version;

/** @param {HTMLInputElement | HTMLSelectElement} field */
function valueOf(field) {
  return field instanceof HTMLInputElement ? Number(field.value) : field.value;
}

/** Return what is entered, of what is his to decide; it is text keys and values as the program knows them. */
function entered() {
  /** @type {Record<string, {on: boolean | null, values: Record<string, string | number>}>} */
  const rules = {};
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-rule]"))) {
    const tick = /** @type {HTMLInputElement | null} */ (part.querySelector("input[type=checkbox]"));
    const fields = /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (part.querySelectorAll("[data-option]:not(:disabled)"));
    const values = Object.fromEntries([...fields].map((field) => [field.dataset.option ?? "", valueOf(field)]));
    if ((!tick || tick.disabled) && !fields.length) continue;
    // A rule without a tick is on; its minutes say whether it does anything.
    const isWhole = part.dataset.whole !== undefined || null;
    rules[part.dataset.rule ?? ""] = { on: tick && !tick.disabled ? tick.checked : isWhole, values };
  }
  return rules;
}

/** Return fields that hold no number within their limits. */
function wrong() {
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[type=number]:not(:disabled)")]);
  const bad = fields.filter((field) => !/^\d+$/.test(field.value) || !field.checkValidity());
  return Object.fromEntries(bad.map((field) => [field.name, words.say("console.settings.number", { least: field.min, most: field.max })]));
}

handle(form, async () => {
  const bad = wrong();
  if (Object.keys(bad).length) return mark(form, bad);
  if (!(await attempt(form, () => post("/console/keep-settings", { version, rules: entered() })))) return;
  version += 1;
  tell("done", words.say("console.settings.saved"));
});
watchUse();
