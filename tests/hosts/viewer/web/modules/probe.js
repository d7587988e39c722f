// @ts-check
/** A module that notes everything; tests read and drive it through `window.probe`. */

/** @param {any} ui */
export default function activate(ui) {
  const notes = /** @type {any} */ (window).probe ?? { heard: {}, resets: [], activations: 0, disposed: 0, frames: [], everything: [] };
  notes.activations += 1;
  notes.ui = ui;
  notes.channels = {};
  for (const name of ["talk", "bulk", "far", "far_bulk"]) {
    const channel = ui.channel(name);
    notes.channels[name] = channel;
    notes.heard[name] = [];
    channel.on("line", (/** @type {any} */ line) => notes.heard[name].push(line.number));
    channel.onReset(() => {
      notes.resets.push(name);
      channel.send("wish", {});
    });
  }
  notes.channels.kinds = ui.channel("kinds");
  notes.channels.kinds.on("everything", (/** @type {any} */ fields) => {
    notes.everything.push(fields);
    notes.channels.kinds.send("everything", fields);
  });
  ui.channel("film").on("line", (/** @type {any} */ line, /** @type {any} */ info) => {
    notes.frames.push({ number: line.number, refresh: info.refresh });
    return new Promise((resolve) => setTimeout(resolve, 1));
  });
  ui.dispose(() => (notes.disposed += 1));
  /** @type {any} */ (window).probe = notes;
}
