// @ts-check
/** Loads the page modules of plugins, runs each in a scope of its own, and goes on without those that fail. */

import { createUi, Scope } from "./ui.js";

/**
 * @typedef {import("./ui.js").PageParts} PageParts
 * @typedef {import("./model.js").PluginSpec} PluginSpec
 * @typedef {{plugin: PluginSpec, url: string, activate: (ui: any) => unknown}} Loaded
 */

export class Modules {
  /** @type {Loaded[]} */
  #loaded = [];
  /** @type {Scope[]} */
  #scopes = [];

  /** @param {PageParts} page @param {PluginSpec[]} plugins */
  constructor(page, plugins) {
    this.page = page;
    this.plugins = plugins;
  }

  /** Fetch all, then activate each in order. */
  async load() {
    const wanted = this.plugins.flatMap((plugin) => plugin.modules.map(({ url }) => ({ plugin, url })));
    const found = await Promise.allSettled(wanted.map(({ url }) => import(new URL(url, location.href).href)));
    for (const [index, { plugin, url }] of wanted.entries()) {
      const one = found[index];
      if (one.status === "rejected") this.#failed(plugin, one.reason);
      else this.#loaded.push({ plugin, url, activate: one.value.default });
    }
    this.#activate();
  }

  /** End all and activate them again: nothing of before counts any more. */
  restart() {
    for (const scope of this.#scopes.splice(0)) scope.end();
    this.#activate();
  }

  #activate() {
    for (const { plugin, url, activate } of this.#loaded) {
      const scope = new Scope((error) => this.#failed(plugin, error));
      this.#scopes.push(scope);
      const { ui } = createUi(this.page, plugin, url, scope);
      scope.guard(activate)(ui);
    }
  }

  /** @param {PluginSpec} plugin @param {unknown} error */
  #failed(plugin, error) {
    console.error(`the page module of ${plugin.name} is switched off:`, error);
    const { words } = this.page.model;
    this.page.notices.notify(words.say("session.module.failed", { plugin: titleOf(words, plugin.name) }), { kind: "warn" });
  }
}

/** Return a plugin's name for people. @param {import("../lib/texts.js").Words} words @param {string} name */
export function titleOf(words, name) {
  return words.first([`${name}.title`, `${name}.name`]) || name.replaceAll("_", " ");
}
