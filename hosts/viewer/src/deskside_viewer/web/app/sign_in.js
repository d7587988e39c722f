// @ts-check
/** The sign-in form of the console, and its second step. */

import { show, write } from "../lib/dom.js";
import { post, Refused } from "../lib/requests.js";
import { Words } from "../lib/texts.js";
import { LoginNames } from "./login_names.js";

const boot = JSON.parse(document.getElementById("boot")?.textContent ?? "{}");
const words = new Words(boot.texts ?? {}, boot.language ?? "en");
const first = /** @type {HTMLFormElement} */ (document.getElementById("sign-in"));
const second = /** @type {HTMLFormElement} */ (document.getElementById("second"));
const company = /** @type {HTMLInputElement} */ (document.getElementById("company"));
const names = new LoginNames(/** @type {HTMLElement} */ (document.getElementById("who")), words);
const refused = /** @type {HTMLElement} */ (document.getElementById("refused"));
/** After these the second step is over: only the beginning helps. */
const OVER = new Set(["signin.second.expired", "signin.second.used_up", "signin.locked", "signin.locked_for"]);
/** What stands for the password that was right. */
let begun = "";

/** @param {string} text */
function say(text) {
  write(refused, text);
  show(refused, text !== "");
}

/** Return the first field that must not be empty and is. @param {HTMLFormElement} form */
function missing(form) {
  const required = form.querySelectorAll("input[required]:enabled, select[required]:enabled");
  return /** @type {HTMLInputElement[]} */ ([...required]).find((one) => one.value.trim() === "");
}

/** @param {boolean} isSecond */
function turn(isSecond) {
  show(first, !isSecond);
  show(second, isSecond);
  second.reset();
  const focused = isSecond ? second.querySelector("input") : first.querySelector("input[type=password]");
  if (focused instanceof HTMLInputElement) focused.focus();
}

async function signIn() {
  const { company, ...rest } = Object.fromEntries(new FormData(first));
  const answer = await post("/console/sign-in", company ? { ...rest, company } : rest);
  if (!answer.second) return location.replace("/console");
  begun = answer.second;
  const why = document.getElementById("why");
  if (why) show(why, false);
  turn(true);
}

async function prove() {
  try {
    await post("/console/second-step", { second: begun, code: new FormData(second).get("code") });
    location.replace("/console");
  } catch (error) {
    if (error instanceof Refused && OVER.has(error.reason)) {
      first.reset();
      turn(false);
      first.querySelector("input:enabled, select:enabled")?.focus();
    }
    throw error;
  }
}

/** @param {HTMLFormElement} form @param {() => Promise<void>} step */
function handle(form, step) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    const empty = missing(form);
    if (empty) {
      say(words.say(form === first ? "console.sign_in.missing" : "console.second.missing"));
      empty.focus();
      return;
    }
    button.disabled = true;
    try {
      await step();
    } catch (error) {
      say(error instanceof Refused ? error.sentence(words) : words.say("console.no_answer"));
      if (!form.hidden) again(form);
    } finally {
      button.disabled = false;
    }
  });
}

/** Put the cursor where the next attempt begins. @param {HTMLFormElement} form */
function again(form) {
  const entry = /** @type {HTMLInputElement} */ (form.querySelector("input[type=password], #code"));
  entry.focus();
  entry.select();
}

async function offerNames() {
  say("");
  try {
    await names.offer(company.value.trim());
  } catch (error) {
    if (error instanceof Refused) say(error.sentence(words));
  }
}

handle(first, signIn);
company.addEventListener("change", offerNames);
if ("listsNames" in company.dataset) offerNames();
handle(second, prove);
document.getElementById("other")?.addEventListener("click", () => {
  say("");
  first.reset();
  turn(false);
  first.querySelector("input:enabled, select:enabled")?.focus();
});
