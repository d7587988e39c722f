// @ts-check
/** The slim bar: who is supported, since when, and what ends it. */

import { now, span } from "../lib/clock.js";
import { el, set, show, write } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { tip } from "./tooltip.js";

/**
 * @param {import("./model.js").Model} model
 * @param {{toolbar: HTMLElement, panels: HTMLElement, full: (() => void) | null, keys: (() => void) | null, end: () => void}} parts
 */
export function createBar(model, { toolbar, panels, full, keys, end }) {
  const { words } = model;
  const dot = el("span", { class: "dot", "aria-hidden": "true" });
  const state = el("span", { class: "state" });
  const name = el("h1", { class: "name" });
  const number = el("span", { class: "number" });
  const time = el("span", { class: "time" });
  const label = el("span", { class: "licence", hidden: true });
  const who = el("div", { class: "who" }, dot, name, state, number, time, label);
  const stop = el("button", { type: "button", class: "danger end", onclick: end }, icon("end"), el("span", { class: "words" }, words.say("session.end")));
  const side = el("div", { class: "side" }, panels);
  const more = el("div", { class: "more" }, full && tool("full", words.say("session.view.full"), full), keys && tool("help", words.say("session.keys"), keys));
  const right = el("div", { class: "right" }, side, more, stop);
  const element = el("header", { class: "bar" }, who, toolbar, right);
  return { element, draw, tick };

  function tick() {
    const { began, ended } = model.session;
    write(time, began ? span((ended || now()) - began) : "");
    time.title = began ? words.moment(began) : "";
  }

  function draw() {
    const { screen, session, role, stateName } = model;
    const isLive = screen === "active";
    const isOn = isLive || screen === "suspended";
    set(element, { "data-screen": screen });
    write(name, nameOf(model));
    write(state, stateName === "active" ? "" : words.say(`session.state.${stateName}`));
    show(state, stateName !== "active");
    dot.title = words.say(`session.state.${stateName}`);
    write(number, role === "customer" ? "" : session.number);
    write(label, session.label ? words.say(`session.label.${session.label}`) : "");
    show(label, session.label !== "");
    show(toolbar, isOn);
    show(more, isOn && !model.isTalk);
    show(side, isOn || screen === "ended");
    show(stop, isOn && role !== "observer");
    document.title = [isLive ? "●" : "", nameOf(model), session.number, "Deskside"].filter(Boolean).join(" · ");
    tick();
  }
}

/** @param {import("./model.js").Model} model */
function nameOf({ session, role, words, boot }) {
  if (role !== "customer") return session.customer || words.say(`session.kind.${boot.session.kind === "chat" ? "chat" : "pc"}`);
  if (!session.agent) return session.company || words.say("session.kind.chat");
  return session.company ? words.say("session.agent_of", { name: session.agent, company: session.company }) : session.agent;
}

/** @param {string} name @param {string} label @param {() => void} press */
function tool(name, label, press) {
  const button = el("button", { type: "button", class: "tool quiet", "aria-label": label, onclick: press }, icon(name));
  tip(button, () => label);
  return button;
}
