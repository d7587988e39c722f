// @ts-check
/** One's own account: what customers see, and the password. */

import { post } from "../lib/requests.js";
import { watchUse } from "./activity.js";
import { attempt, entries, handle, mark, tell, words } from "./forms.js";

const say = (/** @type {string} */ key) => words.say(`console.account.${key}`);
const password = /** @type {HTMLFormElement} */ (document.getElementById("password-form"));
const details = /** @type {HTMLFormElement | null} */ (document.getElementById("details"));
let version = 0;

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
watchUse();
