// @ts-check
/** Text that no single key stands for: composed by an input method, by dead keys, pasted, dictated. */

const MOST = 1000;

/** Cut a text into pieces that fit a message, never through a character. @param {string} text */
export function pieces(text) {
  const characters = [...text];
  const found = [];
  for (let start = 0; start < characters.length; start += MOST) found.push(characters.slice(start, start + MOST).join(""));
  return found;
}

export class Compose {
  /** How much of the field has been sent. */
  #sent = 0;
  /** Where the text that is still being composed begins, or -1. */
  #composing = -1;
  #life = new AbortController();

  /** @param {HTMLTextAreaElement} field @param {(text: string) => void} send */
  constructor(field, send) {
    this.field = field;
    this.send = send;
    const { signal } = this.#life;
    field.addEventListener("compositionstart", () => (this.#composing = this.field.value.length), { signal });
    field.addEventListener("compositionend", () => this.#ended(), { signal });
    field.addEventListener("input", (event) => !(/** @type {InputEvent} */ (event).isComposing) && this.#composing < 0 && this.flush(), { signal });
    field.addEventListener("paste", (event) => this.#pasted(event), { signal });
    field.addEventListener("drop", (event) => event.preventDefault(), { signal });
  }

  /** Send what is final. */
  flush() {
    const isComposing = this.#composing >= 0;
    const end = isComposing ? this.#composing : this.field.value.length;
    const text = this.field.value.slice(this.#sent, end);
    this.#sent = end;
    // A field that is emptied under an input method would lose what is being composed.
    if (!isComposing && this.field.value) {
      this.field.value = "";
      this.#sent = 0;
    }
    for (const piece of pieces(text)) this.send(piece);
  }

  dispose() {
    this.#life.abort();
  }

  #ended() {
    this.#composing = -1;
    // The last syllable reaches the field after this event; the next one may begin in the same moment.
    setTimeout(() => this.flush(), 0);
  }

  /** @param {ClipboardEvent} event */
  #pasted(event) {
    event.preventDefault();
    for (const piece of pieces(event.clipboardData?.getData("text/plain") ?? "")) this.send(piece);
  }
}
