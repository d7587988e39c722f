// @ts-check
/** A module that fails at once. */
export default function activate() {
  throw new Error("this module cannot begin");
}
