// @ts-check
/**
 * What a picture of a video says of itself, read before a decoder sees it: how large it is, and whether it rests on
 * others. Whatever we never write ourselves is refused.
 *
 * @typedef {{width: number, height: number, config: string}} Head
 */

const [H264_IDR, H264_SIZE] = [5, 7];
/** Profiles that say more about colours before the size. */
const H264_HIGH = [100, 110, 122, 244];
const [HALF, FULL] = [1, 3];
/** @type {Record<string, number>} */
const H264_CHROMA = { h264: HALF, h264_full: FULL };
const VP9_MARK = 2;
const VP9_SYNC = 0x498342;
const VP9_CONFIG = "vp09.00.51.08";
const MOST_ZEROS = 31;

/** Return the head of a picture: null of one that rests on others, undefined if it is not sound. @param {string} codec @param {Uint8Array} data @returns {Head | null | undefined} */
export function headOf(codec, data) {
  try {
    return codec === "vp9" ? vp9Head(data) : codec in H264_CHROMA ? h264Head(data, H264_CHROMA[codec]) : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** @param {Uint8Array} data @param {number} chroma @returns {Head | null | undefined} */
function h264Head(data, chroma) {
  const units = unitsOf(data);
  const sizes = units.filter((at) => kindAt(data, at) === H264_SIZE);
  const isWhole = units.some((at) => kindAt(data, at) === H264_IDR);
  if (units.length === 0 || sizes.length > 1 || isWhole !== (sizes.length === 1)) return undefined;
  return isWhole ? h264Size(new Bits(data, sizes[0] + 1), chroma) : null;
}

/** Return where the units of a picture begin. @param {Uint8Array} data */
function unitsOf(data) {
  const found = [];
  for (let at = data.indexOf(1, 2); at >= 0 && at + 1 < data.length; at = data.indexOf(1, at + 1)) {
    if (data[at - 1] === 0 && data[at - 2] === 0) found.push(at + 1);
  }
  return found;
}

/** @param {Uint8Array} data @param {number} at */
function kindAt(data, at) {
  return data[at] & 31;
}

/** @param {Bits} bits @param {number} wanted @returns {Head | undefined} */
function h264Size(bits, wanted) {
  const [profile, flags, level] = [bits.take(8), bits.take(8), bits.take(8)];
  bits.count();
  // The colours that the codec is named for, in one picture with the rest, eight bits, tables that everybody knows.
  const chroma = H264_HIGH.includes(profile) ? bits.count() : HALF;
  if (chroma !== wanted || (chroma === FULL && bits.take(1))) return undefined;
  if (H264_HIGH.includes(profile) && (bits.count() || bits.count() || bits.take(1) || bits.take(1))) return undefined;
  bits.count();
  const order = bits.count();
  if (order === 1) return undefined;
  if (order === 0) bits.count();
  bits.count();
  bits.take(1);
  const [across, down] = [(bits.count() + 1) * 16, (bits.count() + 1) * 16];
  if (!bits.take(1)) return undefined;
  bits.take(1);
  const [left, right, top, bottom] = bits.take(1) ? [bits.count(), bits.count(), bits.count(), bits.count()] : [0, 0, 0, 0];
  const config = `avc1.${[profile, flags, level].map((one) => one.toString(16).padStart(2, "0")).join("")}`;
  const step = chroma === FULL ? 1 : 2;
  return { width: across - step * (left + right), height: down - step * (top + bottom), config };
}

/** @param {Uint8Array} data @returns {Head | null | undefined} */
function vp9Head(data) {
  const bits = new Bits(data, 0, false);
  // Profile 0, and not one that was shown before.
  if (bits.take(2) !== VP9_MARK || bits.take(2) || bits.take(1) || isVp9Bundle(data)) return undefined;
  const isWhole = !bits.take(1);
  const [isShown, isResilient] = [bits.take(1), bits.take(1)];
  if (!isShown) return undefined;
  if (!isWhole) {
    bits.take((isResilient ? 0 : 2) + 8 + 3 * 4);
    // As large as what it rests on.
    return bits.take(1) ? null : undefined;
  }
  if (bits.take(24) !== VP9_SYNC || bits.take(3) === 7) return undefined;
  bits.take(1);
  return { width: bits.take(16) + 1, height: bits.take(16) + 1, config: VP9_CONFIG };
}

/** Tell whether several pictures hide in one. @param {Uint8Array} data */
function isVp9Bundle(data) {
  const last = data[data.length - 1];
  const size = 2 + ((last & 7) + 1) * (((last >> 3) & 3) + 1);
  return (last & 0xe0) === 0xc0 && data[data.length - size] === last;
}

/** Reads bits, past the bytes that H.264 puts in between. */
class Bits {
  #at;
  #left = 0;
  #byte = 0;
  #zeros = 0;

  /** @param {Uint8Array} data @param {number} at @param {boolean} isStuffed */
  constructor(data, at, isStuffed = true) {
    this.data = data;
    this.isStuffed = isStuffed;
    this.#at = at;
  }

  /** @param {number} count @returns {number} */
  take(count) {
    let value = 0;
    for (let left = count; left > 0; left -= 1) value = value * 2 + this.#bit();
    return value;
  }

  /** Read a number as long as it is large. */
  count() {
    let zeros = 0;
    while (!this.take(1)) {
      zeros += 1;
      if (zeros > MOST_ZEROS) throw new RangeError("a number without end");
    }
    return 2 ** zeros - 1 + this.take(zeros);
  }

  #bit() {
    if (this.#left === 0) this.#next();
    this.#left -= 1;
    return (this.#byte >> this.#left) & 1;
  }

  #next() {
    if (this.isStuffed && this.#zeros >= 2 && this.data[this.#at] === 3) {
      this.#at += 1;
      this.#zeros = 0;
    }
    if (this.#at >= this.data.length) throw new RangeError("the picture ends too early");
    this.#byte = this.data[this.#at];
    this.#zeros = this.#byte === 0 ? this.#zeros + 1 : 0;
    this.#at += 1;
    this.#left = 8;
  }
}
