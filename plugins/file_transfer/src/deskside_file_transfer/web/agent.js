// @ts-check
/** The agent's panel for files in both directions. */

import { Downloads } from "./downloads.js";
import { FileWorker, Kept } from "./store.js";
import { Uploads } from "./uploads.js";
import { List, dropZone, make } from "./view.js";

/** @typedef {import("./row.js").Row} Row */

const USABLE = new Set(["on", "ready", "ask"]);
/** A no of these ends what is under way; what one side cannot do at the moment may be back in the next. */
const FINAL = new Set(["licence", "group", "authority", "consent"]);

/** @param {any} ui */
export default function activate(ui) {
  addStyle(ui);
  const panel = ui.panel({ id: "files", label: ui.text("file_transfer.title"), icon: "files" });
  const worker = new FileWorker();
  const kept = new Kept();
  const list = new List(ui, {
    cancel: (row) => (row.direction === "send" ? uploads : downloads).cancel(row),
    save: (row) => downloads.save(row),
  });
  const changed = (/** @type {Row | null} */ row) => {
    if (row) list.draw(row);
    const open = [uploads, downloads].flatMap((one) => [...one.rows.values()]).filter((one) => !one.isOver);
    panel.badge(open.length);
    drawAsk();
  };
  const uploads = new Uploads(ui, worker, kept, changed);
  const downloads = new Downloads(ui, worker, changed);
  const is = (/** @type {string} */ key) => USABLE.has(ui.feature(key).state);

  const input = /** @type {HTMLInputElement} */ (make("input"));
  Object.assign(input, { type: "file", multiple: true, hidden: true });
  input.addEventListener("change", () => {
    uploads.add([...(input.files ?? [])]);
    input.value = "";
  });
  const choose = actionButton(ui, "file_transfer.send", "upload", ui.text("file_transfer.panel.choose"), () => input.click());
  choose.element.classList.add("primary");
  const ask = actionButton(ui, "file_transfer.fetch", "download", "", () => downloads.toggleAsk());
  const asking = make("p", "muted files-asking", ui.text("file_transfer.panel.asking"));
  const drawAsk = () => {
    ask.write(ui.text(downloads.ask ? "file_transfer.panel.withdraw_ask" : "file_transfer.panel.ask"));
    asking.hidden = !downloads.ask;
  };
  drawAsk();

  for (const [key, one] of /** @type {const} */ ([["send", uploads], ["fetch", downloads]])) {
    ui.onFeature(`file_transfer.${key}`, (/** @type {{state: string, gate: string, reason: string}} */ { state, gate, reason }) => {
      if (state === "stopped" || (state === "refused" && FINAL.has(gate))) one.stop(reason);
    });
  }

  const canDrop = () => is("file_transfer.send") && is("file_transfer.drop");
  const drawEmpty = () => {
    list.empty.textContent = ui.text(canDrop() ? "file_transfer.panel.empty" : "file_transfer.panel.empty_no_drop");
  };
  for (const key of ["send", "drop"]) ui.onFeature(`file_transfer.${key}`, drawEmpty);
  dropZone(panel.element, {
    text: ui.text("file_transfer.panel.drop"),
    isAllowed: canDrop,
    take: (files) => uploads.add(files),
    refuse: () => ui.notify(ui.text("file_transfer.panel.folders"), { kind: "warn" }),
  });
  const actions = make("div", "files-actions");
  actions.append(choose.element, ask.element, input);
  panel.element.classList.add("files");
  panel.element.append(actions, asking, list.empty, list.element);

  ui.toolbar.button({
    menu: "tools",
    label: ui.text("file_transfer.panel.choose"),
    icon: "upload",
    feature: "file_transfer.send",
    onPress: () => {
      panel.open();
      input.click();
    },
  });
  void kept.sweep();
  worker.call("sweep").catch(() => undefined);
  ui.dispose(() => {
    list.dispose();
    worker.dispose();
  });
}

/**
 * A button that says why it cannot be pressed.
 * @param {any} ui
 * @param {string} feature
 * @param {string} icon
 * @param {string} label
 * @param {() => void} act
 */
function actionButton(ui, feature, icon, label, act) {
  const element = /** @type {HTMLButtonElement} */ (make("button"));
  const words = make("span", "", label);
  let why = "";
  element.type = "button";
  element.append(ui.icon(icon), words);
  element.addEventListener("click", () => (why ? ui.notify(why, { kind: "info" }) : act()));
  ui.onFeature(feature, (/** @type {{state: string, reason: string}} */ now) => {
    why = USABLE.has(now.state) ? "" : now.reason || ui.text("file_transfer.reason.withdrawn");
    element.setAttribute("aria-disabled", String(why !== ""));
    element.title = why;
  });
  return { element, write: (/** @type {string} */ text) => void (words.textContent = text) };
}

/** @param {any} ui */
function addStyle(ui) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("files.css", import.meta.url).href;
  document.head.append(style);
  ui.dispose(() => style.remove());
}
