// @ts-check
/** The agent's palette while he draws. */

import { SHAPES } from "./ink.js";

const COLOURS = ["#d3302f", "#1e66d0", "#1f8a4c", "#e07b00", "#8a3fc2", "#111111"];
const WIDTHS = [3, 6, 12];
const MARGIN = 12;
const KEPT = ["pointerdown", "pointermove", "pointerup", "pointercancel", "mousedown", "click", "dblclick", "wheel", "contextmenu"];
const ICONS = { curve: "pencil", arrow: "arrow", line: "line", rectangle: "rectangle", circle: "ellipse" };

export class Tools {
  shape = "curve";
  /** Empty: the colour the viewer gave this agent. */
  colour = "";
  width = 6;
  ownColour = COLOURS[1];

  /**
   * @param {any} ui
   * @param {{undo: () => void, redo: () => void, reset: () => void, done: () => void}} act
   */
  constructor(ui, act) {
    this.ui = ui;
    this.element = document.createElement("div");
    this.element.className = "drawing-tools";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", ui.text("drawing.tools"));
    // It stands over the picture: what is done here is not meant for the customer's machine.
    for (const name of KEPT) this.element.addEventListener(name, (event) => event.stopPropagation());
    this.shapes = this.#group("drawing.shape", SHAPES.map((shape) => this.#shapeButton(shape)));
    this.colours = this.#group("drawing.colour", []);
    this.#group("drawing.width", WIDTHS.map((width) => this.#widthButton(width)));
    this.#drawColours();
    this.#group("drawing.tools", [
      this.#iconButton("undo", "undo", act.undo),
      this.#iconButton("redo", "redo", act.redo),
      this.#iconButton("reset", "trash", act.reset),
    ]);
    const done = document.createElement("button");
    done.type = "button";
    done.className = "primary";
    done.textContent = ui.text("drawing.done");
    done.addEventListener("click", act.done);
    this.element.append(done);
    ui.stage.onGeometry(() => this.#place());
  }

  /** At the lower edge of the picture's place, where it is out of the way of most that is drawn. */
  show() {
    this.ui.stage.element.append(this.element);
    this.#place();
  }

  hide() {
    this.element.remove();
  }

  #place() {
    const { left, bottom, width } = this.ui.stage.element.getBoundingClientRect();
    this.element.style.left = `${left + width / 2}px`;
    this.element.style.bottom = `${window.innerHeight - bottom + MARGIN}px`;
    this.element.style.maxWidth = `${width - 2 * MARGIN}px`;
  }

  /** @param {string} colour */
  setOwnColour(colour) {
    this.ownColour = colour;
    this.#drawColours();
  }

  /** Own colour first, then the others. */
  #drawColours() {
    const others = COLOURS.filter((one) => one !== this.ownColour);
    const buttons = ["", ...others].map((colour, at) => {
      const button = this.#choice(this.ui.text("drawing.colour.number", { number: at + 1 }), this.colour === colour, () => {
        this.colour = colour;
      });
      const dot = document.createElement("span");
      dot.className = "drawing-dot";
      dot.style.background = colour || this.ownColour;
      button.append(dot);
      return button;
    });
    this.colours.replaceChildren(...buttons);
  }

  /** @param {string} key @param {HTMLElement[]} buttons */
  #group(key, buttons) {
    const group = document.createElement("div");
    group.className = "drawing-group";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.ui.text(key));
    group.append(...buttons);
    this.element.append(group);
    return group;
  }

  /** @param {string} shape */
  #shapeButton(shape) {
    const button = this.#choice(this.ui.text(`drawing.${shape}`), shape === this.shape, () => {
      this.shape = shape;
    });
    button.append(this.ui.icon(ICONS[/** @type {keyof typeof ICONS} */ (shape)]));
    return button;
  }

  /** @param {number} width */
  #widthButton(width) {
    const button = this.#choice(this.ui.text("drawing.width.pixels", { pixels: width }), width === this.width, () => {
      this.width = width;
    });
    const line = document.createElement("span");
    line.className = "drawing-width";
    line.style.height = `${width}px`;
    button.append(line);
    return button;
  }

  /** @param {string} label @param {boolean} isChosen @param {() => void} choose */
  #choice(label, isChosen, choose) {
    const button = this.#button(label, () => {
      choose();
      for (const one of button.parentElement?.children ?? []) one.setAttribute("aria-pressed", String(one === button));
    });
    button.setAttribute("aria-pressed", String(isChosen));
    return button;
  }

  /** @param {string} key @param {string} icon @param {() => void} press */
  #iconButton(key, icon, press) {
    const button = this.#button(this.ui.text(`drawing.${key}`), press);
    button.append(this.ui.icon(icon));
    return button;
  }

  /** @param {string} label @param {() => void} press */
  #button(label, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", press);
    return button;
  }
}
