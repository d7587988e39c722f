// @ts-check
/** The agent's mouse and keyboard on the customer's machine. */

import { Compose, pieces } from "./compose.js";
import { Keys, systemOf } from "./keys.js";
import { Mouse } from "./mouse.js";
import { Spared } from "./spared.js";

const MOUSE = "control.mouse";
const KEYBOARD = "control.keyboard";
const ATTENTION = "control.secure_attention";
const AUTO_START = "control.auto_start";
const CAN_ASK = ["on", "ready", "ask"];
const STILL_HELD_MS = 500;

/** @param {any} ui */
export default function activate(ui) {
  const input = ui.channel("input");
  const state = { controller: 0, hasMouse: false, hasKeyboard: false, isSuspended: false };
  let hasTried = false;
  let isAsking = false;
  const spared = new Spared(() => ui.notify(ui.text("control.spared"), { kind: "warn" }), () => state.isSuspended);

  const isMine = () => state.controller === ui.me.id;
  const send = (/** @type {string} */ type, /** @type {object} */ fields = {}) => Promise.resolve(input.send(type, fields)).catch(() => {});

  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: new URL("agent.css", import.meta.url).href });
  document.head.append(style);
  const catcher = document.createElement("textarea");
  catcher.className = "control-catcher";
  catcher.setAttribute("aria-label", ui.text("control.catcher"));
  Object.assign(catcher, { autocapitalize: "off", autocomplete: "off", spellcheck: false, tabIndex: -1 });
  document.body.append(catcher);

  const compose = new Compose(catcher, (text) => void send("text_typed", { text }));
  const keys = new Keys(catcher, {
    system: systemOf(navigator),
    send: (fields) => void send("key_pressed", fields),
    before: () => compose.flush(),
    leave: () => {
      catcher.blur();
      ui.announce(ui.text("control.left"));
    },
  });
  const mouse = new Mouse(ui.stage, {
    send,
    modifiers: (event) => keys.modifiersOf(event),
    pressed: (x, y) => {
      Object.assign(catcher.style, { left: `${x}px`, top: `${y}px` });
      if (keys.isOn) catcher.focus({ preventScroll: true });
    },
  });

  const button = ui.toolbar.button({ menu: "control", label: ui.text("control.button"), icon: "mouse", primary: true, onPress: press });
  const attention = ui.toolbar.button({
    menu: "control", label: ui.text("control.attention"), icon: "keyboard", feature: ATTENTION,
    onPress: () => void send("secure_attention"),
  });
  const paste = ui.toolbar.button({ menu: "control", label: ui.text("control.type_clipboard"), icon: "paste", feature: KEYBOARD, onPress: () => void typeClipboard() });
  const status = ui.status.item({ id: "control", order: 20 });

  function who() {
    if (state.controller === 0) return ui.text("control.status.nobody");
    if (state.isSuspended) return ui.text("control.status.customer");
    if (isMine()) return ui.text("control.status.you");
    const name = ui.people.find((/** @type {any} */ one) => one.id === state.controller)?.name ?? "";
    return ui.text("control.status.other", { name });
  }

  function draw() {
    const refused = [MOUSE, KEYBOARD].map((key) => ui.feature(key)).filter(({ state: now }) => !CAN_ASK.includes(now));
    const without = ui.text("control.take_first");
    button.set({ pressed: isMine(), disabled: refused.length === 2 || isAsking, reason: isAsking ? ui.text("control.asking") : (refused[0]?.reason ?? "") });
    for (const one of [attention, paste]) one.set({ disabled: !isMine() || !state.hasKeyboard, reason: without });
    status.set(who());
    mouse.isOn = isMine() && state.hasMouse && !state.isSuspended;
    keys.isOn = isMine() && state.hasKeyboard;
    ui.stage.element.classList.toggle("control-on", mouse.isOn);
    ui.stage.element.toggleAttribute("data-steers", mouse.isOn);
  }

  function press() {
    if (isMine()) void send("give_back");
    else void take();
  }

  async function take() {
    if (isAsking) return;
    isAsking = true;
    draw();
    const wanted = [MOUSE, KEYBOARD].filter((key) => CAN_ASK.includes(ui.feature(key).state));
    const outcome = await ui.request(wanted).finally(() => {
      isAsking = false;
      draw();
    });
    if (!outcome.granted) {
      ui.notify(outcome.reason, { kind: "warn" });
      return;
    }
    if (outcome.keys.length === 1) ui.notify(ui.text(outcome.keys[0] === MOUSE ? "control.only_mouse" : "control.only_keyboard"), { kind: "info" });
    await send("take");
  }

  async function typeClipboard() {
    const text = await navigator.clipboard.readText().catch(() => "");
    if (!text) ui.notify(ui.text("control.clipboard_empty"), { kind: "info" });
    for (const piece of pieces(text)) await send("text_typed", { text: piece });
    catcher.focus({ preventScroll: true });
  }

  function suspend(/** @type {boolean} */ isSuspended) {
    state.isSuspended = isSuspended;
    if (isSuspended) {
      keys.forget();
      mouse.forget();
    } else spared.controlIsBack();
    draw();
  }

  input.on("controller_changed", (/** @type {any} */ now) => {
    const was = isMine();
    Object.assign(state, { controller: now.participant, hasMouse: now.has_mouse, hasKeyboard: now.has_keyboard, isSuspended: false });
    spared.controlIsBack();
    draw();
    if (was !== isMine()) ui.announce(who());
    if (!was && keys.isOn) catcher.focus({ preventScroll: true });
    if (was && !isMine()) catcher.blur();
    if (state.controller === 0 && !hasTried && ui.feature(AUTO_START).state === "on") void take();
    hasTried = true;
  });
  input.on("suspended", () => suspend(true));
  input.on("resumed", () => suspend(false));
  input.on("prompt_spared", () => spared.happened());
  input.onReset(() => void send("want_state"));
  for (const key of [MOUSE, KEYBOARD, ATTENTION]) ui.onFeature(key, draw);
  ui.onPeople(draw);
  ui.stage.onFocus((/** @type {unknown} */ hasFocus) => {
    if (keys.isOn && hasFocus !== false) catcher.focus({ preventScroll: true });
  });
  const pulse = setInterval(() => {
    if (isMine() && (keys.holds || mouse.holds)) void send("still_held");
  }, STILL_HELD_MS);
  ui.dispose(() => {
    clearInterval(pulse);
    for (const one of [keys, mouse, compose, spared]) one.dispose();
    catcher.remove();
    style.remove();
  });
  draw();
}
