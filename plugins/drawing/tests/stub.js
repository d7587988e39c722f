// A page that stands in for the session page: a picture of the customer's screen at some scale and place.
export function makeUi({ texts, me, features, answer = true, scale = 0.5, left = 40, top = 60, width = 1280, height = 800 }) {
  const handlers = {};
  const resets = [];
  const watching = {};
  const geometry = { scale, x: left, y: top, width: width * scale, height: height * scale };
  const listeners = [];
  const around = document.createElement("div");
  around.style.cssText = "position: fixed; inset: 0";
  around.id = "stage";
  around.tabIndex = 0;
  const stage = document.createElement("section");
  stage.setAttribute("aria-label", "The customer's screen");
  const place = () => {
    stage.style.cssText = `position: fixed; background: white; left: ${left}px; top: ${top}px;
      width: ${geometry.width}px; height: ${geometry.height}px`;
  };
  place();
  document.querySelector("main").append(around);
  around.append(stage);
  const ui = {
    sent: [],
    notices: [],
    announced: [],
    requests: [],
    disposals: [],
    button: {},
    me,
    options: {},
    text: (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all),
    icon: () => document.createElementNS("http://www.w3.org/2000/svg", "svg"),
    channel: () => ({
      send: (type, fields) => (ui.sent.push([type, fields]), Promise.resolve()),
      on: (type, fn) => ((handlers[type] = fn), { dispose() {} }),
      onReset: (fn) => (resets.push(fn), fn(), { dispose() {} }),
    }),
    feature: (key) => features[key],
    onFeature: (key, fn) => ((watching[key] ??= []).push(fn), fn(features[key]), { dispose() {} }),
    tellFeature: (key, now) => ((features[key] = now), watching[key].forEach((fn) => fn(now))),
    request: (keys) => {
      ui.requests.push(keys);
      if (answer) ui.tellFeature(keys[0], { state: "on", reason: "" });
      return Promise.resolve({ granted: answer, keys, reason: answer ? "" : "The customer said no." });
    },
    toolbar: {
      button: (options) => {
        Object.assign(ui.button, options);
        return { set: (change) => Object.assign(ui.button, change), dispose() {} };
      },
    },
    stage: {
      element: around,
      geometry: () => ({ ...geometry }),
      onGeometry: (fn) => (listeners.push(fn), fn(geometry), { dispose() {} }),
      toScreen: (x, y) => {
        const found = { x: Math.floor((x - left) / geometry.scale), y: Math.floor((y - top) / geometry.scale) };
        return found.x >= 0 && found.y >= 0 && found.x < width && found.y < height ? found : null;
      },
      focus: () => around.focus(),
      overlay: (element) => (stage.append(element), { dispose: () => element.remove() }),
    },
    setScale: (now) => {
      Object.assign(geometry, { scale: now, width: width * now, height: height * now });
      place();
      listeners.forEach((fn) => fn(geometry));
    },
    notify: (text, { kind }) => ui.notices.push([kind, text]),
    announce: (text) => ui.announced.push(text),
    dispose: (fn) => ui.disposals.push(fn),
    receive: (type, fields) => handlers[type](fields, {}),
    reset: () => resets.forEach((fn) => fn()),
  };
  return ui;
}
