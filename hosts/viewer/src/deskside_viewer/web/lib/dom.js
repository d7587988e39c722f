// @ts-check
/**
 * Elements without markup: attributes, listeners and text, never HTML from anywhere.
 *
 * @typedef {string | Node | null | undefined | false} Child
 * @typedef {Record<string, unknown>} Props  `on…` are listeners, `class` the class, false and null leave out
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  append(element, children);
  return element;
}

/** @param {Element} element @param {string} name @param {unknown} value */
function setProp(element, name, value) {
  if (typeof value === "function") element.addEventListener(name.slice(2).toLowerCase(), /** @type {any} */ (value));
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** @param {Element} element @param {Props} props */
export function set(element, props) {
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
}

/** @param {Element} element @param {Child[]} children */
function append(element, children) {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}

/** Put these in the place of what is there. @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** Put exactly these in, in this order; what stays is not moved, so that the focus in it stays too. @param {Element} element @param {Element[]} children */
export function arrange(element, children) {
  for (const one of [...element.children]) if (!children.includes(one)) one.remove();
  children.forEach((one, index) => {
    if (element.children[index] !== one) element.insertBefore(one, element.children[index] ?? null);
  });
}

/** Change a text only if it differs, so that live regions and selections rest. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show or hide. @param {HTMLElement} element @param {boolean} isShown */
export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** Return what may take the focus inside. @param {Element} element @returns {HTMLElement[]} */
export function focusable(element) {
  const found = element.querySelectorAll("button, a[href], input, select, textarea, [tabindex]:not([tabindex='-1'])");
  return /** @type {HTMLElement[]} */ ([...found]).filter((one) => one.offsetParent !== null && !one.matches(":disabled"));
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable='true']") !== null;
}
