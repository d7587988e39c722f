// @ts-check
/** The chat panel of both pages. */

import { Conversation } from "./conversation.js";
import { makeEntry } from "./entry.js";
import { Sound, makeSwitch } from "./sound.js";
import { View, make, nameOf } from "./view.js";

const MOST_CHARACTERS = 4000;
const MARKS = 2 ** 52;
/** A no of these stays; before anything is known, or while one side is away, what is written waits. */
const FINAL = new Set(["licence", "group", "authority", "consent"]);

/** @param {any} ui */
export function startChat(ui) {
  addStyle(ui);
  const channel = ui.channel("lines");
  const panel = ui.panel({ id: "chat", label: ui.text("chat.title"), icon: "chat", feature: "chat.text" });
  const conversation = new Conversation();
  const view = new View(ui);
  const sound = new Sound(ui);
  /** @type {Map<number, {name: string, text: string}>} */
  const typists = new Map();
  let unread = 0;
  let isComplete = false;

  const entry = makeEntry({
    label: ui.text("chat.entry"),
    send: ui.text("chat.send"),
    most: MOST_CHARACTERS,
    onSend: (text) => {
      const mark = Math.floor(Math.random() * MARKS);
      view.addWaiting(mark, text);
      channel.send("say", { text, mark });
    },
    onTyping: (text) => {
      if (text && isPreviewed(ui)) ui.channel("drafts").send("draft", { text });
      else channel.send("typing", { is_typing: text !== "" });
    },
  });

  /** @param {import("./conversation.js").Line[]} lines */
  const take = (lines) => {
    const fresh = lines.filter((line) => conversation.add(line));
    for (const line of fresh) {
      view.add(line);
      typists.delete(line.sender);
    }
    for (const id of conversation.trim()) view.remove(id);
    view.showTyping(typists.values());
    return fresh.filter((line) => line.sender !== ui.me.id);
  };

  /** @param {import("./conversation.js").Line[]} others */
  const tellUnread = (others) => {
    if (others.length) sound.play();
    if (panel.isOpen || !others.length) return;
    unread += others.length;
    panel.badge(unread);
    const last = others[others.length - 1];
    ui.announce(ui.text("chat.announced", { name: nameOf(ui, last), text: last.text }));
  };

  channel.on("said", (fields) => tellUnread(take([fields.line])));
  channel.on("history", (fields) => {
    const others = take(fields.lines);
    // The first history is what this page could have read before; later ones hold what it missed.
    if (isComplete) tellUnread(others);
    isComplete = isComplete || fields.is_last;
  });
  channel.on("types", (fields) => {
    if (fields.is_typing) typists.set(fields.sender, { name: nameOf(ui, fields), text: fields.text });
    else typists.delete(fields.sender);
    view.showTyping(typists.values());
  });
  channel.onReset(() => channel.send("want_history", {}));
  ui.onPeople(() => {
    const here = new Set(ui.people.filter((one) => one.present).map((one) => one.id));
    for (const id of typists.keys()) if (id !== 0 && !here.has(id)) typists.delete(id);
    view.showTyping(typists.values());
  });
  panel.onOpen(() => {
    unread = 0;
    panel.badge(0);
    view.log.scrollTop = view.log.scrollHeight;
  });

  ui.onFeature("chat.text", (/** @type {{gate: string, reason: string}} */ { gate, reason }) => {
    const why = FINAL.has(gate) ? reason : "";
    entry.allow(why);
    view.empty.textContent = ui.text(why ? "chat.nothing" : "chat.empty");
  });
  const foot = ui.me.role === "observer" ? make("p", "muted", ui.text("chat.read_only")) : entry.element;
  panel.element.classList.add("chat");
  panel.element.append(head(ui, conversation, sound), view.log, view.typing, note(ui), foot);
  ui.dispose(() => entry.dispose());
  return panel;
}

/** @param {any} ui */
function addStyle(ui) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("chat.css", import.meta.url).href;
  document.head.append(style);
  ui.dispose(() => style.remove());
}

/**
 * @param {any} ui
 * @param {Conversation} conversation
 * @param {Sound} sound
 */
function head(ui, conversation, sound) {
  const row = make("div", "chat-tools");
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "quiet";
  copy.textContent = ui.text("chat.copy");
  copy.addEventListener("click", async () => {
    const copied = await copyText(conversation.asText((line) => nameOf(ui, line)));
    if (copied) ui.notify(ui.text("chat.copied"), { kind: "info" });
    else ui.notify(ui.text("chat.not_copied"), { kind: "warn" });
    copy.focus();
  });
  row.append(makeSwitch(ui, sound), copy);
  return row;
}

/**
 * Put a text on the clipboard; without HTTPS the page has only the old way.
 * @param {string} text
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.className = "visually-hidden";
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

/** @param {any} ui true where this page's unsent text is seen by agents */
function isPreviewed(ui) {
  return ui.me.role === "customer" && ui.feature("chat.preview").state === "on";
}

/** @param {any} ui a customer is told that his unsent text is seen */
function note(ui) {
  const element = make("p", "chat-note note", ui.text("chat.previewed"));
  const show = () => {
    element.hidden = !isPreviewed(ui);
  };
  ui.onFeature("chat.preview", show);
  show();
  return element;
}
