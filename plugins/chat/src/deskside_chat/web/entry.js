// @ts-check
/** Where a person types: Enter sends, Shift+Enter begins a new line, an input method's Enter is its own. */

const TOLD_EVERY_MS = 400;
const COMPOSING = 229;

/**
 * @param {{label: string, send: string, most: number, onSend: (text: string) => void,
 *          onTyping: (text: string) => void}} wanted
 */
export function makeEntry({ label, send, most, onSend, onTyping }) {
  const form = document.createElement("form");
  const text = document.createElement("textarea");
  const button = document.createElement("button");
  form.className = "chat-entry";
  text.rows = 3;
  text.maxLength = most;
  text.dataset.first = "";
  text.placeholder = label;
  text.setAttribute("aria-label", label);
  button.type = "submit";
  button.className = "primary";
  button.textContent = send;
  form.append(text, button);

  let told = "";
  let timer = 0;
  const tell = () => {
    timer = 0;
    if (text.value === told) return;
    told = text.value;
    onTyping(told);
  };
  text.addEventListener("input", () => {
    if (!timer) timer = window.setTimeout(tell, TOLD_EVERY_MS);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === COMPOSING) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (!said) return;
    window.clearTimeout(timer);
    timer = 0;
    told = "";
    text.value = "";
    onSend(said);
  });
  /** Take lines, or say why not. @param {string} why */
  const allow = (why) => {
    text.disabled = button.disabled = why !== "";
    text.placeholder = why || label;
  };
  return { element: form, allow, dispose: () => window.clearTimeout(timer) };
}
