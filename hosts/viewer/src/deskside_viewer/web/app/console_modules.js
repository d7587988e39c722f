// @ts-check
/** Runs the console's modules of plugins, each in parts of its own, and goes on without those that fail. */

import { el } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { titleOf } from "./modules.js";
import { Scope } from "./ui.js";

/**
 * @typedef {{plugin: string, url: string}} ConsoleModule
 * @typedef {{words: import("../lib/texts.js").Words, notices: import("./notices.js").Notices, place: Element}} Home
 */

/** @param {ConsoleModule[]} modules @param {Home} home */
export async function runModules(modules, home) {
  const found = await Promise.allSettled(modules.map(({ url }) => import(new URL(url, location.href).href)));
  for (const [index, module] of modules.entries()) {
    const scope = new Scope((error) => failed(module, home, error));
    const one = found[index];
    if (one.status === "rejected") failed(module, home, one.reason);
    else scope.guard(one.value.default)(createUi(module, home, scope));
  }
}

/** What a module is handed: the only way it reaches the console. @param {ConsoleModule} module @param {Home} home @param {Scope} scope */
function createUi({ plugin, url }, { words, notices, place }, scope) {
  return {
    text: (/** @type {string} */ key, /** @type {import("../lib/texts.js").Values} */ values = {}) =>
      words.first([key, `${plugin}.${key}`], values) || key,
    language: words.language,
    /** A part below the agent's sessions; draw into what is returned. @param {{id: string, title: string}} options */
    part: ({ id, title }) => {
      const heading = `${plugin}-${id}`;
      const body = el("div", { class: "card" });
      const element = el("section", { class: "part", "aria-labelledby": heading }, el("h2", { id: heading }, title), body);
      place.append(element);
      scope.keep({ dispose: () => element.remove() });
      return body;
    },
    notify: (/** @type {string} */ text, /** @type {{kind?: "info" | "warn"}} */ options = {}) => notices.notify(text, options),
    icon,
    home: new URL(".", new URL(url, location.href)).pathname,
  };
}

/** @param {ConsoleModule} module @param {Home} home @param {unknown} error */
function failed({ plugin }, { words, notices }, error) {
  console.error(`the console module of ${plugin} is switched off:`, error);
  notices.notify(words.say("session.module.failed", { plugin: titleOf(words, plugin) }), { kind: "warn" });
}
