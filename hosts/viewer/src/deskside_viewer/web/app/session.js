// @ts-check
/** The session page: opens the link, lays the page out, and lets the plugins' modules in. */

import { everySecond } from "../lib/clock.js";
import { el, fill } from "../lib/dom.js";
import { Link } from "../lib/link.js";
import { get, post, Refused, socketAddress } from "../lib/requests.js";
import { Over } from "../lib/road.js";
import { Words } from "../lib/texts.js";
import { LOCKED, leaveLocked, watchUse } from "./activity.js";
import { createBar } from "./bar.js";
import { ask, showKeys } from "./dialogs.js";
import { Model } from "./model.js";
import { Modules, titleOf } from "./modules.js";
import { Notices } from "./notices.js";
import { Panels } from "./panels.js";
import { Screens } from "./screens.js";
import { Shortcuts } from "./shortcuts.js";
import { Stage } from "./stage.js";
import { Status } from "./status.js";
import { addStatus } from "./status_items.js";
import { Toolbar } from "./toolbar.js";
import { addFullScreen, addViewMenu } from "./view_menu.js";

/** @typedef {import("./model.js").Boot} Boot */

const start = document.body.dataset.start ?? "";

/** What must not change while this page lives. @param {Boot} boot */
function shape({ core, plugins }) {
  return JSON.stringify([core, plugins.map(({ name, version, channels }) => [name, version, channels])]);
}

/** Where to dial: each time with a fresh ticket. @param {Boot} boot @returns {() => Promise<string>} */
function addresses(boot) {
  /** @type {Boot | null} */
  let fresh = boot;
  return async () => {
    const { socket, ticket } = fresh ?? (await again(shape(boot)));
    fresh = null;
    return socketAddress(`${socket}?ticket=${encodeURIComponent(ticket)}`);
  };
}

/** @param {string} before @returns {Promise<Boot>} */
async function again(before) {
  try {
    const boot = await get(start);
    if (shape(boot) !== before) location.reload();
    return boot;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.status === LOCKED) throw new Over("locked");
    if (error.status === 404 || error.status === 410) throw new Over("gone");
    if (error.status === 401 || error.status === 403) throw new Over("refused");
    throw error;
  }
}

/** Who this tab is in the session, kept over a reload. @param {Boot} boot */
function memory({ session, me }) {
  const key = `deskside.session.${session.id}.${me.role}`;
  return {
    remembered: () => JSON.parse(sessionStorage.getItem(key) ?? '{"participant": 0, "secret": ""}'),
    remember: (/** @type {object} */ who) => sessionStorage.setItem(key, JSON.stringify(who)),
  };
}

/** @param {Boot} boot */
function createParts(boot) {
  const words = new Words(boot.texts, boot.language);
  const channels = boot.plugins.flatMap((plugin) => plugin.channels);
  const link = new Link(boot.core, channels, { address: addresses(boot), ...memory(boot), locked: leaveLocked });
  const model = new Model(boot, link, words);
  const shortcuts = new Shortcuts();
  const notices = new Notices(words);
  const announce = (/** @type {string} */ text) => notices.announce(text);
  const toolbar = new Toolbar(words, shortcuts, { blocked: () => model.blocked(), refusal: (key) => model.refusal(key), announce });
  // What was said and sent can still be read when the support is over.
  const panels = new Panels(words, { refusal: (key) => (model.screen === "ended" ? "" : model.refusal(key)), announce });
  const stage = model.role === "customer" ? null : new Stage(words);
  return { model, words, link, shortcuts, notices, toolbar, panels, stage, status: new Status() };
}

