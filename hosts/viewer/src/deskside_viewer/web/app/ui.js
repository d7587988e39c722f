// @ts-check
/**
 * What a plugin's page module is handed: the only way it reaches the page.
 *
 * Everything it adds is removed when it ends; what it throws ends it, and not the session.
 * @typedef {import("../lib/signal.js").Disposable} Disposable
 * @typedef {import("../lib/schema.js").Fields} Fields
 * @typedef {import("./model.js").Model} Model
 * @typedef {ReturnType<typeof createUi>["ui"]} Ui
 * @typedef {{model: Model, toolbar: import("./toolbar.js").Toolbar, panels: import("./panels.js").Panels,
 *   stage: import("./stage.js").Stage | null, status: import("./status.js").Status,
 *   notices: import("./notices.js").Notices}} PageParts
 */

import { icon } from "../lib/icons.js";
import { ChannelClosed } from "../lib/port.js";
import { ask } from "./dialogs.js";

/** Menus that pages of a role have. @type {Record<string, string[]>} */
const MENUS_OF = { agent: ["control", "draw", "view", "tools", "extras"], observer: ["view", "extras"], customer: ["extras"] };

/** A module's life: its clean-ups, and one place where its faults end. */
export class Scope {
  /** @type {Set<Disposable>} */
  #kept = new Set();
  isOver = false;

  /** @param {(error: unknown) => void} failed */
  constructor(failed) {
    this.failed = failed;
  }

  /** @template {Disposable} T @param {T} one @returns {T} */
  keep(one) {
    if (this.isOver) one.dispose();
    else this.#kept.add(one);
    return one;
  }

