// A page that stands in for the session page: it writes down what the module sends.
import activate from "/web/agent.js";

const handlers = {};
const listeners = { people: [], features: {}, focus: [] };
const state = {
  "control.mouse": { state: "ask", reason: "" },
  "control.keyboard": { state: "ask", reason: "" },
  "control.secure_attention": { state: "on", reason: "" },
  "control.auto_start": { state: location.hash === "#auto" ? "on" : "refused", reason: "" },
};
const it = {
  sent: [], asked: [], notified: [], shown: [], buttons: {}, status: "", disposed: [], left: 0,
  answer: { granted: true, keys: ["control.mouse", "control.keyboard"], reason: "" },
  holdBack: false,
  waiting: [],
  receive: (type, fields = {}) => handlers[type](fields, {}),
  feature: (key, now) => {
    state[key] = now;
    for (const listener of listeners.features[key] ?? []) listener(now);
  },
};
window.it = it;

const element = document.getElementById("stage");
const disposable = { dispose: () => {} };
it.ui = {
  me: { id: 1, name: "Lee Jun", role: "agent" },
  people: [{ id: 1, name: "Lee Jun", role: "agent", present: true }, { id: 2, name: "Park", role: "agent", present: true }],
  options: {},
  text: (key, values = {}) => [key, ...Object.values(values)].join(" "),
  channel: () => ({
    send: (type, fields) => {
      it.sent.push([type, fields]);
      return it.holdBack ? new Promise((resolve) => it.waiting.push(resolve)) : Promise.resolve();
    },
    on: (type, handler) => {
      handlers[type] = handler;
      return disposable;
    },
    onReset: (handler) => {
      handler();
      return disposable;
    },
  }),
  feature: (key) => state[key],
  onFeature: (key, handler) => {
    (listeners.features[key] ??= []).push(handler);
    handler(state[key]);
    return disposable;
  },
  onPeople: () => disposable,
  request: async (keys) => {
    it.asked.push(keys);
    return it.answer;
  },
  toolbar: {
    button: (options) => {
      it.buttons[options.label] = { ...options };
      return { set: (change) => Object.assign(it.buttons[options.label], change), dispose: () => {} };
    },
  },
  status: { item: () => ({ set: (text) => (it.status = text), dispose: () => {} }) },
  stage: {
    element,
    // The picture has 1600x1200 pixels and is shown at half its size.
    toScreen: (clientX, clientY) => {
      const { left, top } = element.getBoundingClientRect();
      const [x, y] = [(clientX - left) * 2, (clientY - top) * 2];
      return x >= 0 && y >= 0 && x < 1600 && y < 1200 ? { x: Math.floor(x), y: Math.floor(y) } : null;
    },
    geometry: () => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { scale: 0.5, x: left, y: top, width, height };
    },
    onFocus: (handler) => listeners.focus.push(handler),
  },
  notify: (text) => {
    it.notified.push(text);
    it.shown.push(text);
    return { dispose: () => it.shown.splice(it.shown.indexOf(text), 1) };
  },
  announce: () => {},
  dispose: (handler) => it.disposed.push(handler),
};
activate(it.ui);
window.isReady = true;
