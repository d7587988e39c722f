// @ts-check
/** What opens in a customer's browser after a support: a summary, a page of the company, both or nothing. */

import { el, fill } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { get } from "../lib/requests.js";

/** @typedef {{notice?: string, popup?: {address: string, width: number, height: number}}} After */

/** Nothing but pages of the web is opened, whoever wants it. @param {string | undefined} address */
function isPage(address) {
  try {
    return ["http:", "https:"].includes(new URL(address ?? "").protocol);
  } catch {
    return false;
  }
}

/** @param {After} after @returns {{name: string, address: string, size: string}[]} */
function pages({ notice, popup }) {
  const size = popup ? `popup,width=${Number(popup.width)},height=${Number(popup.height)}` : "";
  return [
    { name: "notice", address: notice ?? "", size: "" },
    { name: "popup", address: popup?.address ?? "", size },
  ].filter(({ address }) => isPage(address));
}

/** A browser may refuse what nobody has pressed for: the links stay. @param {{address: string, size: string}} page */
function open({ address, size }) {
  window.open(address, "_blank", ["noopener", "noreferrer", size].filter(Boolean).join(","));
}

/**
 * Return the place of the links; what is wanted opens by itself, once.
 * @param {import("./model.js").Model} model
 */
export function createAfter(model) {
  const element = el("div", { class: "row after" });
  const say = (/** @type {string} */ name) => model.words.say(`session.after.${name}`, { company: model.session.company });
  const link = (/** @type {{name: string, address: string}} */ { name, address }) =>
    el("a", { class: "button", href: address, target: "_blank", rel: "noopener noreferrer" }, icon("link"), el("span", {}, say(name)));
  const show = async () => {
    const key = `deskside.after.${model.boot.session.id}`;
    const wanted = pages(await get((document.body.dataset.start ?? "").replace(/start$/, "after")));
    fill(element, ...wanted.map(link));
    if (!sessionStorage.getItem(key)) wanted.forEach(open);
    sessionStorage.setItem(key, "opened");
  };
  void show().catch(() => undefined);
  return element;
}
