// @ts-check
/** Requests to the program that serves this page. */

import { setBy } from "./clock.js";

/** The server said no: a reason as text key with values, and perhaps a sentence. */
export class Refused extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(typeof body?.text === "string" ? body.text : "");
    this.status = status;
    this.reason = typeof body?.reason === "string" ? body.reason : "";
    /** What is wrong with which entry of a form, in words. @type {Record<string, string> | null} */
    this.problems = body?.problems ?? null;
    this.values = /** @type {Record<string, string | number>} */ (body?.values ?? {});
  }

  /** Return the sentence for people. @param {import("./texts.js").Words} words */
  sentence(words) {
    if (this.reason && words.has(this.reason)) return words.say(this.reason, this.values);
    return this.message || words.say("refused.unknown", { key: this.reason || this.status });
  }
}

/** @param {string} address @param {RequestInit} options @returns {Promise<any>} */
async function ask(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options });
  setBy(answer.headers);
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused(answer.status, body);
  return body;
}

/** @param {string} address */
export function get(address) {
  return ask(address, { headers: { Accept: "application/json" } });
}

/** @param {string} address @param {object} [body] */
export function post(address, body = {}) {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Return the address of a WebSocket on this server. @param {string} path */
export function socketAddress(path) {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
