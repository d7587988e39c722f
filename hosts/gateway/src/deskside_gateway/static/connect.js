// @ts-check
/** The customer's page: number, who wants to help, and the two ways on. */

import { LENGTH, PASSWORD, digitsOf, fits, fromLink, grouped, split } from "./code.js";

/** @param {string} id @returns {any} */
const byId = (id) => document.getElementById(id);
const number = byId("number");
const state = { busy: false };

/** @param {string} text */
function complain(text) {
  byId("number-error").textContent = text;
  number.setAttribute("aria-invalid", String(text !== ""));
}

function groupWhatWasTyped() {
  const before = digitsOf(number.value.slice(0, number.selectionStart ?? number.value.length)).length;
  const digits = digitsOf(number.value);
  number.value = grouped(digits);
  const caret = grouped(digits.slice(0, before)).length + (before > 0 && before % 3 === 0 && before < digits.length ? 1 : 0);
  number.setSelectionRange(caret, caret);
  complain(digits.length === LENGTH && !fits(digits) ? number.dataset.wrong : "");
}

/** @param {string} path @param {object} fields */
async function ask(path, fields) {
  const language = document.documentElement.lang;
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": language },
    body: JSON.stringify(fields),
  });
  return { ok: answer.ok, content: await answer.json() };
}

/**
 * Ask the server and say in one place what went wrong.
 * @param {string} path @param {object} fields @param {(text: string) => void} refuse @param {(content: any) => void} go
 */
async function tryTo(path, fields, refuse, go) {
  if (state.busy) return;
  state.busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    const { ok, content } = await ask(path, fields);
    if (ok) go(content);
    else refuse(String(content.text));
  } catch {
    refuse(number.dataset.offline);
  } finally {
    state.busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

async function find() {
  const digits = digitsOf(number.value);
  if (digits.length < LENGTH) return complain(number.dataset.short);
  if (!fits(digits)) return complain(number.dataset.wrong);
  complain("");
  await tryTo("/v1/locate", { locator: split(digits).locator }, complain, show);
}

/** @param {{agent: string, company: string, number: string, kind: string, password?: boolean}} found */
function show(found) {
  byId("agent").textContent = found.agent;
  byId("company").textContent = found.company;
  byId("support-number").textContent = found.number;
  byId("shown").textContent = grouped(digitsOf(number.value));
  const chats = found.kind === "chat";
  byId("way-pc").hidden = chats;
  byId("password-field").hidden = byId("pc-password").hidden = !found.password;
  byId("password").value = "";
  byId("chat").classList.toggle("primary", chats);
  byId("step-number").hidden = true;
  byId("step-found").hidden = false;
  byId("agent").focus();
}

function back() {
  byId("step-found").hidden = true;
  byId("step-number").hidden = false;
  byId("pc-how").hidden = true;
  byId("pc").setAttribute("aria-expanded", "false");
  number.value = "";
  complain("");
  number.focus();
}

async function chat() {
  const { locator, secret } = split(digitsOf(number.value));
  const password = byId("password-field").hidden ? {} : { password: digitsOf(byId("password").value) };
  const fields = { locator, secret, ...password, name: byId("name").value, language: document.documentElement.lang };
  const refuse = (/** @type {string} */ text) => { byId("chat-error").textContent = text; };
  refuse("");
  if (password.password !== undefined && password.password.length !== PASSWORD) {
    refuse(byId("password").dataset.short);
    return byId("password").focus();
  }
  await tryTo("/v1/join", fields, refuse, ({ page }) => location.assign(page));
}

async function copy() {
  const button = byId("copy");
  try {
    await navigator.clipboard.writeText(byId("command").textContent);
    button.textContent = button.dataset.done;
  } catch {
    getSelection()?.selectAllChildren(byId("command"));
  }
}

/** Changing the language must not lose the secret, which stands in the fragment only. */
function keepFragment() {
  for (const link of document.querySelectorAll("#languages a")) {
    /** @type {HTMLAnchorElement} */ (link).hash = location.hash;
  }
}

/** @param {string} id @param {string} event @param {() => void} act */
function on(id, event, act) {
  byId(id).addEventListener(event, (/** @type {Event} */ happened) => {
    if (event === "submit") happened.preventDefault();
    act();
  });
}

on("number", "input", groupWhatWasTyped);
on("number-form", "submit", find);
on("chat-form", "submit", chat);
on("back", "click", back);
on("copy", "click", copy);
on("pc", "click", () => {
  byId("pc-how").hidden = !byId("pc-how").hidden;
  byId("pc").setAttribute("aria-expanded", String(!byId("pc-how").hidden));
});

const linked = fromLink(location.pathname, location.hash);
if (linked) {
  keepFragment();
  number.value = grouped(linked);
  find();
}
