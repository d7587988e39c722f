// @ts-check
/** What the status line says about the picture: how often, how much, how long from the grab to the paint. */

const SECOND_MS = 1000;

export class Meter {
  #pictures = 0;
  #bytes = 0;
  #ms = 0;

  /** @param {{text(key: string, values?: object): string, status: any, dispose(fn: () => void): void}} ui */
  constructor(ui) {
    this.ui = ui;
    this.item = ui.status.item({ id: "speed", order: 40 });
    const timer = setInterval(() => this.#show(), SECOND_MS);
    ui.dispose(() => clearInterval(timer));
  }

  /** @param {number} bytes @param {boolean} isLast @param {number} ms */
  add(bytes, isLast, ms) {
    this.#bytes += bytes;
    if (!isLast) return;
    this.#pictures += 1;
    this.#ms += ms;
  }

  #show() {
    const rate = String(this.#pictures);
    const mbit = ((this.#bytes * 8) / 1e6).toFixed(1);
    const ms = (this.#ms / this.#pictures).toFixed(0);
    this.item.set(
      this.#pictures ? this.ui.text("screen.speed", { rate, mbit, ms }) : this.ui.text("screen.still"),
      this.ui.text("screen.speed.help"),
    );
    this.#pictures = this.#bytes = this.#ms = 0;
  }
}
