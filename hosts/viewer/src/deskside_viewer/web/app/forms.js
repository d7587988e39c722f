// @ts-check
/** Forms of the console's plain pages: sent by script, with what is wrong said beside each entry. */

import { el, show, write } from "../lib/dom.js";
import { Refused } from "../lib/requests.js";
import { Words } from "../lib/texts.js";

export const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
export const words = new Words(boot.texts ?? {}, boot.language ?? "en");

/** @param {string} id @param {string} text */
export function tell(id, text) {
  const note = /** @type {HTMLElement} */ (document.getElementById(id));
  write(note, text);
  show(note, text !== "");
}

/** Say beside each field what is wrong with it. @param {HTMLFormElement} form @param {Record<string, string>} problems */
export function mark(form, problems) {
  for (const old of form.querySelectorAll(".error")) old.remove();
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(".field input, .field select, .field textarea")]);
  for (const field of fields) {
    const text = problems[field.name];
    const help = document.getElementById(`${field.id}-help`);
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (text) (help ?? field.closest(".check") ?? field).after(el("p", { class: "error", id: `${field.id}-error` }, text));
    const said = [help ? help.id : "", text ? `${field.id}-error` : ""].filter(Boolean).join(" ");
    if (said) field.setAttribute("aria-describedby", said);
    else field.removeAttribute("aria-describedby");
  }
  tell("refused", problems[""] ?? "");
  fields.find((field) => problems[field.name])?.focus();
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
export function entries(form) {
  return /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
}

/** Send a form; return whether it was kept. @param {HTMLFormElement} form @param {() => Promise<unknown>} step */
export async function attempt(form, step) {
  tell("done", "");
  mark(form, {});
  try {
    await step();
    return true;
  } catch (error) {
    const problems = error instanceof Refused ? error.problems : null;
    if (problems) mark(form, problems);
    else if (error instanceof Refused && error.reason === "refused.signed_out") location.replace("/console");
    else tell("refused", error instanceof Refused ? error.sentence(words) : words.say("console.no_answer"));
    return false;
  }
}

/** @param {HTMLFormElement} form @param {() => Promise<void>} step */
export function handle(form, step) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await step().finally(() => (button.disabled = false));
  });
}
