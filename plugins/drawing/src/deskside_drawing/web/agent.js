// @ts-check
/** The agent draws on the customer's screen. */

import { Echo } from "./echo.js";
import { Pen } from "./pen.js";
import { Sheet } from "./sheet.js";
import { Tools } from "./tools.js";

const BOARD = "drawing.board";
const DRAW = "drawing.draw";

/** @param {any} ui */
export default function activate(ui) {
  addStyle(ui);
  const channel = ui.channel("strokes");
  const send = (/** @type {string} */ type, /** @type {object} */ fields = {}) => channel.send(type, fields);
  const sheet = new Sheet(ui);
  const echo = new Echo(() => sheet.show(echo.strokes), () => ui.me.id);
  const act = { undo: () => send("undo"), redo: () => send("redo"), reset: () => send("reset"), done: () => stop() };
  const tools = new Tools(ui, act);
  const pen = new Pen({ sheet, echo, tools, send });
  let isOn = false;

  const button = ui.toolbar.button({
    menu: "draw",
    label: ui.text("drawing.start"),
    icon: "pencil",
    feature: DRAW,
    shortcut: "Ctrl+Win+Shift",
    primary: true,
    onPress: () => (isOn ? stop() : start()),
  });

  async function start() {
    if (ui.feature(DRAW).state !== "on") {
      const outcome = await ui.request([DRAW], "");
      if (!outcome.granted) return ui.notify(outcome.reason || ui.text("drawing.declined"), { kind: "warn" });
    }
    if (isOn) return undefined;
    isOn = true;
    sheet.element.classList.add("drawing-on");
    tools.show();
    button.set({ pressed: true, label: ui.text("drawing.stop") });
    sheet.canvas.tabIndex = -1;
    sheet.canvas.focus({ preventScroll: true });
    ui.announce(ui.text("drawing.on"));
    return undefined;
  }

  function stop() {
    if (!isOn) return;
    isOn = false;
    pen.lift();
    sheet.element.classList.remove("drawing-on");
    tools.hide();
    // The keyboard goes back to where it was used before, the customer's screen.
    if ([sheet.canvas, document.body].includes(/** @type {any} */ (document.activeElement))) ui.stage.focus();
    button.set({ pressed: false, label: ui.text("drawing.start") });
    ui.announce(ui.text("drawing.off"));
  }

  listen(ui, channel, { echo, sheet, tools });
  const onKey = (/** @type {KeyboardEvent} */ event) => isOn && press(event, act);
  addEventListener("keydown", onKey, true);
  ui.onFeature(DRAW, (/** @type {{state: string}} */ now) => now.state !== "on" && stop());
  ui.onFeature(BOARD, (/** @type {{state: string, reason: string}} */ now) =>
    button.set({ disabled: now.state !== "on", reason: now.reason || ui.text("drawing.switched_off") }),
  );
  ui.dispose(() => {
    removeEventListener("keydown", onKey, true);
    pen.lift();
    tools.hide();
    echo.dispose();
  });
}

/**
 * @param {any} ui
 * @param {any} channel
 * @param {{echo: Echo, sheet: Sheet, tools: Tools}} page
 */
function listen(ui, channel, { echo, sheet, tools }) {
  channel.on("picture", (/** @type {any} */ fields) => echo.begunAnew(fields.strokes));
  channel.on("drawn", (/** @type {any} */ fields) => echo.drawn(fields.stroke));
  channel.on("drawn_on", (/** @type {any} */ fields) => echo.drawnOn(fields.id, fields.start, fields.points));
  channel.on("finished", (/** @type {any} */ fields) => echo.finished(fields.id));
  channel.on("removed", (/** @type {any} */ fields) => echo.removed(fields.ids));
  channel.on("declined", (/** @type {any} */ fields) => {
    echo.decline(fields.stroke);
    ui.notify(ui.text("drawing.declined"), { kind: "warn" });
  });
  channel.on("your_pen", (/** @type {any} */ fields) => tools.setOwnColour(fields.colour));
  channel.on("origin", (/** @type {any} */ fields) => {
    sheet.origin = { x: fields.x, y: fields.y };
    sheet.show(echo.strokes);
  });
  channel.onReset(() => channel.send("want_picture", {}));
}

/**
 * The keys of drawing; nothing else may take them while it is on.
 * @param {KeyboardEvent} event
 * @param {{undo: () => void, redo: () => void, done: () => void}} act
 */
function press(event, act) {
  const isTyping = event.target instanceof Element && event.target.closest("input, textarea, [contenteditable]");
  if (isTyping || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  const isControl = (event.ctrlKey || event.metaKey) && !(event.ctrlKey && event.metaKey);
  if (key === "escape") act.done();
  else if (isControl && key === "z" && !event.shiftKey) act.undo();
  else if (isControl && (key === "y" || (key === "z" && event.shiftKey))) act.redo();
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** @param {any} ui */
function addStyle(ui) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("drawing.css", import.meta.url).href;
  document.head.append(style);
  ui.dispose(() => style.remove());
}