  /** Return the function with faults caught. @template {any[]} A @param {(...args: A) => unknown} step @returns {(...args: A) => unknown} */
  guard(step) {
    return (...args) => {
      if (this.isOver) return undefined;
      try {
        const result = step(...args);
        return result instanceof Promise ? result.catch((error) => this.#fail(error)) : result;
      } catch (error) {
        return this.#fail(error);
      }
    };
  }

  end() {
    this.isOver = true;
    for (const one of [...this.#kept].reverse()) {
      try {
        one.dispose();
      } catch (error) {
        console.error("a clean-up failed:", error);
      }
    }
    this.#kept.clear();
  }

  /** @param {unknown} error */
  #fail(error) {
    // A channel that closed while a message was under way is the session's doing, not the module's fault.
    if (error instanceof ChannelClosed || this.isOver) return;
    this.end();
    this.failed(error);
  }
}

/**
 * @param {PageParts} page
 * @param {import("./model.js").PluginSpec} plugin
 * @param {string} url
 * @param {Scope} scope
 */
export function createUi(page, plugin, url, scope) {
  const { model, panels, status, notices } = page;
  const { words } = model;
  const full = (/** @type {string} */ name) => (name.includes(".") ? name : `${plugin.name}.${name}`);
  const ui = {
    channel: (/** @type {string} */ name) => channelOf(page, plugin, full(name), scope),
    options: Object.freeze({ ...plugin.options }),
    text: (/** @type {string} */ key, /** @type {import("../lib/texts.js").Values} */ values = {}) =>
      words.first([key, `${plugin.name}.${key}`], values) || key,
    language: words.language,
    get me() {
      return model.me;
    },
    get people() {
      return model.people.map((one) => ({ ...one }));
    },
    onPeople: (/** @type {(people: import("./model.js").Person[]) => void} */ fn) => watch(page, scope, () => model.people, fn),
    feature: (/** @type {string} */ key) => model.feature(full(key)),
    onFeature: (/** @type {string} */ key, /** @type {(now: import("./model.js").FeatureView) => void} */ fn) =>
      watch(page, scope, () => model.feature(full(key)), fn),
    request: (/** @type {string | string[]} */ keys, detail = "") => model.request([keys].flat().map(full), detail),
    withdraw: (/** @type {string | string[]} */ keys) => model.withdraw([keys].flat().map(full)),
    toolbar: { button: (/** @type {import("./toolbar.js").ItemOptions} */ options) => buttonOf(page, options, full, scope) },
    panel: (/** @type {import("./panels.js").PanelOptions} */ options) => panelOf(page, plugin, options, full, scope),
    stage: page.stage && stageOf(page.stage, scope),
    /** Round trips in ms: of this page's line, of the customer's; and how late the server gets to its work. */
    get trips() {
      return { ...model.link.trips };
    },
    status: { item: (/** @type {{id: string, order?: number}} */ { id, order }) => scope.keep(status.item({ id: full(id), order })) },
    dialog: (/** @type {Parameters<typeof ask>[1]} */ options) => ask(words, options),
    notify: (/** @type {string} */ text, /** @type {{kind?: "info" | "warn"}} */ options = {}) => notices.notify(text, options),
    announce: (/** @type {string} */ text) => notices.announce(text),
    icon,
    dispose: (/** @type {() => void} */ fn) => void scope.keep({ dispose: fn }),
    home: new URL(".", new URL(url, location.href)).pathname,
  };
  return { ui, panels };
}

/**
 * Call at once and whenever what `read` returns is another.
 * @template T
 * @param {PageParts} page
 * @param {Scope} scope
 * @param {() => T} read
 * @param {(value: T) => unknown} fn
 */
function watch({ model }, scope, read, fn) {
  const call = scope.guard(fn);
  let before = "";
  const look = () => {
    const value = read();
    const shown = JSON.stringify(value);
    if (shown === before) return;
    before = shown;
    call(value);
  };
  look();
  return scope.keep(model.changed.on(look));
}

/** @param {PageParts} page @param {import("./model.js").PluginSpec} plugin @param {string} name @param {Scope} scope */
function channelOf({ model }, plugin, name, scope) {
  const port = model.link.ports.get(name);
  const feature = port?.spec.feature;
  const keys = feature ? [feature] : plugin.features.map((one) => one.key);
  const runs = () => keys.length === 0 || keys.some((key) => model.runs(key));
  const nothing = { dispose() {} };
  return {
    name,
    isOpen: port !== undefined,
    send(/** @type {string} */ type, /** @type {Fields} */ fields = {}) {
      const sent = port && !scope.isOver ? port.send(type, fields) : Promise.reject(new ChannelClosed(`${name} is not there`));
      sent.catch((error) => error instanceof ChannelClosed || console.error(`${name}:`, error));
      return sent;
    },
    on: (/** @type {string} */ type, /** @type {import("../lib/port.js").Handler} */ fn) =>
      port ? scope.keep(port.on(type, scope.guard(fn))) : nothing,
    /** Called when the owner's side has begun anew, and once it runs: ask it for the present state. */
    onReset(/** @type {() => unknown} */ fn) {
      if (!port) return nothing;
      const call = scope.guard(fn);
      let didRun = false;
      const look = () => {
        const doesRun = runs();
        if (doesRun && !didRun) queueMicrotask(call);
        didRun = doesRun;
      };
      look();
      const both = [model.changed.on(look), port.reset.on(() => didRun && call())];
      return scope.keep({ dispose: () => both.forEach((one) => one.dispose()) });
    },
  };
}

/** @param {PageParts} page @param {import("./toolbar.js").ItemOptions} options @param {(name: string) => string} full @param {Scope} scope */
function buttonOf({ model, toolbar }, options, full, scope) {
  if (!(MENUS_OF[model.role] ?? []).includes(options.menu)) return { set() {}, dispose() {} };
  const feature = options.feature && full(options.feature);
  return scope.keep(toolbar.add({ ...options, always: false, feature, onPress: () => void scope.guard(options.onPress)() }));
}

/**
 * @param {PageParts} page
 * @param {import("./model.js").PluginSpec} plugin
 * @param {import("./panels.js").PanelOptions} options
 * @param {(name: string) => string} full
 * @param {Scope} scope
 */
function panelOf({ panels }, plugin, options, full, scope) {
  const panel = scope.keep(panels.add({ ...options, id: `${plugin.name}.${options.id}`, feature: options.feature && full(options.feature) }));
  return {
    element: panel.element,
    open: () => panel.open(),
    close: () => panel.close(),
    get isOpen() {
      return panel.isOpen;
    },
    onOpen: (/** @type {() => unknown} */ fn) => scope.keep(panel.onOpen(() => void scope.guard(fn)())),
    badge: (/** @type {number} */ count) => panel.badge(count),
    dispose: () => panel.dispose(),
  };
}

/** @param {import("./stage.js").Stage} stage @param {Scope} scope */
function stageOf(stage, scope) {
  return {
    element: stage.element,
    mount: (/** @type {HTMLElement} */ canvas, /** @type {{width: number, height: number}} */ size) => scope.keep(stage.mount(canvas, size)),
    setSize: (/** @type {number} */ width, /** @type {number} */ height) => stage.setSize(width, height),
    geometry: () => stage.geometry(),
    onGeometry: (/** @type {(geometry: import("./stage.js").Geometry) => unknown} */ fn) => scope.keep(stage.onGeometry(scope.guard(fn))),
    toScreen: (/** @type {number} */ clientX, /** @type {number} */ clientY) => stage.toScreen(clientX, clientY),
    overlay: (/** @type {Element} */ element) => scope.keep(stage.overlay(element)),
    onFocus: (/** @type {(hasFocus: boolean) => unknown} */ fn) => scope.keep(stage.onFocus(scope.guard(fn))),
    focus: () => stage.focus(),
  };
}
