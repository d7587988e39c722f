// @ts-check
import { startChat } from "./panel.js";

/** @param {any} ui on the customer's own page the chat stands open */
export default function activate(ui) {
  startChat(ui).open();
}
