// @ts-check
/** @param {any} ui */
export default function activate(ui) {
  ui.part({ id: "today", title: ui.text("greeter.console") }).textContent = ui.text("greeter.console.body");
}
