// @ts-check
/**
 * The agent's mouse over the picture: moves once per frame, every button and wheel notch at once.
 *
 * @typedef {{send: (type: string, fields: object) => Promise<unknown>, modifiers: (event: MouseEvent) => string[],
 *   pressed: (clientX: number, clientY: number) => void}} Ports
 * @typedef {{x: number, y: number}} Place
 */

/** Bits of `buttons` in the order of `button`: left, middle, right, back, forward. */
const BITS = [1, 4, 2, 8, 16];
const NOTCH = [100, 3, 1];
const MOST_NOTCHES = 20;

/** Which buttons went down or up. @param {number} before @param {number} now */
export function changes(before, now) {
  return BITS.flatMap((bit, button) => ((before ^ now) & bit ? [{ button, is_down: (now & bit) !== 0 }] : []));
}

export class Mouse {
  #isOn = false;
  #buttons = 0;
  /** @type {Place | null} */
  #next = null;
  /** @type {Place} */
  #last = { x: 0, y: 0 };
  #isDue = false;
  #rest = { right: 0, down: 0 };
  #life = new AbortController();

  /** @param {any} stage @param {Ports} ports */
  constructor(stage, ports) {
    this.stage = stage;
    this.ports = ports;
    /** @type {[string, (event: any) => void][]} */
    const listeners = [
      ["pointerdown", (event) => this.#moved(event)],
      ["pointermove", (event) => this.#moved(event)],
      ["pointerup", (event) => this.#moved(event)],
      ["pointercancel", () => this.#release()],
      ["wheel", (event) => this.#turned(event)],
      ["contextmenu", (event) => this.#isOurs(event) && event.preventDefault()],
      ["mousedown", (event) => this.#isOurs(event) && event.preventDefault()],
      ["dragstart", (event) => this.#isOurs(event) && event.preventDefault()],
    ];
    const { signal } = this.#life;
    for (const [name, listener] of listeners) stage.element.addEventListener(name, listener, { signal, passive: false });
    addEventListener("blur", () => this.#release(), { signal });
  }

  get holds() {
    return this.#buttons !== 0;
  }

  get isOn() {
    return this.#isOn;
  }

  set isOn(isOn) {
    if (this.#isOn && !isOn) this.forget();
    this.#isOn = isOn;
  }

  /** The far side has let go by itself. */
  forget() {
    this.#buttons = 0;
    this.#next = null;
  }

  dispose() {
    this.#release();
    this.#life.abort();
  }

  /** What lies over the picture and takes the mouse, keeps it. @param {Event} event */
  #isOurs(event) {
    return this.#isOn && !(event.target instanceof Element && event.target.closest(".overlay"));
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    if (!this.#isOurs(event) && !this.holds) return;
    if (!this.#isOn) return;
    const inside = this.stage.toScreen(event.clientX, event.clientY);
    const place = inside ?? (this.holds ? this.#nearest(event) : null);
    if (!place) return;
    this.#last = place;
    const turned = changes(this.#buttons, event.buttons);
    if (turned.length === 0) {
      this.#next = place;
      this.#schedule();
      return;
    }
    if (!this.holds) this.#begin(event);
    this.#buttons = event.buttons;
    this.#next = null;
    const modifiers = this.ports.modifiers(event);
    for (const one of turned) void this.ports.send("button_pressed", { ...one, ...place, modifiers });
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (this.stage.element.setPointerCapture && event.isTrusted) this.stage.element.setPointerCapture(event.pointerId);
    this.ports.pressed(event.clientX, event.clientY);
  }

  /** The pixel of the picture nearest to a place beside it. @param {MouseEvent} event @returns {Place | null} */
  #nearest(event) {
    const { x, y, width, height } = this.stage.geometry();
    const within = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ size) => Math.min(Math.max(value, low), low + size - 0.01);
    return this.stage.toScreen(within(event.clientX, x, width), within(event.clientY, y, height));
  }

  #schedule() {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => void this.#send());
  }

  async #send() {
    const place = this.#next;
    this.#next = null;
    if (place && this.#isOn) await this.ports.send("pointer_moved", place);
    this.#isDue = false;
    if (this.#next) this.#schedule();
  }

  /** @param {WheelEvent} event */
  #turned(event) {
    if (!this.#isOurs(event)) return;
    event.preventDefault();
    const place = this.stage.toScreen(event.clientX, event.clientY);
    if (!place) return;
    const notch = NOTCH[event.deltaMode] ?? NOTCH[0];
    this.#rest.right += event.deltaX / notch;
    this.#rest.down += event.deltaY / notch;
    const right = this.#take("right");
    const down = this.#take("down");
    if (right || down) void this.ports.send("wheel_turned", { ...place, right, down, modifiers: this.ports.modifiers(event) });
  }

  /** Take whole notches and keep the rest. @param {"right" | "down"} way */
  #take(way) {
    const whole = Math.trunc(this.#rest[way]);
    this.#rest[way] -= whole;
    return Math.max(-MOST_NOTCHES, Math.min(MOST_NOTCHES, whole)) || 0;
  }

  #release() {
    if (!this.holds) return;
    const held = changes(this.#buttons, 0);
    this.#buttons = 0;
    if (!this.#isOn) return;
    for (const one of held) void this.ports.send("button_pressed", { ...one, ...this.#last, modifiers: [] });
  }
}
