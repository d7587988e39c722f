// @ts-check
import { startChat } from "./panel.js";

/** @param {any} ui */
export default function activate(ui) {
  startChat(ui);
}
