// @ts-check
/** Which server this viewer goes to, and how: before anybody signs in. */

import { show } from "../lib/dom.js";
import { post } from "../lib/requests.js";
import { attempt, entries, handle, tell, words } from "./forms.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("connection"));
const find = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
const [host, port, tls, plain] = ["host", "port", "tls", "plain"].map(find);
const HERE = /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i;

/** Show what belongs to the choices made; the program that takes them judges by itself. */
function draw() {
  const name = host.value.trim().replace(/^\w+:\/\//, "").replace(/[:/]\d*$/, "");
  show(find("open"), !tls.checked && name !== "" && !HERE.test(name));
  show(find("manual"), entries(form).proxy === "manual");
  port.placeholder = tls.checked ? "443" : "80";
}

async function keep() {
  const wanted = { ...entries(form), tls: tls.checked, plain: !find("open").hidden && plain.checked };
  /** @type {{connected: boolean, text: string} | null} */
  let answer = null;
  const isKept = await attempt(form, async () => {
    tell("done", words.say("console.connection.trying"));
    answer = await post("/console/connection", wanted).finally(() => tell("done", ""));
  });
  const found = /** @type {{connected: boolean, text: string} | null} */ (answer);
  if (!isKept || !found) return;
  if (found.connected) location.assign("/console");
  else tell("refused", found.text);
}

form.addEventListener("input", draw);
/** The usual port goes with the switch; one that was typed stays. */
tls.addEventListener("change", () => {
  if (port.value === (tls.checked ? "80" : "443")) port.value = "";
  plain.checked = false;
});
draw();
if (form.querySelector("button[type=submit]")) handle(form, keep);
