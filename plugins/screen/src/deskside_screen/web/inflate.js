// @ts-check
/**
 * Reads a running stream of raw deflate, part by part and at once. The browser's own reader answers later, which
 * would make a letter that is typed wait for a turn; and what comes from it cannot be told from what is still to come.
 */

const WINDOW = 1 << 15;
const MOST_BITS = 15;
/** A block has tables of its own, so many that hold nothing would keep the page busy: who packs makes them 16 kB long. */
const LEAST_BLOCKS = 4;
const BLOCK_BITS = 12;
const LITERALS = 288;
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Per length code, the shortest length and how many bits are added to it; the same of distances. */
const LENGTHS = steps(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]);
const DISTANCES = steps(1, [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13]);
LENGTHS.push([258, 0]);
const FIXED = codeOf(Array.from({ length: LITERALS }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)));
const FIXED_DISTANCES = codeOf(Array.from({ length: 30 }, () => 5));

export class Inflate {
  #kept = new Uint8Array(0);
  #out = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** @type {Uint8Array} */
  #data = this.#out;
  #next = 0;
  #bits = 0;
  #count = 0;

  /** Return the next bytes of the stream. @param {Uint8Array} data @param {number} length */
  read(data, length) {
    const before = this.#kept.length;
    this.#out = new Uint8Array(before + length);
    this.#out.set(this.#kept);
    this.#at = before;
    this.#end = before + length;
    this.#data = data;
    this.#next = this.#bits = this.#count = 0;
    for (let left = LEAST_BLOCKS + (length >> BLOCK_BITS); this.#at < this.#end; left -= 1) {
      if (left === 0) throw new RangeError("more blocks than anybody makes");
      this.#block();
    }
    this.#kept = this.#out.slice(Math.max(0, this.#end - WINDOW));
    return this.#out.subarray(before);
  }

  #block() {
    this.#take(1);
    const kind = this.#take(2);
    if (kind === 0) this.#stored();
    else if (kind === 1) this.#packed(FIXED, FIXED_DISTANCES);
    else if (kind === 2) this.#packed(...this.#codes());
    else throw new RangeError("no such block");
  }

  #stored() {
    this.#next -= this.#count >> 3;
    this.#bits = this.#count = 0;
    const length = this.#take(16);
    if ((length ^ this.#take(16)) !== 0xffff) throw new RangeError("a stored block lies");
    if (length > this.#end - this.#at || length > this.#data.length - this.#next) throw new RangeError("too much stored");
    this.#out.set(this.#data.subarray(this.#next, this.#next + length), this.#at);
    this.#next += length;
    this.#at += length;
  }

  /** @returns {[Uint16Array, Uint16Array]} */
  #codes() {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const count = this.#take(4) + 4;
    const meta = new Array(ORDER.length).fill(0);
    for (let at = 0; at < count; at += 1) meta[ORDER[at]] = this.#take(3);
    const code = codeOf(meta);
    /** @type {number[]} */
    const widths = [];
    while (widths.length < literals + distances) {
      const symbol = this.#symbol(code);
      if (symbol < 16) widths.push(symbol);
      else if (symbol === 16) repeat(widths, widths[widths.length - 1] ?? 0, this.#take(2) + 3);
      else repeat(widths, 0, symbol === 17 ? this.#take(3) + 3 : this.#take(7) + 11);
    }
    return [codeOf(widths.slice(0, literals)), codeOf(widths.slice(literals, literals + distances))];
  }

  /** @param {Uint16Array} code @param {Uint16Array} far */
  #packed(code, far) {
    for (;;) {
      const symbol = this.#symbol(code);
      if (symbol === 256) return;
      if (symbol < 256) {
        if (this.#at >= this.#end) throw new RangeError("more than was said");
        this.#out[this.#at] = symbol;
        this.#at += 1;
      } else this.#repeat(this.#range(LENGTHS, symbol - 257), this.#range(DISTANCES, this.#symbol(far)));
    }
  }

  /** @param {number} length @param {number} distance */
  #repeat(length, distance) {
    if (distance > this.#at || length > this.#end - this.#at) throw new RangeError("a repetition of nothing");
    const from = this.#at - distance;
    if (distance >= length) this.#out.copyWithin(this.#at, from, from + length);
    else for (let at = 0; at < length; at += 1) this.#out[this.#at + at] = this.#out[from + at];
    this.#at += length;
  }

  /** @param {[number, number][]} ranges @param {number} at */
  #range(ranges, at) {
    const range = ranges[at];
    if (!range) throw new RangeError("no such length");
    return range[0] + this.#take(range[1]);
  }

  /** Each entry is the symbol times 16 plus the width of its code. @param {Uint16Array} code */
  #symbol(code) {
    while (this.#count < MOST_BITS && this.#next < this.#data.length) this.#more();
    const entry = code[this.#bits & ((1 << MOST_BITS) - 1)];
    const width = entry & 15;
    if (width === 0 || width > this.#count) throw new RangeError("no such symbol");
    this.#bits >>>= width;
    this.#count -= width;
    return entry >> 4;
  }

  /** @param {number} width */
  #take(width) {
    while (this.#count < width) {
      if (this.#next >= this.#data.length) throw new RangeError("it ends too early");
      this.#more();
    }
    const value = this.#bits & ((1 << width) - 1);
    this.#bits >>>= width;
    this.#count -= width;
    return value;
  }

  #more() {
    this.#bits |= this.#data[this.#next] << this.#count;
    this.#next += 1;
    this.#count += 8;
  }
}

/** Return a table from the next bits of a stream to symbols. @param {number[]} widths */
function codeOf(widths) {
  const table = new Uint16Array(1 << MOST_BITS);
  const counts = new Array(MOST_BITS + 1).fill(0);
  for (const width of widths) if (width) counts[width] += 1;
  const next = [0, 0];
  for (let width = 1; width < MOST_BITS; width += 1) next.push((next[width] + counts[width]) << 1);
  for (const [symbol, width] of widths.entries()) {
    if (!width) continue;
    const code = next[width];
    next[width] += 1;
    if (code >> width) throw new RangeError("too many codes");
    for (let bits = reversed(code, width); bits < table.length; bits += 1 << width) table[bits] = symbol * 16 + width;
  }
  return table;
}

/** @param {number} code @param {number} width */
function reversed(code, width) {
  let found = 0;
  for (let bit = 0; bit < width; bit += 1) found |= ((code >> bit) & 1) << (width - 1 - bit);
  return found;
}

/** @param {number[]} widths @param {number} value @param {number} times */
function repeat(widths, value, times) {
  for (let at = 0; at < times; at += 1) widths.push(value);
}

/** @param {number} first @param {number[]} bits @returns {[number, number][]} */
function steps(first, bits) {
  return bits.map((width) => {
    const from = first;
    first += 1 << width;
    return [from, width];
  });
}
