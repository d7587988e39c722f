// @ts-check
/**
 * Keys of the agent's keyboard, as the customer's machine needs them.
 *
 * @typedef {"mac" | "windows" | "other"} System
 * @typedef {{key: string, code: string, is_down: boolean, modifiers: string[]}} Pressed
 */

const MODIFIERS = ["Shift", "Control", "Alt", "Meta"];
/** Keys that act on the agent's own keyboard: what they make arrives as text. */
const LOCAL = new Set([
  "AltGraph", "CodeInput", "Compose", "Convert", "Dead", "Eisu", "FinalMode", "Fn", "FnLock", "HangulMode", "HanjaMode",
  "Hankaku", "Hiragana", "HiraganaKatakana", "JunjaMode", "KanaMode", "KanjiMode", "Katakana", "ModeChange", "NonConvert",
  "Process", "Romaji", "Unidentified", "Zenkaku", "ZenkakuHankaku",
]);
const BROWSERS_WITH_CTRL = new Set(["t", "n", "w", "tab", "pageup", "pagedown", "+", "-", "0", "="]);
const BROWSERS_ALONE = new Set(["F11", "F12"]);
/** Windows says Ctrl before AltGr; so Ctrl waits this long for an AltGr. */
const ALTGR_MS = 50;
const LONGEST_NAME = 32;

/** @param {{platform?: string, userAgent?: string}} navigator @returns {System} */
export function systemOf({ platform = "", userAgent = "" }) {
  if (/Mac|iPhone|iPad/.test(platform)) return "mac";
  return /Win/.test(platform) || /Windows/.test(userAgent) ? "windows" : "other";
}

/** Whether the browser keeps this for its own tabs and windows. @param {KeyboardEvent} event @param {System} system */
export function isBrowsers(event, system) {
  if (BROWSERS_ALONE.has(event.key)) return true;
  const isCommand = system === "mac" ? event.metaKey : event.ctrlKey;
  return isCommand && !event.altKey && BROWSERS_WITH_CTRL.has(event.key.toLowerCase());
}

export class Keys {
  /** Code → name, as it was sent. @type {Map<string, string>} */
  #down = new Map();
  /** @type {KeyboardEvent | null} */
  #waiting = null;
  #timer = 0;
  #hasAll = false;
  #isOn = false;
  #life = new AbortController();

  /**
   * @param {HTMLElement} catcher
   * @param {{system: System, send: (pressed: Pressed) => void, before: () => void, leave: () => void}} ports
   */
  constructor(catcher, ports) {
    this.ports = ports;
    const { signal } = this.#life;
    catcher.addEventListener("keydown", (event) => this.#pressed(event), { signal });
    catcher.addEventListener("keyup", (event) => this.#released(event), { signal });
    catcher.addEventListener("blur", () => this.releaseAll(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.releaseAll(), { signal });
    document.addEventListener("fullscreenchange", () => void this.#lock(), { signal });
  }

  get holds() {
    return this.#down.size > 0;
  }

  get isOn() {
    return this.#isOn;
  }

  set isOn(isOn) {
    if (isOn === this.#isOn) return;
    if (!isOn) this.forget();
    this.#isOn = isOn;
    void this.#lock();
  }

  /** The modifiers held with an event, as the customer's machine should hold them. @param {MouseEvent | KeyboardEvent} event */
  modifiersOf(event) {
    const held = MODIFIERS.filter((one) => event.getModifierState(one));
    const { system } = this.ports;
    if (system === "windows" && event.getModifierState("AltGraph")) return held.filter((one) => one === "Shift" || one === "Meta");
    if (system !== "mac") return held;
    // Option makes characters on a Mac; Command stands for Alt, as there is no other.
    return held.filter((one) => one !== "Alt").map((one) => (one === "Meta" ? "Alt" : one));
  }

  releaseAll() {
    this.#giveUpWaiting();
    for (const [code, key] of this.#down) this.#send(key, code, false, []);
    this.#down.clear();
  }

  /** The far side has let go by itself. */
  forget() {
    this.#giveUpWaiting();
    this.#down.clear();
  }

  dispose() {
    this.releaseAll();
    this.#life.abort();
    this.#isOn = false;
    void this.#lock();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (!this.#isOn || event.isComposing || event.keyCode === 229) return;
    if (event.ctrlKey && event.altKey && event.key === "Home") {
      event.preventDefault();
      this.ports.leave();
      return;
    }
    if (event.key === "AltGraph") this.#giveUpWaiting();
    if (LOCAL.has(event.key)) return;
    if (!this.#hasAll && isBrowsers(event, this.ports.system)) return;
    event.preventDefault();
    if (event.repeat) return;
    this.#flushWaiting();
    if (this.ports.system === "windows" && event.code === "ControlLeft") this.#wait(event);
    else this.#press(event);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const key = this.#nameOf(event);
    if (!key) return;
    this.ports.before();
    this.#send(key, event.code, true, this.modifiersOf(event));
    if (this.ports.system === "mac" && event.metaKey && !MODIFIERS.includes(event.key)) {
      // A Mac never says that a key went up while Command is held.
      this.#send(key, event.code, false, []);
      return;
    }
    this.#down.set(event.code, key);
  }

  /** @param {KeyboardEvent} event */
  #released(event) {
    if (!this.#isOn) return;
    this.#flushWaiting();
    const key = this.#down.get(event.code);
    if (key === undefined) return;
    event.preventDefault();
    this.#down.delete(event.code);
    this.#send(key, event.code, false, []);
    if (this.ports.system === "mac" && event.key === "Meta") this.releaseAll();
  }

  /** @param {KeyboardEvent} event */
  #nameOf(event) {
    if (this.ports.system === "mac" && event.key === "Alt") return "";
    if (this.ports.system === "mac" && event.key === "Meta") return "Alt";
    return event.key.length > LONGEST_NAME ? "" : event.key;
  }

  /** @param {string} key @param {string} code @param {boolean} is_down @param {string[]} modifiers */
  #send(key, code, is_down, modifiers) {
    this.ports.send({ key, code: code.slice(0, LONGEST_NAME), is_down, modifiers });
  }

  /** @param {KeyboardEvent} event */
  #wait(event) {
    this.#waiting = event;
    this.#timer = setTimeout(() => this.#flushWaiting(), ALTGR_MS);
  }

  #flushWaiting() {
    const event = this.#waiting;
    this.#giveUpWaiting();
    if (event) this.#press(event);
  }

  #giveUpWaiting() {
    clearTimeout(this.#timer);
    this.#waiting = null;
  }

  /** In full screen a browser that can hands over all keys, its own and the system's. */
  async #lock() {
    const keyboard = /** @type {any} */ (navigator).keyboard;
    const wants = this.#isOn && document.fullscreenElement !== null;
    if (!keyboard?.lock) return;
    if (wants) this.#hasAll = await keyboard.lock().then(() => true, () => false);
    else if (this.#hasAll) {
      this.#hasAll = false;
      keyboard.unlock();
    }
  }
}
