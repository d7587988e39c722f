// @ts-check
/** The connection code: nine digits, of which the page sends the first four only. */

const DAMM = [
  "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
  "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
];
export const LENGTH = 9;
const LOCATOR = 4;
const SECRET = 4;
export const PASSWORD = 4;

/**
 * Keep the digits of what was typed or pasted, full-width ones included.
 * @param {string} typed
 */
export function digitsOf(typed) {
  return typed.normalize("NFKC").replace(/[^0-9]/g, "").slice(0, LENGTH);
}

/**
 * Show digits in groups of three.
 * @param {string} digits
 */
export function grouped(digits) {
  return digits.replace(/(\d{3})(?=\d)/g, "$1 ");
}

/**
 * Tell whether the check digit fits: it finds every single wrong digit and every swap of neighbours.
 * @param {string} digits
 */
export function fits(digits) {
  let state = 0;
  for (const digit of digits) state = Number(DAMM[state][Number(digit)]);
  return digits.length === LENGTH && state === 0;
}

/**
 * Split a code: the locator is sent, the secret stays here.
 * @param {string} digits
 */
export function split(digits) {
  return { locator: digits.slice(0, LOCATOR), secret: digits.slice(LOCATOR, LOCATOR + SECRET) };
}

/**
 * Put a start link together again: the locator from its path, the rest from its fragment.
 * @param {string} path
 * @param {string} fragment
 */
export function fromLink(path, fragment) {
  const locator = /^\/c\/([0-9]{4})$/.exec(path);
  const rest = /^#([0-9]{5})$/.exec(fragment);
  return locator && rest ? locator[1] + rest[1] : "";
}
