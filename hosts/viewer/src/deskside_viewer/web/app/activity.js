// @ts-check
/** Tells the program that somebody uses this page, and clears the page once it is locked. */

import { post, Refused } from "../lib/requests.js";

const TOLD_EVERY_MS = 5000;
const LOOK_EVERY_MS = 5000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];
/** The program's word for: locked. */
export const LOCKED = 423;

/** Take everything away at once; the same address then shows the lock. */
export function leaveLocked() {
  document.body.replaceChildren();
  location.reload();
}

/** Watch this page from now on. */
export function watchUse() {
  let used = performance.now();
  let told = 0;
  let timer = 0;
  let minutes = 0;

  /** @param {string} what */
  async function say(what) {
    try {
      minutes = (await post(`/console/${what}`)).minutes;
    } catch (error) {
      if (error instanceof Refused && error.status === LOCKED) leaveLocked();
      // Nobody can tell whether it is in use elsewhere: then what is shown here must not stay.
      else if (isOverdue() && !(error instanceof Refused)) leaveLocked();
    }
  }

  function isOverdue() {
    return minutes > 0 && performance.now() - used > minutes * 60_000;
  }

  function tell() {
    timer = 0;
    told = performance.now();
    void say("used");
  }

  function use() {
    used = performance.now();
    if (!timer) timer = window.setTimeout(tell, Math.max(0, told + TOLD_EVERY_MS - used));
  }

  for (const sign of SIGNS) addEventListener(sign, use, { capture: true, passive: true });
  setInterval(() => isOverdue() && void say("looked"), LOOK_EVERY_MS);
  tell();
}
