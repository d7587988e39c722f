// @ts-check
/** A module that fails when it hears something. */

/** @param {any} ui */
export default function activate(ui) {
  ui.toolbar.button({ menu: "tools", label: "Faulty tool", icon: "warn", onPress() {} });
  ui.channel("talk").on("line", () => {
    throw new Error("this module always fails");
  });
}
