// @ts-check
/**
 * Keys: Ctrl+Win combinations where the browser gets them, Ctrl+Alt everywhere.
 *
 * @typedef {{keys: string, label: string, group: string, press: () => void}} Shortcut
 */

import { isTyping } from "../lib/dom.js";

/** @type {Record<string, string>} */
const SIGNS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Left: "←", Right: "→", Up: "↑", Down: "↓" };
/** @type {Record<string, string>} */
const LONG = { left: "arrowleft", right: "arrowright", up: "arrowup", down: "arrowdown", esc: "escape", space: " " };

export class Shortcuts {
  /** @type {Set<Shortcut>} */
  all = new Set();
  /** True while the browser hands over even the system's combinations. */
  hasAllKeys = false;

  constructor() {
    addEventListener("keydown", (event) => this.#early(event), true);
    addEventListener("keydown", (event) => this.#late(event));
  }

  /** @param {Shortcut} shortcut */
  add(shortcut) {
    this.all.add(shortcut);
    return { dispose: () => void this.all.delete(shortcut) };
  }

  /** Return the keys as they work here, to be shown. @param {string} keys */
  shown(keys) {
    const parts = keys.split("+").map((part) => (part === "Win" && !this.hasAllKeys ? "Alt" : part));
    return parts.map((part) => SIGNS[part] ?? part).join("+");
  }

  /** Ctrl+Win reaches us before anything else may take it. @param {KeyboardEvent} event */
  #early(event) {
    this.#press(event, [...this.all].filter(({ keys }) => keys.includes("Ctrl+Win")));
  }

  /** Other keys count only if nobody wanted them, and not where people type. @param {KeyboardEvent} event */
  #late(event) {
    if (event.defaultPrevented || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    this.#press(event, [...this.all].filter(({ keys }) => !keys.includes("Ctrl+Win")));
  }

  /** @param {KeyboardEvent} event @param {Shortcut[]} candidates */
  #press(event, candidates) {
    const found = candidates.find(({ keys }) => fits(keys, event));
    if (!found || event.repeat) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    found.press();
  }
}

/** @param {string} keys @param {KeyboardEvent} event */
function fits(keys, event) {
  const parts = keys.split("+");
  const last = parts.at(-1) ?? "";
  const wanted = new Set(last === "Shift" ? parts : parts.slice(0, -1));
  if (wanted.has("Ctrl") !== event.ctrlKey || event.getModifierState("AltGraph")) return false;
  if (wanted.has("Win") ? !(event.metaKey !== event.altKey) : event.metaKey || wanted.has("Alt") !== event.altKey) return false;
  if (last.length > 1 && wanted.has("Shift") !== event.shiftKey) return false;
  return isKey(last, event);
}

/** A letter counts by its place where another script is being typed. @param {string} last @param {KeyboardEvent} event */
function isKey(last, event) {
  const key = LONG[last.toLowerCase()] ?? last.toLowerCase();
  if (event.key.toLowerCase() === key) return true;
  return /^[a-z]$/.test(key) && event.key.charCodeAt(0) > 127 && event.code === `Key${key.toUpperCase()}`;
}
