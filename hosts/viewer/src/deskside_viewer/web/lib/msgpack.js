// @ts-check
/**
 * msgpack without maps and extensions: exactly what crosses the wire, and nothing else.
 *
 * Bytes are Uint8Array; what `decode` returns are views of the frame, not copies.
 * @typedef {null | boolean | number | string | Uint8Array | unknown[]} Value
 */

const MOST_ITEMS = 65_536;
const MOST_DEPTH = 32;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What came, or what was to be sent, is not what it must be. */
export class BadMessage extends Error {
  name = "BadMessage";
}

class Writer {
  bytes = new Uint8Array(256);
  view = new DataView(this.bytes.buffer);
  at = 0;

  /**
   * Make room and return where it begins.
   * @param {number} size
   */
  take(size) {
    const start = this.at;
    this.at += size;
    if (this.at > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.at, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, start));
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return start;
  }

  /** @param {number} tag @param {1 | 2 | 4} width @param {number} count */
  head(tag, width, count) {
    const at = this.take(1 + width);
    this.view.setUint8(at, tag);
    if (width === 1) this.view.setUint8(at + 1, count);
    else if (width === 2) this.view.setUint16(at + 1, count);
    else this.view.setUint32(at + 1, count);
  }

  /** @param {number} value */
  byte(value) {
    // Making room may replace the view, so it comes first.
    const at = this.take(1);
    this.view.setUint8(at, value);
  }

  /** @param {Uint8Array} bytes */
  raw(bytes) {
    const at = this.take(bytes.length);
    this.bytes.set(bytes, at);
  }

  /** @param {number} tag @param {bigint | number} value */
  eight(tag, value) {
    const at = this.take(9);
    this.view.setUint8(at, tag);
    if (typeof value === "bigint") this.view.setBigInt64(at + 1, value);
    else this.view.setFloat64(at + 1, value);
  }
}

/**
 * Return the msgpack bytes of a value.
 * @param {unknown} value
 * @returns {Uint8Array}
 */
export function encode(value) {
  const writer = new Writer();
  write(writer, value, 0);
  return writer.bytes.subarray(0, writer.at);
}

/** @param {Writer} writer @param {unknown} value @param {number} depth */
function write(writer, value, depth) {
  if (depth > MOST_DEPTH) throw new BadMessage("nested too deep");
  if (value === null) writer.byte(0xc0);
  else if (typeof value === "boolean") writer.byte(value ? 0xc3 : 0xc2);
  else if (typeof value === "number") writeNumber(writer, value);
  else if (typeof value === "string") writeText(writer, encoder.encode(value));
  else if (value instanceof Uint8Array) writeBytes(writer, value);
  else if (Array.isArray(value)) writeList(writer, value, depth);
  else throw new BadMessage(`a ${typeof value} cannot cross the wire`);
}

/** @param {Writer} writer @param {number} value */
function writeNumber(writer, value) {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) writer.eight(0xcb, value);
  else if (value >= 0) writePositive(writer, value);
  else if (value >= -32) writer.byte(value & 0xff);
  else if (value >= -128) writer.head(0xd0, 1, value);
  else if (value >= -32_768) writer.head(0xd1, 2, value);
  else if (value >= -2_147_483_648) writer.head(0xd2, 4, value);
  else writer.eight(0xd3, BigInt(value));
}

/** @param {Writer} writer @param {number} value */
function writePositive(writer, value) {
  if (value < 0x80) writer.byte(value);
  else if (value < 0x100) writer.head(0xcc, 1, value);
  else if (value < 0x1_0000) writer.head(0xcd, 2, value);
  else if (value < 0x1_0000_0000) writer.head(0xce, 4, value);
  else writer.eight(0xcf, BigInt(value));
}

/** @param {Writer} writer @param {Uint8Array} bytes */
function writeText(writer, bytes) {
  const size = bytes.length;
  if (size < 32) writer.byte(0xa0 | size);
  else if (size < 0x100) writer.head(0xd9, 1, size);
  else if (size < 0x1_0000) writer.head(0xda, 2, size);
  else writer.head(0xdb, 4, size);
  writer.raw(bytes);
}