/** @param {ReturnType<typeof createParts>} parts */
function lay({ model, words, shortcuts, notices, toolbar, panels, stage, status }) {
  const end = () => void confirmEnd(model);
  const keys = () => void showKeys(words, shortcuts);
  if (stage) addKeys(shortcuts, words, { toolbar, stage, panels, keys });
  const isAgent = model.role !== "customer";
  if (stage) addViewMenu(toolbar, stage, words);
  const full = stage && addFullScreen(toolbar, shortcuts, words);
  const bar = createBar(model, {
    toolbar: toolbar.element,
    panels: panels.buttons,
    full: full && (() => void full().catch(() => undefined)),
    keys: isAgent && stage ? keys : null,
    end,
  });
  const use = () => void model.link.road.dial();
  const screens = new Screens(model, { announce: (text) => notices.announce(text), end, use });
  const work = el("main", { class: "work", id: "work" }, stage?.element, panels.element, screens.element, notices.element);
  fill(/** @type {Element} */ (document.getElementById("app")), bar.element, work, isAgent ? status.element : null);
  document.body.dataset.role = model.role;
  addStatus(status, model);
  const draw = () => {
    document.body.dataset.screen = model.screen;
    document.body.dataset.layout = model.isTalk ? "talk" : "stage";
    panels.setSingle(model.isTalk);
    bar.draw();
    screens.draw();
    toolbar.redraw();
    panels.redraw();
  };
  model.changed.on(draw);
  everySecond(() => bar.tick());
  draw();
}

/**
 * @param {Shortcuts} shortcuts
 * @param {Words} words
 * @param {{toolbar: Toolbar, stage: Stage, panels: Panels, keys: () => void}} parts
 */
function addKeys(shortcuts, words, { toolbar, stage, panels, keys }) {
  const group = words.say("session.keys.page");
  const add = (/** @type {string} */ name, /** @type {string} */ combination, /** @type {() => void} */ press) =>
    shortcuts.add({ keys: combination, label: words.say(`session.keys.${name}`), group, press });
  add("bar", "Ctrl+Win+B", () => toolbar.focus());
  add("stage", "Ctrl+Win+S", () => stage.focus());
  add("panel", "Ctrl+Win+P", () => (panels.all.find((one) => one.isOpen) ?? panels.all[0])?.open());
  add("sheet", "?", keys);
}

/** @param {Model} model */
async function confirmEnd(model) {
  const { words, session, boot, link } = model;
  const isTalking = model.screen === "active" || model.screen === "suspended";
  if (isTalking) {
    const title = words.say(model.role === "customer" ? "session.end.ask.customer" : "session.end.ask", { name: session.customer || words.say("session.customer") });
    const buttons = [{ label: words.say("session.end.no"), value: "" }, { label: words.say("session.end.yes"), value: "yes", primary: true }];
    if ((await ask(words, { title, body: words.say("session.end.help"), buttons })) !== "yes") return;
  }
  if (link.state.value === "open") link.say("end", { reason: model.role === "customer" ? "ended.customer" : "ended.agent" });
  else if (model.role === "agent") await post(`/console/sessions/${boot.session.id}/end`).catch(() => undefined);
}

/** @param {ReturnType<typeof createParts>} parts @param {Modules} modules */
function listen({ model, words, link, notices }, modules) {
  link.renewed.on(() => modules.restart());
  link.closed.on(({ channel, reason }) => {
    const plugin = titleOf(words, channel.split(".", 1)[0]);
    notices.notify(words.say("session.channel.closed", { plugin, reason: words.reason(reason) }), { kind: "warn" });
  });
  link.onCore("stopped", ({ plugin, reason }) => {
    const action = { label: words.say("session.retry"), onPress: () => link.say("retry", { plugin }) };
    const text = words.say("session.stopped", { plugin: titleOf(words, plugin), reason: words.reason(reason) });
    notices.notify(text, { kind: "warn", action: model.role === "agent" ? action : undefined });
  });
}

async function open() {
  const boot = await get(start);
  const parts = createParts(boot);
  const modules = new Modules(parts, boot.plugins);
  lay(parts);
  listen(parts, modules);
  if (parts.model.role !== "customer") watchUse();
  await modules.load();
  parts.link.start();
}

open().catch((error) => {
  console.error(error);
  for (const [id, isShown] of /** @type {const} */ ([["opening", false], ["failed", true]])) {
    const element = document.getElementById(id);
    if (element) element.hidden = !isShown;
  }
});
