// @ts-check
/** One's own account: what customers see, and the password. */

import { el, show, write } from "../lib/dom.js";
import { post, Refused } from "../lib/requests.js";
import { Words } from "../lib/texts.js";

const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
const words = new Words(boot.texts ?? {}, boot.language ?? "en");
const say = (/** @type {string} */ key) => words.say(`console.account.${key}`);
const password = /** @type {HTMLFormElement} */ (document.getElementById("password-form"));
const details = /** @type {HTMLFormElement | null} */ (document.getElementById("details"));
let version = 0;

/** @param {string} id @param {string} text */
function tell(id, text) {
  const note = /** @type {HTMLElement} */ (document.getElementById(id));
  write(note, text);
  show(note, text !== "");
}

/** Say beside each field what is wrong with it. @param {HTMLFormElement} form @param {Record<string, string>} problems */
function mark(form, problems) {
  for (const old of form.querySelectorAll(".error")) old.remove();
  const fields = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(".field input")]);
  for (const field of fields) {
    const text = problems[field.name];
    const help = document.getElementById(`${field.id}-help`);
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (text) (help ?? field).after(el("p", { class: "error", id: `${field.id}-error` }, text));
    const said = [help ? help.id : "", text ? `${field.id}-error` : ""].filter(Boolean).join(" ");
    if (said) field.setAttribute("aria-describedby", said);
    else field.removeAttribute("aria-describedby");
  }
  tell("refused", problems[""] ?? "");
  fields.find((field) => problems[field.name])?.focus();
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} */
function entries(form) {
  return /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
}

/** Send a form; return whether it was kept. @param {HTMLFormElement} form @param {() => Promise<unknown>} step */
async function attempt(form, step) {
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
function handle(form, step) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    await step().finally(() => (button.disabled = false));
  });
}

async function changePassword() {
  const { old, new: wanted, repeated } = entries(password);
  const empty = Object.fromEntries(Object.entries({ old, new: wanted, repeated }).flatMap(([name, text]) => (text ? [] : [[name, say("missing")]])));
  if (Object.keys(empty).length) return mark(password, empty);
  if (wanted !== repeated) return mark(password, { repeated: say("differ") });
  const isDue = details === null;
  if (!(await attempt(password, () => post("/console/password", { old, new: wanted })))) return;
  if (isDue) return location.replace("/console");
  password.reset();
  tell("done", say("changed"));
}

/** @param {HTMLFormElement} form */
async function keepDetails(form) {
  if (!(await attempt(form, () => post("/console/keep-details", { ...entries(form), version })))) return;
  await load(form);
  tell("done", say("saved"));
}

/** @param {HTMLFormElement} form */
async function load(form) {
  const kept = await post("/console/details");
  version = kept.version;
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(".field input"))) field.value = kept[field.name] ?? "";
  const name = form.querySelector("#chat_name");
  if (name instanceof HTMLInputElement) name.placeholder = kept.name;
}

handle(password, changePassword);
if (details) {
  handle(details, () => keepDetails(details));
  void attempt(details, () => load(details));
}
document.getElementById("leave")?.addEventListener("click", () => void post("/console/sign-out").finally(() => location.replace("/console")));
