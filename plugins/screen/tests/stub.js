// @ts-check
/** A page that hands the plugin's module a stub `ui`; tests reach it through `window.stub`. */

import activate from "/web/agent.js";

/** @type {Map<string, ((fields: any, info: any) => any)[]>} */
const handlers = new Map();
const stub = {
  /** @type {any[]} */
  sent: [],
  /** @type {string[]} */
  said: [],
  /** @type {Record<string, string>} */
  status: {},
  trips: { ownMs: -1, lineMs: -1, serverMs: 0 },
  /** @type {any[]} */
  buttons: [],
  /** @type {any} */
  size: null,
  /** @type {Record<string, (now: any) => void>} */
  features: {},
  /** @param {string} channel @param {string} type @param {any} fields */
  give: (channel, type, fields) =>
    Promise.all((handlers.get(`${channel} ${type}`) ?? []).map((fn) => fn(fields, { refresh: type === "frame", backlogBytes: 0, size: 0 }))),
  /** @param {{x: number, y: number, width: number, height: number, packing: string, data: string}[]} pieces */
  tiles: (pieces) =>
    stub.give("frames", "tiles", {
      sequence: 1,
      is_last: true,
      host_ms: 1,
      pieces: pieces.map((piece) => ({ ...piece, data: Uint8Array.from(atob(piece.data), (one) => one.charCodeAt(0)) })),
    }),
  /** The canvas's pixels, red green blue, in base64. */
  pixels() {
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector("canvas"));
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [stub.size.width, stub.size.height];
    const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d", { alpha: false }));
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let text = "";
    for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(data[at], data[at + 1], data[at + 2]);
    return btoa(text);
  },
};
Object.assign(window, { stub });

const nothing = { dispose() {} };
activate({
  me: { id: 1, name: "Lee Jun", role: new URLSearchParams(location.search).get("role") ?? "agent" },
  home: "/web/",
  text: (/** @type {string} */ key, /** @type {any} */ values = {}) => [key, ...Object.values(values)].join(" "),
  icon: () => document.createElement("span"),
  channel: (/** @type {string} */ name) => ({
    on(/** @type {string} */ type, /** @type {any} */ fn) {
      handlers.set(`${name} ${type}`, [...(handlers.get(`${name} ${type}`) ?? []), fn]);
      return nothing;
    },
    send: async (/** @type {string} */ type, /** @type {any} */ fields) => void stub.sent.push([name, type, fields]),
    onReset: (/** @type {() => void} */ fn) => (queueMicrotask(fn), nothing),
  }),
  onFeature(/** @type {string} */ key, /** @type {any} */ fn) {
    const before = stub.features[key];
    stub.features[key] = (now) => (before?.(now), fn(now));
    fn({ state: key === "screen.view" ? "on" : "ready", reason: "", isPaused: false });
    return nothing;
  },
  stage: {
    mount: (/** @type {HTMLElement} */ canvas, /** @type {any} */ size) => {
      document.getElementById("stage")?.replaceChildren(canvas);
      stub.size = size;
      return nothing;
    },
    setSize: (/** @type {number} */ width, /** @type {number} */ height) => void (stub.size = { width, height }),
    element: document.createElement("section"),
    onGeometry: (/** @type {(now: {scale: number}) => void} */ fn) => (fn({ scale: 1 }), nothing),
    overlay: (/** @type {Element} */ element) => (document.getElementById("overlays")?.append(element), nothing),
  },
  get trips() {
    return stub.trips;
  },
  status: { item: (/** @type {{id: string}} */ { id }) => ({ set: (/** @type {string} */ text) => void (stub.status[id] = text), ...nothing }) },
  toolbar: {
    button(/** @type {any} */ options) {
      const button = { ...options, set: (/** @type {any} */ more) => Object.assign(button, more), dispose: () => void (stub.buttons = stub.buttons.filter((one) => one !== button)) };
      stub.buttons.push(button);
      return button;
    },
  },
  dialog(/** @type {any} */ { body, buttons }) {
    if (buttons.length) return Promise.resolve(buttons[0].value);
    document.body.append(body);
    return new Promise(() => undefined);
  },
  notify: (/** @type {string} */ text) => void stub.said.push(text),
  announce: (/** @type {string} */ text) => void stub.said.push(text),
  dispose() {},
});
