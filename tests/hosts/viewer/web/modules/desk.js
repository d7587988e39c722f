// @ts-check
/** A module as plugins write them: a picture, buttons in every menu, panels, status. */

/** @param {number} width @param {number} height */
function picture(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const box = (/** @type {string} */ colour, /** @type {number[]} */ [x, y, w, h]) => {
    context.fillStyle = colour;
    context.fillRect(x, y, w, h);
  };
  box("#2d6a8e", [0, 0, width, height]);
  box("#f7f7f7", [180, 120, 1100, 720]);
  box("#3b4652", [180, 120, 1100, 44]);
  box("#ffffff", [900, 420, 760, 520]);
  box("#20252b", [900, 420, 760, 44]);
  context.fillStyle = "#dfe6ee";
  context.font = "22px sans-serif";
  context.fillText("Printer settings", 200, 150);
  context.fillText("Quarterly report.xlsx", 920, 450);
  for (let row = 0; row < 12; row += 1) {
    box(row % 2 ? "#eef2f6" : "#ffffff", [200, 190 + row * 50, 640, 46]);
    context.fillStyle = "#33404d";
    context.fillText(`Device ${row + 1}  —  ready`, 220, 222 + row * 50);
  }
  box("#1b2733", [0, height - 56, width, 56]);
  return canvas;
}

/** @param {any} ui */
export default function activate(ui) {
  const { role } = ui.me;
  const long = ui.language === "ko" ? "아주 긴 이름을 가진 확장 기능" : "Fernwartungsbenutzerkonteneinstellungen";
  const press = () => ui.notify("Pressed");
  if (ui.stage) {
    const size = { width: 1920, height: 1080 };
    ui.stage.mount(picture(size.width, size.height), size);
    const control = ui.toolbar.button({ menu: "control", label: "Control mouse and keyboard", icon: "mouse", primary: true, onPress: () => control.set({ pressed: true }) });
    ui.toolbar.button({ menu: "control", label: "Send Ctrl+Alt+Del", icon: "keyboard", feature: "desk.refused", onPress: press });
    ui.toolbar.button({ menu: "control", label: "Type the clipboard", icon: "paste", onPress: press });
    ui.toolbar.button({ menu: "draw", label: "Pen", icon: "pencil", primary: true, shortcut: "Ctrl+Win+Shift", onPress: press });
    ui.toolbar.button({ menu: "draw", label: "Rectangle", icon: "rectangle", onPress: press });
    ui.toolbar.button({ menu: "tools", label: "System information", icon: "info", onPress: press });
    ui.toolbar.button({ menu: "tools", label: long, icon: "tools", feature: "desk.refused", onPress: press });
    ui.status.item({ id: "control", order: 10 }).set("control: you");
    ui.status.item({ id: "monitor" }).set("Monitor 1 of 2");
  }
  ui.toolbar.button({ menu: "extras", label: "Save the conversation", icon: "download", onPress: press });
  const chat = ui.panel({ id: "chat", label: "Chat", icon: "chat" });
  for (const text of ["Hello, my printer does not print.", "I am looking at it now.", "감사합니다! 아주 빠르네요."]) {
    const line = document.createElement("p");
    line.textContent = text;
    chat.element.append(line);
  }
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy";
  chat.element.append(copy);
  const field = document.createElement("textarea");
  field.dataset.first = "";
  field.setAttribute("aria-label", "Message");
  field.rows = 2;
  field.style.marginTop = "auto";
  chat.element.append(field);
  if (role === "agent") {
    ui.panel({ id: "files", label: "Files", icon: "files" }).badge(1);
    chat.badge(2);
  }
  /** @type {any} */ (window).desk = { ui, chat };
}
