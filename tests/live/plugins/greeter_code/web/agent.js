// @ts-check
/** @param {any} ui */
export default function activate(ui) {
  const waves = ui.channel("waves");
  const talk = ui.channel("talk");
  const status = ui.status.item({ id: "values" });
  ui.toolbar.button({
    menu: "tools",
    label: ui.text("greeter.menu"),
    feature: "wave",
    shortcut: "Ctrl+Win+G",
    onPress: async () => {
      const outcome = ui.feature("wave").state === "on" ? { granted: true } : await ui.request("wave");
      if (!outcome.granted) return ui.notify(outcome.reason, { kind: "warn" });
      return waves.send("wave", { text: "good morning" });
    },
  });
  waves.on("waved_back", (/** @type {any} */ { times }) => ui.notify(ui.text("greeter.came_back", { times })));
  talk.on("told", (/** @type {any} */ { text }) => status.set(text));
  const nod = ui.status.item({ id: "nod" });
  ui.onFeature("nod", (/** @type {any} */ { state, reason }) => nod.set(`Nodding: ${state} ${reason}`));
  talk.onReset(() => talk.send("ask"));
}
