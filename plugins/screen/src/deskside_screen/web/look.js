// @ts-check
/** What of the customer's desktop looks another way while somebody looks, in the View menu. */

/** @param {any} ui */
export function lookMenu(ui) {
  const channel = ui.channel("look");
  const isOn = { wallpaper: false, outline: false };
  /** @param {"wallpaper" | "outline"} look @param {string} feature */
  const add = (look, feature) =>
    ui.toolbar.button({
      menu: "view", icon: "screen", feature, label: ui.text(`screen.look.${look}`), pressed: false, disabled: true,
      onPress: () => channel.send("choose_look", { look, is_on: !isOn[look] }),
    });
  const buttons = { wallpaper: add("wallpaper", "remove_wallpaper"), outline: add("outline", "outline_moves") };
  channel.on("look_now", (/** @type {{wallpaper: boolean, outline: boolean}} */ now) => {
    Object.assign(isOn, now);
    for (const look of /** @type {const} */ (["wallpaper", "outline"])) buttons[look].set({ pressed: isOn[look], disabled: false });
  });
  channel.onReset(() => channel.send("want_look", {}));
}
