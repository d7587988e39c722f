// @ts-check
/** Says so where the customer's machine is to send pictures and none begins: it may never come. */

export const PATIENCE_MS = 10_000;

/** @param {any} ui @param {string} feature */
export function expectPictures(ui, feature) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  ui.onFeature(feature, (/** @type {{state: string, isPaused: boolean}} */ now) => {
    stop();
    if (now.state !== "on" || now.isPaused) return;
    timer = window.setTimeout(() => ui.notify(ui.text("screen.waiting"), { kind: "warn" }), PATIENCE_MS);
  });
  ui.channel("frames").on("frame", stop);
  ui.dispose(stop);
}
