// @ts-check
/** What lies over the picture while the customer holds it back, with a way to ask. */

/** @param {any} ui @param {() => void} ask */
export function veilOver(ui, ask) {
  const element = document.createElement("div");
  const words = document.createElement("p");
  const button = document.createElement("button");
  element.className = "screen-veil";
  element.hidden = true;
  words.textContent = ui.text("screen.paused");
  button.type = "button";
  button.addEventListener("click", () => {
    setAsked(true);
    ask();
  });
  element.append(ui.icon("pause"), words, button);

  /** @param {boolean} isAsked */
  const setAsked = (isAsked) => {
    button.disabled = isAsked;
    button.textContent = ui.text(isAsked ? "screen.resume.asked" : "screen.resume.ask");
  };
  setAsked(false);
  ui.stage.overlay(element);
  return {
    /** @param {boolean} isPaused */
    show(isPaused) {
      if (element.hidden === !isPaused) return;
      element.hidden = !isPaused;
      setAsked(false);
      ui.announce(ui.text(isPaused ? "screen.paused" : "screen.resumed"));
    },
    again: () => setAsked(false),
    /** @param {boolean} isAllowed */
    allow(isAllowed) {
      button.hidden = !isAllowed;
    },
  };
}
