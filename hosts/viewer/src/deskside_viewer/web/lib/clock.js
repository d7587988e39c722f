// @ts-check
/** The server's time as this page knows it, and how long things take. */

let offsetMs = 0;

/** Set this page's clock by an answer of the server. @param {Headers} headers */
export function setBy(headers) {
  const date = Date.parse(headers.get("date") ?? "");
  if (Number.isFinite(date)) setNow(date / 1000);
}

/** A second of difference is within what a header and a line cannot tell. @param {number} seconds since 1970 */
export function setNow(seconds) {
  const difference = seconds * 1000 - Date.now();
  offsetMs = Math.abs(difference) < 2000 ? 0 : difference;
}

/** Return the server's time in seconds since 1970. */
export function now() {
  return (Date.now() + offsetMs) / 1000;
}

/** Return a duration as 0:14, 12:41 or 1:02:03. @param {number} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Call every second, at once too. @param {() => void} step */
export function everySecond(step) {
  step();
  const timer = setInterval(step, 1000);
  return { dispose: () => clearInterval(timer) };
}
