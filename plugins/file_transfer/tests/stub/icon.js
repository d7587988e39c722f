/** @param {string} name */
export function icon(name) {
  const element = document.createElement("span");
  element.dataset.icon = name;
  return element;
}
