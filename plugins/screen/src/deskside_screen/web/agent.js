// @ts-check
/** The customer's screen on the session page. */

import { fitsPage } from "./checks.js";
import { cursorOver } from "./cursor.js";
import { Meter } from "./meter.js";
import { lookMenu } from "./look.js";
import { monitorMenu } from "./monitors.js";
import { brushFor } from "./paper.js";
import { qualityControl } from "./quality.js";
import { veilOver } from "./veil.js";
import { expectPictures } from "./waiting.js";

const SEE = "screen.view";
const RESUME = "screen.resume";

/** @param {any} ui */
export default function activate(ui) {
  if (!ui.stage) return;
  addStyle(ui);
  const view = ui.channel("view");
  showPictures(ui, view);
  expectPictures(ui, SEE);
  showCursor(ui);
  if (ui.me.role === "agent") lookMenu(ui);

  const resume = ui.channel("resume");
  const isAgent = ui.me.role === "agent";
  const menu = monitorMenu(ui, (number) => isAgent && view.send("choose_monitor", { number }));
  const quality = qualityControl(ui, (wish) => isAgent && view.send("choose_picture", wish));
  const veil = veilOver(ui, () => resume.send("ask_resume", {}));
  ui.onFeature(SEE, (/** @type {{isPaused: boolean}} */ now) => veil.show(now.isPaused === true));
  ui.onFeature(RESUME, (/** @type {{state: string}} */ now) => veil.allow(isAgent && now.state === "ready"));
  view.on("monitors", (/** @type {any} */ fields) => menu.show(fields));
  view.on("picture_now", (/** @type {any} */ fields) => quality.show(fields));
  resume.on("answered", (/** @type {{is_resumed: boolean, reason: string}} */ fields) => {
    veil.again();
    if (!fields.is_resumed) ui.notify(ui.text(fields.reason), { kind: "warn" });
  });
  view.onReset(() => view.send("want_state", {}));
}

/** @param {any} ui @param {any} view */
function showPictures(ui, view) {
  const canvas = document.createElement("canvas");
  const brush = brushFor(canvas, videoFor(view));
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

  frames.on("frame", async (/** @type {{width: number, height: number, scale?: number}} */ { width, height, scale = 1 }) => {
    const size = { width: Math.ceil(width / scale), height: Math.ceil(height / scale) };
    const failed = brush.begin(size.width, size.height);
    if (fitsPage(size)) {
      if (isMounted) ui.stage.setSize(width, height);
      else ui.stage.mount(canvas, { width, height });
      isMounted = true;
    }
    check(await failed);
  });
  frames.on("tiles", async (/** @type {{pieces: import("./painter.js").Piece[], is_last: boolean, host_ms: number}} */ fields) => {
    const began = performance.now();
    const bytes = fields.pieces.reduce((sum, piece) => sum + piece.data.length, 0);
    check(await brush.paint(fields.pieces, fields.is_last));
    meter.add(bytes, fields.is_last, fields.host_ms, performance.now() - began);
  });
}

/** Return what tells the host which video this page can decode. @param {any} view @returns {import("./paper.js").Tell} */
function videoFor(view) {
  /** @type {string[]} */
  let codecs = [];
  view.onReset(() => codecs.length && view.send("decodes", { codecs }));
  return (news) => {
    if ("wantsKey" in news) return view.send("want_key", {});
    ({ codecs } = news);
    return view.send("decodes", { codecs });
  };
}

/** @param {any} ui */
function showCursor(ui) {
  const cursor = cursorOver(ui);
  const channel = ui.channel("cursor");
  channel.on("cursor_shape", (/** @type {any} */ fields) => cursor.shape(fields));
  channel.on("cursor_moved", (/** @type {any} */ fields) => cursor.moved(fields));
  channel.onReset(() => channel.send("want_cursor", {}));
}

/** @param {any} ui */
function addStyle(ui) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${ui.home}screen.css`;
  document.head.append(link);
  ui.dispose(() => link.remove());
}
