// @ts-check
/** @param {any} ui */
export default function activate(ui) {
  ui.notify(ui.text("greeter.guest"), { kind: "warn" });
}
