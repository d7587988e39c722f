// @ts-check
/**
 * The customer's monitors in the View menu.
 * @typedef {{number: number, name: string, left: number, top: number, width: number, height: number}} Monitor
 */

const ALL = 0;

/** @param {any} ui @param {(number: number) => void} choose */
export function monitorMenu(ui, choose) {
  /** @type {Monitor[]} */
  let monitors = [];
  let shown = ALL;
  /** The one chosen last, which may not be shown yet. */
  let aimed = ALL;
  /** @type {{number: number, button: any}[]} */
  let items = [];
  const item = ui.status.item({ id: "monitor", order: 30 });

  /** @param {Monitor} monitor */
  const label = ({ number, name, width, height }) =>
    ui.text(name ? "screen.monitor.named" : "screen.monitor", { number, name, width, height });
  const choices = () => [...monitors.map((one) => ({ number: one.number, label: label(one) })), { number: ALL, label: ui.text("screen.monitor.all") }];

  /** @param {number} by */
  const step = (by) => {
    const numbers = monitors.map((one) => one.number);
    const at = numbers.indexOf(aimed);
    const from = at < 0 && by < 0 ? 0 : at;
    aimed = numbers[(from + by + numbers.length) % numbers.length];
    choose(aimed);
  };
  const pick = async () => {
    const buttons = choices().map((one) => ({ label: one.label, value: String(one.number), primary: one.number === shown }));
    const body = document.createElement("p");
    body.textContent = ui.text("screen.monitor.which");
    const value = await ui.dialog({ title: ui.text("screen.monitor.choose"), body, buttons });
    if (value !== null) choose(Number(value));
  };

  /** @param {object} options */
  const button = (options) => ui.toolbar.button({ menu: "view", icon: "monitor", feature: "screen.view", ...options });
  const rebuild = () => {
    for (const one of items) one.button.dispose();
    items = [];
    if (monitors.length < 2) return;
    const add = (/** @type {number} */ number, /** @type {object} */ options) => items.push({ number, button: button(options) });
    add(-1, { label: ui.text("screen.monitor.choose"), shortcut: "Ctrl+Win+W", onPress: pick });
    add(-1, { label: ui.text("screen.monitor.next"), shortcut: "Ctrl+Win+Right", onPress: () => step(1) });
    add(-1, { label: ui.text("screen.monitor.previous"), shortcut: "Ctrl+Win+Left", onPress: () => step(-1) });
    for (const one of choices()) add(one.number, { label: one.label, onPress: () => choose(one.number) });
  };
  const mark = () => {
    for (const one of items) if (one.number >= ALL) one.button.set({ pressed: one.number === shown });
    const text = shown === ALL ? ui.text("screen.monitor.all") : ui.text("screen.monitor.of", { number: shown, count: monitors.length });
    item.set(monitors.length > 1 ? text : "");
  };

  return {
    /** @param {{shown: number, monitors: Monitor[]}} fields */
    show(fields) {
      const isNew = JSON.stringify(fields.monitors) !== JSON.stringify(monitors);
      ({ shown, monitors } = fields);
      aimed = shown;
      if (isNew) rebuild();
      mark();
    },
  };
}
