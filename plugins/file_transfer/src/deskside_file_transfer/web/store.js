// @ts-check
/** The page's way to its worker, and the files it sends, kept so that a reload can go on. */

const DATABASE = "deskside-files";
const UPLOADS = "uploads";
const MOST_KEPT = 1_000_000_000;
const STALE_MS = 24 * 3600 * 1000;

/** Calls into worker.js, answered in order of their making. */
export class FileWorker {
  #worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  #count = 0;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  #waiting = new Map();

  constructor() {
    this.#worker.addEventListener("message", ({ data: { call, result, error } }) => {
      const one = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (error === undefined) one?.resolve(result);
      else one?.reject(new Error(error));
    });
  }

  /**
   * @param {string} name
   * @param {Record<string, unknown>} [given]
   * @param {Transferable[]} [moved]
   * @returns {Promise<any>}
   */
  call(name, given = {}, moved = []) {
    this.#count += 1;
    const call = this.#count;
    this.#worker.postMessage({ call, name, given }, moved);
    return new Promise((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
  }

  dispose() {
    this.#worker.terminate();
  }
}

/** Files under way to the customer. Where the browser keeps nothing, a reload ends them visibly. */
export class Kept {
  /** @type {Promise<IDBDatabase>} */
  #database = new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(UPLOADS, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  /** @param {number} id @param {File} file */
  async put(id, file) {
    if (file.size > MOST_KEPT) return;
    await this.#do("readwrite", (store) => store.put({ id, file, at: Date.now() }));
  }

  /** @param {number} id @returns {Promise<File | null>} */
  async find(id) {
    const found = await this.#do("readonly", (store) => store.get(id));
    return found?.file ?? null;
  }

  /** @param {number} id */
  async forget(id) {
    await this.#do("readwrite", (store) => store.delete(id));
  }

  /** Delete what nobody came back for. */
  async sweep() {
    const all = (await this.#do("readonly", (store) => store.getAll())) ?? [];
    for (const { id, at } of all) if (Date.now() - at > STALE_MS) await this.forget(id);
  }

  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} step @returns {Promise<any>} */
  async #do(mode, step) {
    try {
      const request = step((await this.#database).transaction(UPLOADS, mode).objectStore(UPLOADS));
      return await new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } catch (error) {
      console.info("this browser keeps no files:", String(error));
      return null;
    }
  }
}

/** At most so many at once. */
export class Turns {
  /** @type {(() => void)[]} */
  #waiting = [];

  /** @param {number} free */
  constructor(free) {
    this.free = free;
  }

  async take() {
    if (this.free > 0) this.free -= 1;
    else await new Promise((resolve) => this.#waiting.push(/** @type {() => void} */ (resolve)));
  }

  give() {
    const next = this.#waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
