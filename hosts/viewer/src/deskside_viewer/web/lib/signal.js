// @ts-check
/**
 * Someone to call when something happens.
 * @typedef {{dispose(): void}} Disposable
 */

/** @template T */
export class Signal {
  /** @type {Set<(value: T) => void>} */
  #listeners = new Set();

  /** @param {(value: T) => void} listener @returns {Disposable} */
  on(listener) {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** @param {T} value */
  fire(value) {
    for (const listener of [...this.#listeners]) listener(value);
  }
}

/** A value that tells when it changes. @template T */
export class Cell {
  /** @type {Signal<T>} */
  #changed = new Signal();

  /** @param {T} value */
  constructor(value) {
    this.value = value;
  }

  /** @param {T} value */
  set(value) {
    if (Object.is(value, this.value)) return;
    this.value = value;
    this.#changed.fire(value);
  }

  /** Call at once and at each change. @param {(value: T) => void} listener @returns {Disposable} */
  watch(listener) {
    const watching = this.#changed.on(listener);
    listener(this.value);
    return watching;
  }
}
