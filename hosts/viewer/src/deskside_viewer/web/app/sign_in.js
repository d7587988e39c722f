// @ts-check
/** The sign-in form of the console. */

import { show, write } from "../lib/dom.js";
import { post, Refused } from "../lib/requests.js";
import { Words } from "../lib/texts.js";

const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
const words = new Words(boot.texts ?? {}, boot.language ?? "en");
const form = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
const refused = /** @type {HTMLElement} */ (document.getElementById("refused"));
const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));

/** @param {string} text */
function say(text) {
  write(refused, text);
  show(refused, text !== "");
}

/** Return the first field that must not be empty and is. */
function missing() {
  return /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[required]")]).find((one) => one.value.trim() === "");
}

async function signIn() {
  const empty = missing();
  if (empty) {
    say(words.say("console.sign_in.missing"));
    empty.focus();
    return;
  }
  const { company, ...rest } = Object.fromEntries(new FormData(form));
  await post("/console/sign-in", company ? { ...rest, company } : rest);
  location.replace("/console");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  say("");
  button.disabled = true;
  try {
    await signIn();
  } catch (error) {
    say(error instanceof Refused ? error.sentence(words) : words.say("console.no_answer"));
    const password = /** @type {HTMLInputElement} */ (document.getElementById("password"));
    password.focus();
    password.select();
  } finally {
    button.disabled = false;
  }
});
