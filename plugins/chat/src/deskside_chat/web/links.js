// @ts-check
/** Lines as page elements: everything is text; only http and https addresses become links. */

const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
const TRAILING = /[.,;:!?)\]}…。、，！？）」』]+$/;

/** @param {string} text */
function isAddress(text) {
  try {
    const url = new URL(text);
    return (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "";
  } catch {
    return false;
  }
}

/**
 * Put a text into an element, its addresses as links.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function fill(element, text) {
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (!isAddress(address)) continue;
    element.append(text.slice(end, match.index));
    const link = document.createElement("a");
    link.href = address;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    link.textContent = address;
    element.append(link);
    end = match.index + address.length;
  }
  element.append(text.slice(end));
}
