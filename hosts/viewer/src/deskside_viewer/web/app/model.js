// @ts-check
/**
 * Everything the page knows of its session, in one object that tells when it changes.
 *
 * @typedef {import("../lib/port.js").ChannelSpec} ChannelSpec
 * @typedef {{key: string, consent: string, indicator: boolean}} FeatureSpec
 * @typedef {{name: string, version: string, options: Record<string, any>, features: FeatureSpec[],
 *   channels: ChannelSpec[], modules: {url: string}[]}} PluginSpec
 * @typedef {{ticket: string, socket: string, core: import("../lib/schema.js").MessageSchema[],
 *   session: {id: string, number: string, kind: string, began: number}, me: {name: string, role: string},
 *   language: string, texts: Record<string, string>, plugins: PluginSpec[], waiting?: object | null}} Boot
 * @typedef {"opening" | "waiting" | "connecting" | "agreeing" | "active" | "suspended" | "ended" | "refused" | "replaced"} ScreenName
 * @typedef {{id: number, name: string, role: string, present: boolean}} Person
 * @typedef {{key: string, state: string, gate: string, reason: string, values: {name: string, value: string}[], is_paused: boolean}} FeatureNow
 * @typedef {{state: "on" | "ready" | "ask" | "refused" | "stopped", gate: string, reason: string, isPaused: boolean}} FeatureView
 */

import { now } from "../lib/clock.js";
import { Signal } from "../lib/signal.js";
import { stateName } from "./state.js";

const USABLE = new Set(["on", "ready", "ask"]);

/** @param {{name: string, value: string}[] | null} values */
function valuesOf(values) {
  return Object.fromEntries((values ?? []).map(({ name, value }) => [name, value]));
}

export class Model {
  /** @type {Signal<void>} */
  changed = new Signal();
  /** @type {Person[]} */
  people = [];
  /** @type {Map<string, FeatureNow>} */
  features = new Map();
  /** Features that were on at some time, for the summary. @type {Set<string>} */
  used = new Set();
  host = { up: false, since: 0 };
  /** When this page's own line was lost, in the server's time; 0 while it is there. */
  awaySince = 0;
  hasFeatures = false;
  #requests = 0;
  /** @type {Map<number, (outcome: {granted: boolean, keys: string[], reason: string}) => void>} */
  #asked = new Map();

  /** @param {Boot} boot @param {import("../lib/link.js").Link} link @param {import("../lib/texts.js").Words} words */
  constructor(boot, link, words) {
    this.boot = boot;
    this.link = link;
    this.words = words;
    const { number, began } = boot.session;
    this.session = { state: "", reason: "", by: "", number, agent: "", company: "", customer: "", began, ended: 0, sealed_to_agent: false, label: "" };
    this.#listen();
  }

  get role() {
    return this.boot.me.role;
  }

  /** True where talking is all there is: no stage then. */
  get isTalk() {
    const isPage = this.people.some((one) => one.role === "customer" && one.id > 0);
    return this.role === "customer" || this.boot.session.kind === "chat" || isPage;
  }

  get me() {
    return { id: this.link.participant, ...this.boot.me };
  }

  /** @returns {ScreenName} */
  get screen() {
    const line = this.link.state.value;
    if (this.session.state === "ended" || line === "gone") return "ended";
    if (line === "refused" || line === "replaced") return line;
    if (!this.session.state) return "opening";
    if (line === "away" && this.session.state === "active") return "suspended";
    return /** @type {ScreenName} */ (this.session.state);
  }

  /** What `session.state.…` calls the present state. */
  get stateName() {
    return stateName(this.screen, this.session.reason);
  }

  /** Since when the line is lost, ours or the customer's. */
  get lostSince() {
    return this.awaySince || this.host.since || now();
  }

  /** @param {string} key @returns {FeatureView} */
  feature(key) {
    if (this.screen === "ended") return { state: "refused", gate: "authority", reason: this.blocked(), isPaused: false };
    const found = this.features.get(key);
    if (!found) return { state: "refused", gate: "", reason: this.words.say(this.hasFeatures ? "refused.absent.viewer" : "session.features.unknown"), isPaused: false };
    const state = /** @type {FeatureView["state"]} */ (found.state);
    const isPaused = found.is_paused === true;
    return { state, gate: found.gate, reason: this.#reason(found, isPaused), isPaused };
  }

  /** Why a feature cannot be used or asked for now; empty if it can. @param {string} key */
  refusal(key) {
    const { state, reason, isPaused } = this.feature(key);
    return USABLE.has(state) && !isPaused ? "" : reason;
  }

  /** @param {string} key */
  runs(key) {
    const { state, isPaused } = this.feature(key);
    return (state === "on" || state === "ready") && !isPaused;
  }

  /** Why nothing can be done to the session now; empty if it is live. */
  blocked() {
    return this.screen === "active" ? "" : this.words.say(`session.blocked.${this.screen}`);
  }

  /**
   * Switch features on, asking the customer if need be.
   * @param {string[]} features
   * @param {string} detail
   * @returns {Promise<{granted: boolean, keys: string[], reason: string}>}
   */
  request(features, detail) {
    if (this.link.state.value !== "open" || this.role !== "agent") return Promise.resolve(this.#unasked());
    this.#requests += 1;
    const id = this.#requests;
    this.link.say("request", { id, features, detail });
    return new Promise((resolve) => this.#asked.set(id, resolve));
  }

  /** @param {string[]} features */
  withdraw(features) {
    if (this.role === "agent") this.link.say("withdraw", { features });
  }

  /** @param {FeatureNow} found @param {boolean} isPaused */
  #reason(found, isPaused) {
    if (isPaused) return this.words.say("feature.paused");
    if (found.state === "refused" || found.state === "stopped") {
      return this.words.reason(found.reason, valuesOf(found.values)) || this.words.say(`feature.${found.state}`);
    }
    return "";
  }

  #unasked() {
    return { granted: false, keys: /** @type {string[]} */ ([]), reason: this.words.say("session.request.lost") };
  }

  #listen() {
    const take = (/** @type {string} */ name, /** @type {(fields: any) => void} */ step) =>
      this.link.onCore(name, (fields) => {
        step(fields);
        this.changed.fire();
      });
    take("session_now", (fields) => Object.assign(this.session, fields));
    take("roster", ({ people }) => (this.people = people));
    take("host_link", ({ up, since }) => (this.host = { up, since: up ? 0 : since || now() }));
    take("features", ({ features }) => this.#told(features));
    take("outcome", ({ id, granted, reason, values }) => {
      this.#asked.get(id)?.({ granted: !reason && granted.length > 0, keys: granted, reason: this.words.reason(reason, valuesOf(values)) });
      this.#asked.delete(id);
    });
    this.link.state.watch((state) => {
      this.awaySince = state === "away" ? this.awaySince || now() : 0;
      if (state === "away") this.#forgetRequests();
      this.changed.fire();
    });
  }

  /** @param {FeatureNow[]} features */
  #told(features) {
    this.hasFeatures = true;
    this.features = new Map(features.map((one) => [one.key, one]));
    for (const one of features) if (one.state === "on") this.used.add(one.key);
  }

  #forgetRequests() {
    for (const resolve of this.#asked.values()) resolve(this.#unasked());
    this.#asked.clear();
  }
}
