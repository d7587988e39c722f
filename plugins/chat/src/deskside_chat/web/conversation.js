// @ts-check
/**
 * What was said, by id, so that what the viewer tells twice after its restart shows once.
 * @typedef {{id: number, at: number, sender: number, name: string, role: string, text: string, mark: number}} Line
 */

const MOST_LINES = 2000;

export class Conversation {
  constructor() {
    /** @type {Map<number, Line>} */
    this.byId = new Map();
    this.lastId = 0;
  }

  /**
   * Take a line; tell whether it is new here.
   * @param {Line} line
   */
  add(line) {
    if (this.byId.has(line.id)) return false;
    this.byId.set(line.id, line);
    this.lastId = Math.max(this.lastId, line.id);
    return true;
  }

  /** Forget the oldest lines; return their ids. */
  trim() {
    const ids = [...this.byId.keys()].sort((one, other) => one - other);
    const gone = ids.slice(0, Math.max(0, ids.length - MOST_LINES));
    for (const id of gone) this.byId.delete(id);
    return gone;
  }

  /** @returns {Line[]} */
  inOrder() {
    return [...this.byId.values()].sort((one, other) => one.id - other.id);
  }

  /**
   * The whole conversation as plain text, for an editor.
   * @param {(line: Line) => string} nameOf
   */
  asText(nameOf) {
    const lines = this.inOrder().map((line) => {
      const moment = new Date(line.at * 1000);
      return `[${moment.toLocaleDateString()} ${moment.toLocaleTimeString()}] ${nameOf(line)}: ${line.text}`;
    });
    return lines.join("\n");
  }
}
