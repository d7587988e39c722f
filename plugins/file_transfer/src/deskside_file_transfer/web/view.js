// @ts-check
/** Draws the panel: what can be done, and one row per file. */

import { sizeText } from "./row.js";
import { sentence } from "./uploads.js";

const DRAW_MS = 200;

/** @typedef {import("./row.js").Row} Row */
/** @typedef {{item: HTMLElement, name: HTMLElement, note: HTMLElement, bar: HTMLProgressElement, button: HTMLButtonElement}} Parts */

/**
 * @param {string} tag
 * @param {string} [name]
 * @param {string} [text]
 */
export function make(tag, name = "", text = "") {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.textContent = text;
  return element;
}

export class List {
  element = make("ul", "files-list");
  empty = make("p", "muted files-empty");
  /** @type {Map<Row, Parts>} */
  #shown = new Map();
  /** @type {Set<Row>} */
  #stale = new Set();
  #timer = 0;

  /** @param {any} ui @param {{cancel: (row: Row) => void, save: (row: Row) => void}} acts */
  constructor(ui, acts) {
    this.ui = ui;
    this.acts = acts;
    this.element.setAttribute("aria-label", ui.text("file_transfer.panel.list"));
    this.element.hidden = true;
  }

  /** Draw a row soon; ends and beginnings at once. @param {Row} row */
  draw(row) {
    this.#stale.add(row);
    if (!this.#shown.has(row) || row.isOver) this.#drawStale();
    else this.#timer ||= window.setTimeout(() => this.#drawStale(), DRAW_MS);
  }

  dispose() {
    window.clearTimeout(this.#timer);
  }

  #drawStale() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    for (const row of this.#stale) this.#drawRow(row);
    this.#stale.clear();
  }

  /** @param {Row} row */
  #drawRow(row) {
    const parts = this.#shown.get(row) ?? this.#add(row);
    parts.item.dataset.stage = row.stage;
    parts.name.textContent = row.name;
    parts.name.title = row.name;
    parts.note.textContent = this.words(row);
    parts.bar.hidden = row.isOver || row.stage === "asking";
    parts.bar.max = Math.max(1, row.size);
    parts.bar.value = row.size ? row.done : Number(row.isOver);
    this.#drawButton(row, parts.button);
  }

  /** @param {Row} row @param {HTMLButtonElement} button */
  #drawButton(row, button) {
    const act = row.isOver ? (row.file ? "save" : "") : "cancel";
    if (button.dataset.act === act) return;
    button.dataset.act = act;
    button.hidden = act === "";
    if (!act) return;
    button.replaceChildren(this.ui.icon(act === "save" ? "download" : "close"));
    const label = this.ui.text(`file_transfer.panel.${act}`, { name: row.name });
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  /** @param {Row} row */
  #add(row) {
    const item = make("li", "files-row");
    const name = make("span", "files-name");
    const note = make("span", "files-note muted");
    const bar = /** @type {HTMLProgressElement} */ (make("progress", "files-bar"));
    const button = /** @type {HTMLButtonElement} */ (make("button", "quiet square"));
    const way = this.ui.text(row.direction === "send" ? "file_transfer.panel.to_customer" : "file_transfer.panel.from_customer");
    const icon = make("span", "files-way");
    icon.append(this.ui.icon(row.direction === "send" ? "upload" : "download"), make("span", "visually-hidden", way));
    icon.title = way;
    bar.setAttribute("aria-label", row.name);
    button.type = "button";
    button.addEventListener("click", () => (row.isOver ? this.acts.save(row) : this.acts.cancel(row)));
    item.append(icon, name, button, bar, note);
    this.element.prepend(item);
    this.element.hidden = false;
    this.empty.hidden = true;
    const parts = { item, name, note, bar, button };
    this.#shown.set(row, parts);
    return parts;
  }

  /** What is said about a row. @param {Row} row */
  words(row) {
    const why = sentence(this.ui, row.reason);
    const values = { done: sizeText(row.done), size: sizeText(row.size), speed: sizeText(row.speed), reason: why };
    return this.ui.text(`file_transfer.stage.${row.stage}`, values);
  }
}

/**
 * Take files that are dropped on an element.
 * @param {HTMLElement} element
 * @param {{text: string, isAllowed: () => boolean, take: (files: File[]) => void, refuse: () => void}} given
 */
export function dropZone(element, { text, isAllowed, take, refuse }) {
  const veil = make("div", "files-veil", text);
  veil.hidden = true;
  element.append(veil);
  const holdsFiles = (/** @type {DragEvent} */ event) => isAllowed() && (event.dataTransfer?.types.includes("Files") ?? false);
  element.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  element.addEventListener("dragleave", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) veil.hidden = true;
  });
  element.addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const items = [...(event.dataTransfer?.items ?? [])].filter((one) => one.kind === "file");
    const files = items.filter((one) => !one.webkitGetAsEntry()?.isDirectory).map((one) => one.getAsFile());
    if (files.length < items.length) refuse();
    const found = /** @type {File[]} */ (files.filter((one) => one !== null));
    if (found.length) take(found);
  });
}
