// @ts-check
/** One bubble for the whole page: says what a control is, its keys, and why it is greyed. */

import { el, write } from "../lib/dom.js";

const HOVER_MS = 350;
const PRESS_MS = 500;
const LINGER_MS = 120;

const bubble = el("div", { class: "tip", role: "tooltip", id: "tip", popover: "manual" });
/** @type {HTMLElement | null} */
let shownFor = null;
let timer = 0;

/**
 * Give a control a bubble; an empty text shows none.
 * @param {HTMLElement} element
 * @param {() => string} text
 */
export function tip(element, text) {
  const later = (/** @type {number} */ delay) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => open(element, text()), delay);
  };
  element.addEventListener("pointerenter", ({ pointerType }) => pointerType === "touch" || later(HOVER_MS));
  element.addEventListener("pointerdown", ({ pointerType }) => pointerType === "touch" && later(PRESS_MS));
  element.addEventListener("pointerleave", () => close(LINGER_MS));
  element.addEventListener("focus", () => element.matches(":focus-visible") && later(0));
  element.addEventListener("blur", () => close(0));
  element.addEventListener("click", () => (element.getAttribute("aria-disabled") === "true" ? later(0) : close(0)));
}

/** @param {HTMLElement} element @param {string} text */
function open(element, text) {
  if (!text || !element.isConnected || !bubble.showPopover) return;
  shownFor = element;
  write(bubble, text);
  (element.closest("dialog") ?? document.body).append(bubble);
  element.setAttribute("aria-describedby", "tip");
  bubble.showPopover();
  place(element.getBoundingClientRect());
}

/** @param {DOMRect} rect */
function place(rect) {
  const { width, height } = bubble.getBoundingClientRect();
  const below = rect.bottom + 8 + height < innerHeight;
  const left = Math.min(Math.max(8, rect.left + rect.width / 2 - width / 2), innerWidth - width - 8);
  bubble.style.left = `${left}px`;
  bubble.style.top = `${below ? rect.bottom + 8 : rect.top - height - 8}px`;
}

/** @param {number} delay */
function close(delay) {
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    shownFor?.removeAttribute("aria-describedby");
    shownFor = null;
    if (bubble.isConnected && bubble.matches(":popover-open")) bubble.hidePopover();
  }, delay);
}

bubble.addEventListener("pointerenter", () => clearTimeout(timer));
bubble.addEventListener("pointerleave", () => close(LINGER_MS));
addEventListener("keydown", (event) => event.key === "Escape" && close(0), true);
