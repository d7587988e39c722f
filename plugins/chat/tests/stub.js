// A page that stands in for the session page: it records what the module does and lets a test answer.
export function makeUi({ texts, me, features = {}, people = [] }) {
  const handlers = {};
  const resets = [];
  const panel = { onOpens: [], isOpen: false, badge: 0 };
  const ui = {
    sent: [],
    notices: [],
    announced: [],
    disposals: [],
    panelState: panel,
    me,
    people,
    options: {},
    text: (key, values = {}) => (texts[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all),
    channel: (name) => ({
      send: (type, fields) => (ui.sent.push([name, type, fields]), Promise.resolve()),
      on: (type, fn) => ((handlers[type] = fn), { dispose() {} }),
      onReset: (fn) => (resets.push(fn), fn(), { dispose() {} }),
    }),
    feature: (key) => features[key] ?? { state: "refused", reason: "" },
    onFeature: (key, fn) => (fn(ui.feature(key)), { dispose() {} }),
    onPeople: (fn) => ((ui.tellPeople = () => fn(ui.people)), { dispose() {} }),
    panel: ({ label }) => {
      const element = document.createElement("section");
      element.setAttribute("aria-label", label);
      element.style.cssText = "position: fixed; inset: 0 0 0 auto; width: 20rem; padding: 12px; background: var(--surface-1)";
      element.hidden = true;
      document.body.append(element);
      return {
        element,
        open: () => {
          panel.isOpen = true;
          element.hidden = false;
          panel.onOpens.forEach((fn) => fn());
        },
        close: () => {
          panel.isOpen = false;
          element.hidden = true;
        },
        get isOpen() {
          return panel.isOpen;
        },
        onOpen: (fn) => panel.onOpens.push(fn),
        badge: (count) => (panel.badge = count),
        dispose: () => element.remove(),
      };
    },
    notify: (text, { kind }) => ui.notices.push([kind, text]),
    announce: (text) => ui.announced.push(text),
    dispose: (fn) => ui.disposals.push(fn),
    receive: (type, fields) => handlers[type](fields, {}),
    reset: () => resets.forEach((fn) => fn()),
  };
  return ui;
}
