// @ts-check
/** The page of somebody who was away: only his password opens it again. */

import { post } from "../lib/requests.js";
import { attempt, entries, handle, mark, words } from "./forms.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("unlock"));

handle(form, async () => {
  const { password } = entries(form);
  if (!password) return mark(form, { password: words.say("console.account.missing") });
  if (await attempt(form, () => post("/console/unlock", { password }))) return location.reload();
  form.reset();
  form.querySelector("input")?.focus();
});
document.getElementById("leave")?.addEventListener("click", () => void post("/console/sign-out").finally(() => location.replace("/console")));
