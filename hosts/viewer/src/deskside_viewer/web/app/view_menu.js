// @ts-check
/** What the page itself puts into the View menu: scale, full screen, and their keys. */

import { SCALES } from "./stage.js";

const KEPT = "deskside.view";

/**
 * @param {import("./toolbar.js").Toolbar} bar
 * @param {import("./stage.js").Stage} stage
 * @param {import("../lib/texts.js").Words} words
 */
export function addViewMenu(bar, stage, words) {
  const say = (/** @type {string} */ key) => words.say(`session.view.${key}`);
  const add = (/** @type {Partial<import("./toolbar.js").ItemOptions>} */ options) =>
    bar.add({ menu: "view", always: true, label: "", onPress() {}, ...options });
  const percent = (/** @type {number} */ value) => words.say("session.view.percent", { percent: value });

  const step = add({ label: say("step"), icon: "zoom", primary: true, onPress: () => stage.step() });
  const fit = add({ label: say("fit"), icon: "fit", onPress: () => stage.setView("fit") });
  const scales = SCALES.map((value) => ({
    value,
    item: add({ label: value === 100 ? say("actual") : percent(value), onPress: () => stage.setView(value) }),
  }));
  add({ label: say("larger"), icon: "plus", shortcut: "Ctrl+Win+Up", onPress: () => stage.larger() });
  add({ label: say("smaller"), shortcut: "Ctrl+Win+Down", onPress: () => stage.smaller() });

  const draw = () => {
    step.set({ label: `${say("step")} · ${stage.view === "fit" ? say("fit.short") : percent(stage.view)}` });
    fit.set({ pressed: stage.view === "fit" });
    for (const { value, item } of scales) item.set({ pressed: stage.view === value });
    localStorage.setItem(KEPT, String(stage.view));
  };
  const kept = localStorage.getItem(KEPT);
  stage.setView(kept && SCALES.includes(Number(kept)) ? Number(kept) : "fit");
  stage.viewChanged.on(draw);
  draw();
}

/**
 * Full screen, with all keys where the browser gives them; the bar hides there unless it is pinned.
 * @param {import("./toolbar.js").Toolbar} bar
 * @param {import("./shortcuts.js").Shortcuts} shortcuts
 * @param {import("../lib/texts.js").Words} words
 */
export function addFullScreen(bar, shortcuts, words) {
  const keyboard = /** @type {{keyboard?: {lock(): Promise<void>, unlock(): void}}} */ (/** @type {unknown} */ (navigator)).keyboard;
  const isOn = () => document.fullscreenElement !== null;
  const toggle = async () => {
    if (isOn()) return document.exitFullscreen();
    await document.documentElement.requestFullscreen();
    await keyboard?.lock().then(() => (shortcuts.hasAllKeys = true), () => undefined);
  };
  const item = bar.add({
    menu: "view", always: true, label: words.say("session.view.full"), icon: "full", shortcut: "Ctrl+Win+Enter",
    disabled: !document.fullscreenEnabled, reason: words.say("session.view.full.absent"), onPress: () => void toggle().catch(() => undefined),
  });
  const pin = bar.add({
    menu: "view", always: true, label: words.say("session.view.pin"), icon: "pin", pressed: true,
    onPress: () => draw(document.body.dataset.pinned !== "true"),
  });
  const draw = (/** @type {boolean} */ isPinned) => {
    document.body.dataset.pinned = String(isPinned);
    pin.set({ pressed: isPinned });
  };
  draw(true);
  document.addEventListener("fullscreenchange", () => {
    if (!isOn()) {
      keyboard?.unlock();
      shortcuts.hasAllKeys = false;
    }
    document.body.dataset.full = String(isOn());
    item.set({ label: words.say(isOn() ? "session.view.full.leave" : "session.view.full") });
  });
  return toggle;
}
