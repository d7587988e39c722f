// @ts-check
/** The customer's screen on the session page. */

import { fitsPage } from "./checks.js";
import { Meter } from "./meter.js";
import { monitorMenu } from "./monitors.js";
import { brushFor } from "./paper.js";
import { veilOver } from "./veil.js";

const SEE = "screen.view";
const RESUME = "screen.resume";

/** @param {any} ui */
export default function activate(ui) {
  if (!ui.stage) return;
  addStyle(ui);
  showPictures(ui);

  const view = ui.channel("view");
  const resume = ui.channel("resume");
  const isAgent = ui.me.role === "agent";
  const menu = monitorMenu(ui, (number) => isAgent && view.send("choose_monitor", { number }));
  const veil = veilOver(ui, () => resume.send("ask_resume", {}));
  ui.onFeature(SEE, (/** @type {{isPaused: boolean}} */ now) => veil.show(now.isPaused === true));
  ui.onFeature(RESUME, (/** @type {{state: string}} */ now) => veil.allow(isAgent && now.state === "ready"));
  view.on("monitors", (/** @type {any} */ fields) => menu.show(fields));
  resume.on("answered", (/** @type {{is_resumed: boolean, reason: string}} */ fields) => {
    veil.again();
    if (!fields.is_resumed) ui.notify(ui.text(fields.reason), { kind: "warn" });
  });
  view.onReset(() => view.send("want_state", {}));
}

/** @param {any} ui */
function showPictures(ui) {
  const canvas = document.createElement("canvas");
  const brush = brushFor(canvas);
  const meter = new Meter(ui);
  const frames = ui.channel("frames");
  let isMounted = false;
  ui.dispose(() => brush.end());

  let isTold = false;
  /** @param {number} failed */
  const check = (failed) => {
    if (!failed || isTold) return;
    isTold = true;
    ui.notify(ui.text("screen.broken"), { kind: "warn" });
  };

  frames.on("frame", async (/** @type {{width: number, height: number}} */ { width, height }) => {
    const failed = brush.begin(width, height);
    if (fitsPage({ width, height })) {
      if (isMounted) ui.stage.setSize(width, height);
      else ui.stage.mount(canvas, { width, height });
      isMounted = true;
    }
    check(await failed);
  });
  frames.on("tiles", async (/** @type {{pieces: import("./painter.js").Piece[], is_last: boolean, host_ms: number}} */ fields) => {
    const began = performance.now();
    const bytes = fields.pieces.reduce((sum, piece) => sum + piece.data.length, 0);
    check(await brush.paint(fields.pieces));
    meter.add(bytes, fields.is_last, fields.host_ms + performance.now() - began);
  });
}

/** @param {any} ui */
function addStyle(ui) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${ui.home}screen.css`;
  document.head.append(link);
  ui.dispose(() => link.remove());
}
