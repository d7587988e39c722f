// @ts-check
/**
 * The agent's control of how the picture is made: one in plain words, and the parts of it one by one.
 * @typedef {{network: string, detection: string, colours: string, scale: number, quality: number}} Making
 * @typedef {keyof Making} Part
 */

/** From the fastest to the best. @type {Partial<Making>[]} */
export const STEPS = [
  { network: "normal", colours: "bits8", scale: 2 },
  { network: "normal", colours: "true", scale: 2, quality: 60 },
  { network: "normal", colours: "bits16", scale: 1 },
  { network: "normal", colours: "true", scale: 1, quality: 80 },
  { network: "normal", colours: "true", scale: 1, quality: 95 },
];
const BEST = STEPS.length;
const BEST_FROM = 90;
/** @type {Record<string, (string | number)[]>} */
const CHOICES = { network: ["normal", "fast"], detection: ["fast", "graphics"], colours: ["true", "bits16", "bits8", "grey"], scale: [1, 2] };
const LEAST_QUALITY = 30;
const BEST_QUALITY = 95;

/** Return the step that is in force, 0 if it is a choice of the agent's own. @param {Making} now */
export function stepOf(now) {
  const fits = STEPS.findIndex((one) => one.network === now.network && one.colours === now.colours && one.scale === now.scale);
  return fits + 1 === BEST - 1 && now.quality >= BEST_FROM ? BEST : fits + 1;
}

/** Tell whether the quality of photos is anybody's choice now. @param {Making} now */
function hasQuality(now) {
  return now.network === "normal" && now.colours === "true";
}

/** @param {any} ui @param {(wish: Partial<Making>) => void} send  what is left out stays as it is */
export function qualityControl(ui, send) {
  const isAgent = ui.me.role === "agent";
  /** @type {Making | null} */
  let now = null;
  /** @type {((now: Making) => void) | null} */
  let draw = null;
  const words = (/** @type {number} */ step) => ui.text(step ? `screen.picture.step.${step}` : "screen.picture.own");

  const open = async () => {
    if (!now) return;
    const made = form(ui, isAgent, words, send);
    draw = made.draw;
    draw(now);
    await ui.dialog({ title: ui.text("screen.picture"), body: made.element, buttons: [] });
    if (draw === made.draw) draw = null;
  };
  const item = ui.toolbar.button({ menu: "view", label: ui.text("screen.picture"), icon: "settings", feature: "screen.view", onPress: open });
  return {
    /** @param {Making} fields */
    show(fields) {
      now = fields;
      item.set({ label: ui.text("screen.picture.now", { step: words(stepOf(fields)) }) });
      draw?.(fields);
    },
  };
}

/** @param {any} ui @param {boolean} isAgent @param {(step: number) => string} words @param {(wish: Partial<Making>) => void} send */
function form(ui, isAgent, words, send) {
  const element = document.createElement("div");
  element.className = "screen-quality";
  const parts = [stepPart(ui, words, send), ...Object.keys(CHOICES).map((name) => choicePart(ui, name, send)), qualityPart(ui, send)];
  const [first, ...rest] = parts.map((one) => one.element);
  const more = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = ui.text("screen.picture.more");
  more.append(summary, ...rest, paragraph(ui.text("screen.picture.sent")));
  element.append(first, more);
  if (!isAgent) element.prepend(paragraph(ui.text("screen.picture.agents")));
  return {
    element,
    /** @param {Making} now */
    draw(now) {
      for (const one of parts) one.draw(now);
      more.open ||= stepOf(now) === 0;
      if (!isAgent) for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (element.querySelectorAll("input, select"))) field.disabled = true;
    },
  };
}

/** @param {any} ui @param {(step: number) => string} words @param {(wish: Partial<Making>) => void} send */
function stepPart(ui, words, send) {
  const input = slider("step", 1, BEST);
  const help = paragraph("");
  const tell = (/** @type {number} */ step) => {
    help.textContent = `${words(step)}: ${ui.text(step ? `screen.picture.step.${step}.help` : "screen.picture.own.help")}`;
    input.setAttribute("aria-valuetext", words(step));
  };
  input.addEventListener("input", () => tell(Number(input.value)));
  input.addEventListener("change", () => send(STEPS[Number(input.value) - 1]));
  const part = field(ui.text("screen.picture.step"), input, help);
  return {
    element: part,
    draw(/** @type {Making} */ now) {
      const step = stepOf(now);
      input.value = String(step || (now.scale > 1 ? 2 : now.colours === "true" ? BEST : 3));
      tell(step);
    },
  };
}

/** @param {any} ui @param {string} name @param {(wish: Partial<Making>) => void} send */
function choicePart(ui, name, send) {
  const select = document.createElement("select");
  const of = name === "scale" ? "screen.picture.scale" : `screen.view.${name}`;
  for (const value of CHOICES[name]) select.append(new Option(ui.text(`${of}.${value}`), String(value)));
  select.name = name;
  select.addEventListener("change", () => send({ [name]: name === "scale" ? Number(select.value) : select.value }));
  return {
    element: field(ui.text(`${of}.title`), select, paragraph(ui.text(`${of}.help`))),
    draw(/** @type {Making} */ now) {
      select.value = String(now[/** @type {Part} */ (name)]);
    },
  };
}

/** @param {any} ui @param {(wish: Partial<Making>) => void} send */
function qualityPart(ui, send) {
  const input = slider("quality", LEAST_QUALITY, BEST_QUALITY);
  const help = paragraph("");
  input.addEventListener("change", () => send({ quality: Number(input.value) }));
  return {
    element: field(ui.text("screen.view.quality.title"), input, help),
    draw(/** @type {Making} */ now) {
      input.value = String(now.quality);
      input.disabled = !hasQuality(now);
      help.textContent = ui.text(hasQuality(now) ? "screen.view.quality.help" : "screen.picture.quality.needs");
    },
  };
}

/** @param {string} name @param {number} least @param {number} most */
function slider(name, least, most) {
  const input = document.createElement("input");
  Object.assign(input, { type: "range", name, min: String(least), max: String(most), step: "1" });
  return input;
}

let count = 0;

/** @param {string} title @param {HTMLInputElement | HTMLSelectElement} input @param {HTMLElement} help */
function field(title, input, help) {
  const label = document.createElement("label");
  const element = document.createElement("div");
  count += 1;
  label.textContent = title;
  label.htmlFor = input.id = `screen-quality-${count}`;
  help.id = `${input.id}-help`;
  input.setAttribute("aria-describedby", help.id);
  element.className = "field";
  element.append(label, input, help);
  return element;
}

/** @param {string} text */
function paragraph(text) {
  const element = document.createElement("p");
  element.className = "muted";
  element.textContent = text;
  return element;
}
