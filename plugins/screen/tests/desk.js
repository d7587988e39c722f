// @ts-check
/** The plugin's module on the session page's own stage and keys; tests reach it through `window.desk`. */

import { Shortcuts } from "/viewer/app/shortcuts.js";
import { Stage } from "/viewer/app/stage.js";
import activate from "/web/agent.js";

/** @type {Map<string, ((fields: any) => any)[]>} */
const handlers = new Map();
const stage = new Stage(/** @type {any} */ ({ say: (/** @type {string} */ key) => key }));
document.getElementById("app")?.append(stage.element);
const shortcuts = new Shortcuts();
const nothing = { dispose() {} };
const desk = {
  /** @type {any[]} */
  sent: [],
  stage,
  /** @type {Record<string, any>} */
  buttons: {},
  /** @param {string} channel @param {string} type @param {any} fields */
  give: (channel, type, fields) => Promise.all((handlers.get(`${channel} ${type}`) ?? []).map((fn) => fn(fields))),
  /** @param {string} png */
  bytes: (png) => Uint8Array.from(atob(png), (one) => one.charCodeAt(0)),
  steer: (/** @type {boolean} */ isOn) => stage.element.toggleAttribute("data-steers", isOn),
};
Object.assign(window, { desk });

activate({
  me: { id: 1, name: "Lee Jun", role: "agent" },
  home: "/web/",
  text: (/** @type {string} */ key) => key,
  icon: () => document.createElement("span"),
  channel: (/** @type {string} */ name) => ({
    on(/** @type {string} */ type, /** @type {any} */ fn) {
      handlers.set(`${name} ${type}`, [...(handlers.get(`${name} ${type}`) ?? []), fn]);
      return nothing;
    },
    send: async (/** @type {string} */ type, /** @type {any} */ fields) => void desk.sent.push([name, type, fields]),
    onReset: (/** @type {() => void} */ fn) => (queueMicrotask(fn), nothing),
  }),
  options: {},
  trips: { ownMs: -1, lineMs: -1, serverMs: 0 },
  feature: () => ({ state: "on", reason: "", isPaused: false }),
  onFeature: (/** @type {string} */ _, /** @type {any} */ fn) => (fn({ state: "on", reason: "", isPaused: false }), nothing),
  stage: {
    element: stage.element,
    mount: (/** @type {HTMLElement} */ canvas, /** @type {any} */ size) => stage.mount(canvas, size),
    setSize: (/** @type {number} */ width, /** @type {number} */ height) => stage.setSize(width, height),
    overlay: (/** @type {Element} */ element) => stage.overlay(element),
    geometry: () => stage.geometry(),
    onGeometry: (/** @type {any} */ fn) => stage.onGeometry(fn),
  },
  status: { item: () => ({ set() {}, ...nothing }) },
  toolbar: {
    button(/** @type {any} */ options) {
      const { shortcut, label, onPress } = options;
      desk.buttons[label] = options;
      const keys = shortcut ? shortcuts.add({ keys: shortcut, label, group: "view", press: onPress }) : nothing;
      return { set: (/** @type {any} */ more) => void Object.assign(options, more), dispose: () => keys.dispose() };
    },
  },
  dialog: async (/** @type {any} */ { buttons }) => buttons.at(-2).value,
  notify() {},
  announce() {},
  dispose() {},
});
