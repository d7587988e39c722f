// A page for tests: what `ui` gives to a module, with the far end in the test's own process.
import activate from "/web/agent.js";
import { icon } from "/stub/icon.js";

const texts = await (await fetch("/texts.json")).json();
const options = await (await fetch("/options.json")).json();
const handlers = new Map();
const resets = [];
const off = new URLSearchParams(location.search).getAll("off");
const watchers = new Map();
const turned = new Map(off.map((key) => [key, { state: "refused", gate: "group", reason: "Your administrator has switched it off." }]));
const featureOf = (key) => turned.get(key) ?? { state: "ready", gate: "", reason: "" };
window.turn = (key, now) => {
  turned.set(key, now);
  (watchers.get(key) ?? []).forEach((fn) => fn(now));
};
window.notes = [];

const encoded = (value) => JSON.stringify(value, (_, one) => (one instanceof Uint8Array ? { $bytes: toText(one) } : one));
const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const decoded = (text) =>
  JSON.parse(text, (_, one) => (one?.$bytes === undefined ? one : Uint8Array.from(atob(one.$bytes), (c) => c.charCodeAt(0))));

let line = Promise.resolve();
window.deliver = (text) => {
  for (const [channel, type, fields] of decoded(text)) {
    line = line.then(() => Promise.allSettled((handlers.get(`${channel} ${type}`) ?? []).map((fn) => fn(fields))));
  }
  return line;
};
window.reset = () => resets.forEach((fn) => fn());

const say = (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (found, name) => values[name] ?? found);
const channel = (name) => ({
  async send(type, fields) {
    const answer = await window.host(name, type, encoded(fields));
    if (answer === "stall") await new Promise(() => {});
    void window.deliver(answer);
  },
  on(type, fn) {
    const key = `${name} ${type}`;
    handlers.set(key, [...(handlers.get(key) ?? []), fn]);
    return { dispose() {} };
  },
  onReset(fn) {
    resets.push(fn);
    queueMicrotask(fn);
    return { dispose() {} };
  },
});

const element = document.querySelector("#panel");
activate({
  channel,
  options,
  text: say,
  me: { id: 1, name: "Lee Jun", role: "agent" },
  feature: featureOf,
  onFeature: (key, fn) => {
    watchers.set(key, [...(watchers.get(key) ?? []), fn]);
    fn(featureOf(key));
  },
  toolbar: { button: (given) => ((window.tool = given), { set() {}, dispose() {} }) },
  panel: () => ({ element, open() {}, close() {}, isOpen: true, onOpen() {}, badge: (n) => (window.badge = n), dispose() {} }),
  notify: (text) => window.notes.push(text),
  announce: (text) => window.notes.push(text),
  icon,
  dispose() {},
});
window.isReady = true;