/** @param {Writer} writer @param {Uint8Array} bytes */
function writeBytes(writer, bytes) {
  const size = bytes.length;
  if (size < 0x100) writer.head(0xc4, 1, size);
  else if (size < 0x1_0000) writer.head(0xc5, 2, size);
  else writer.head(0xc6, 4, size);
  writer.raw(bytes);
}

/** @param {Writer} writer @param {unknown[]} items @param {number} depth */
function writeList(writer, items, depth) {
  const count = items.length;
  if (count > MOST_ITEMS) throw new BadMessage(`a list of ${count} items is too long`);
  if (count < 16) writer.byte(0x90 | count);
  else if (count < 0x1_0000) writer.head(0xdc, 2, count);
  else writer.head(0xdd, 4, count);
  for (const item of items) write(writer, item, depth + 1);
}

/**
 * Read exactly one value of bounded size.
 * @param {Uint8Array} bytes
 * @param {number} limit
 * @returns {Value}
 */
export function decode(bytes, limit) {
  if (bytes.length > limit) throw new BadMessage(`${bytes.length} bytes where at most ${limit} are allowed`);
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.at !== bytes.length) throw new BadMessage("bytes after the value");
  return value;
}

class Reader {
  at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** @param {number} size */
  take(size) {
    const start = this.at;
    if (start + size > this.bytes.length) throw new BadMessage("the bytes end in the middle of a value");
    this.at = start + size;
    return start;
  }

  /** @param {number} depth @returns {Value} */
  value(depth) {
    const tag = this.view.getUint8(this.take(1));
    if (tag < 0x80) return tag;
    if (tag >= 0xe0) return tag - 0x100;
    if (tag >= 0xa0 && tag < 0xc0) return this.text(tag & 0x1f);
    if (tag >= 0x90 && tag < 0xa0) return this.list(tag & 0x0f, depth);
    return this.longer(tag, depth);
  }

  /** @param {number} tag @param {number} depth @returns {Value} */
  longer(tag, depth) {
    switch (tag) {
      case 0xc0: return null;
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4: case 0xc5: case 0xc6: return this.raw(this.count(tag - 0xc4));
      case 0xca: return this.view.getFloat32(this.take(4));
      case 0xcb: return this.view.getFloat64(this.take(8));
      case 0xcc: case 0xcd: case 0xce: return this.count(tag - 0xcc);
      case 0xcf: return safe(this.view.getBigUint64(this.take(8)));
      case 0xd0: return this.view.getInt8(this.take(1));
      case 0xd1: return this.view.getInt16(this.take(2));
      case 0xd2: return this.view.getInt32(this.take(4));
      case 0xd3: return safe(this.view.getBigInt64(this.take(8)));
      case 0xd9: case 0xda: case 0xdb: return this.text(this.count(tag - 0xd9));
      case 0xdc: case 0xdd: return this.list(this.count(tag - 0xdb), depth);
      default: throw new BadMessage(`0x${tag.toString(16)} begins nothing that is allowed here`);
    }
  }

  /** Read an unsigned number of 1, 2 or 4 bytes. @param {number} power */
  count(power) {
    const at = this.take(1 << power);
    if (power === 0) return this.view.getUint8(at);
    return power === 1 ? this.view.getUint16(at) : this.view.getUint32(at);
  }

  /** @param {number} size */
  raw(size) {
    const at = this.take(size);
    return this.bytes.subarray(at, at + size);
  }

  /** @param {number} size */
  text(size) {
    try {
      return decoder.decode(this.raw(size));
    } catch (error) {
      if (error instanceof BadMessage) throw error;
      throw new BadMessage("a text that is not UTF-8");
    }
  }

  /** @param {number} count @param {number} depth */
  list(count, depth) {
    if (count > MOST_ITEMS) throw new BadMessage(`a list of ${count} items is too long`);
    if (depth >= MOST_DEPTH) throw new BadMessage("nested too deep");
    /** @type {Value[]} */
    const items = [];
    for (let index = 0; index < count; index += 1) items.push(this.value(depth + 1));
    return items;
  }
}

/** @param {bigint} value */
function safe(value) {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new BadMessage("a whole number beyond 2^53");
  return number;
}
