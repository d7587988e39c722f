// @ts-check
/** The name of a session's state, finer than what the program calls it where the reason says more. */

const FINER = new Set(["on_page", "loading", "paused"]);

/** @param {string} state @param {string} [reason] */
export function stateName(state, reason = "") {
  const [of, finer] = reason.split(".");
  return of === state && FINER.has(finer) ? finer : state;
}

/** Whether a session's customer is there, and it goes on. @param {{state: string}} session */
export function isHere({ state }) {
  return !["waiting", "connecting", "ended"].includes(state);
}
