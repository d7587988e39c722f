// @ts-check
/** A short sound for lines of others, and the reader's own switch for it. */

const KEPT = "deskside.chat.sound";
const OFF = "off";
const REST_MS = 1000;
const LOUDNESS = 0.12;
/** Two tones, one after the other: hertz, and where each begins, in seconds. */
const TONES = [[660, 0], [880, 0.11]];
const TONE_S = 0.16;

export class Sound {
  /** @type {AudioContext | null} */
  #context = null;
  #last = -Infinity;

  /** @param {any} ui */
  constructor(ui) {
    this.ui = ui;
    this.isOn = localStorage.getItem(KEPT) !== OFF;
    ui.dispose(() => void this.#context?.close());
  }

  /** True where the group wants messages to be heard. */
  get isWanted() {
    return this.ui.feature("chat.sound").state === "on";
  }

  /** @param {boolean} isOn the reader's own choice, kept in this browser */
  turn(isOn) {
    this.isOn = isOn;
    localStorage.setItem(KEPT, isOn ? "on" : OFF);
  }

  /** Play it, once for lines that come at the same time. */
  play() {
    const now = performance.now();
    if (!this.isOn || !this.isWanted || now - this.#last < REST_MS) return;
    this.#last = now;
    const context = (this.#context ??= new AudioContext());
    // Browsers keep a page silent until somebody has used it; what comes before is not made up for later.
    if (context.state !== "running") void context.resume();
    for (const [hertz, start] of TONES) tone(context, hertz, context.currentTime + start);
  }
}

/** @param {AudioContext} context @param {number} hertz @param {number} at */
function tone(context, hertz, at) {
  const source = new OscillatorNode(context, { frequency: hertz });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  gain.gain.exponentialRampToValueAtTime(0.001, at + TONE_S);
  source.connect(gain).connect(context.destination);
  source.start(at);
  source.stop(at + TONE_S);
}

/** The switch: shown where messages are heard at all. @param {any} ui @param {Sound} sound */
export function makeSwitch(ui, sound) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = ui.text("chat.sound.switch");
  const draw = () => {
    button.hidden = !sound.isWanted;
    button.setAttribute("aria-pressed", String(sound.isOn));
  };
  button.addEventListener("click", () => {
    sound.turn(!sound.isOn);
    if (sound.isOn) sound.play();
    draw();
  });
  ui.onFeature("chat.sound", draw);
  draw();
  return button;
}
