// @ts-check
/**
 * Messages ↔ bytes, checked against the schema the viewer gives: the page's half of `deskside.kinds`.
 *
 * A struct is an object by field name, a tuple an array. Trailing fields that an older sender left out
 * are null; trailing fields that are undefined when sending are left out, so that the receiver's default holds.
 * @typedef {{kind: string, min?: number, max?: number, values?: unknown[], of?: any, fields?: Field[]}} Kind
 * @typedef {Kind & {name: string, required?: boolean}} Field
 * @typedef {{name: string, fields: Field[]}} MessageSchema
 * @typedef {Record<string, any>} Fields
 * @typedef {{pack: (value: any) => unknown, unpack: (raw: unknown) => any}} Conversion
 */

import { BadMessage, decode, encode } from "./msgpack.js";

export const MAX_BODY = 1024 * 1024;

/** @param {unknown} value */
function shown(value) {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "a list";
  if (value instanceof Uint8Array) return "bytes";
  return `a ${typeof value}`;
}

/** @param {string} expected @param {unknown} value @returns {never} */
function refuse(expected, value) {
  throw new BadMessage(`expected ${expected}, got ${shown(value)}`);
}

/** Count characters as Python does. @param {string} text */
function characters(text) {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0xd800 && code < 0xdc00) {
      count -= 1;
      index += 1;
    }
  }
  return count;
}

/** @param {Kind} kind @param {number} size @param {string} what */
function fits(kind, size, what) {
  const { min = 0, max = Infinity } = kind;
  if (size < min || size > max) throw new BadMessage(`expected ${min} to ${max} ${what}, got ${size}`);
}

/** @param {Kind} kind @param {number} value */
function within(kind, value) {
  const { min = -Infinity, max = Infinity } = kind;
  if (value < min || value > max) throw new BadMessage(`must lie from ${min} to ${max}, got ${value}`);
}

/** Both directions check alike. @param {(value: any) => any} check @returns {Conversion} */
function alike(check) {
  return { pack: check, unpack: check };
}

/** @type {Record<string, (kind: Kind) => Conversion>} */
const KINDS = {
  bool: () => alike((value) => (typeof value === "boolean" ? value : refuse("true or false", value))),
  int: (kind) =>
    alike((value) => {
      if (!Number.isSafeInteger(value)) refuse("a whole number below 2^53", value);
      within(kind, value);
      return value;
    }),
  float: (kind) =>
    alike((value) => {
      if (typeof value !== "number" || !Number.isFinite(value)) refuse("a finite number", value);
      within(kind, value);
      return value;
    }),
  text: (kind) =>
    alike((value) => {
      if (typeof value !== "string") refuse("a text", value);
      if (kind.values) oneOf(kind.values, value);
      else fits(kind, characters(value), "characters");
      return value;
    }),
  bytes: (kind) =>
    alike((value) => {
      if (!(value instanceof Uint8Array)) refuse("bytes", value);
      if (!kind.values) fits(kind, value.length, "bytes");
      return value;
    }),
  maybe: (kind) => {
    const inner = conversion(kind.of);
    return {
      pack: (value) => (value === null || value === undefined ? null : inner.pack(value)),
      unpack: (raw) => (raw === null ? null : inner.unpack(raw)),
    };
  },
  list: (kind) => {
    const inner = conversion(kind.of);
    return both((value, step) => value.map((/** @type {unknown} */ one) => inner[step](one)), kind);
  },
  tuple: (kind) => {
    const parts = /** @type {Kind[]} */ (kind.of).map(conversion);
    const size = parts.length;
    return both((value, step) => parts.map((part, index) => part[step](value[index])), { ...kind, min: size, max: size });
  },
  struct: (kind) => struct(kind.fields ?? []),
};

/** @param {unknown[]} values @param {unknown} value */
function oneOf(values, value) {
  if (!values.includes(value)) throw new BadMessage(`expected one of ${values.join(", ")}, got "${value}"`);
}

/**
 * @param {(value: any[], step: "pack" | "unpack") => unknown[]} convert
 * @param {Kind} kind
 * @returns {Conversion}
 */
function both(convert, kind) {
  /** @param {"pack" | "unpack"} step */
  const make = (step) => (/** @type {any} */ value) => {
    if (!Array.isArray(value)) refuse("a list", value);
    fits(kind, value.length, "items");
    return convert(value, step);
  };
  return { pack: make("pack"), unpack: make("unpack") };
}

/** @param {Kind} kind @returns {Conversion} */
function conversion(kind) {
  const make = KINDS[kind.kind];
  if (!make) throw new BadMessage(`the schema has a kind this page does not know: ${kind.kind}`);
  return make(kind);
}

/** @param {Field[]} fields @returns {Conversion} */
function struct(fields) {
  const parts = fields.map((field) => ({ ...field, ...conversion(field) }));
  const names = new Set(fields.map((field) => field.name));
  return {
    pack(value) {
      if (value === null || typeof value !== "object" || Array.isArray(value)) refuse("an object by field name", value);
      const unknown = Object.keys(value).find((name) => !names.has(name));
      if (unknown !== undefined) throw new BadMessage(`there is no field "${unknown}"`);
      return packed(parts, value);
    },
    unpack(raw) {
      if (!Array.isArray(raw)) refuse("a list of fields", raw);
      if (raw.length > parts.length) throw new BadMessage(`expected at most ${parts.length} fields, got ${raw.length}`);
      /** @type {Fields} */
      const found = {};
      for (const [index, part] of parts.entries()) {
        found[part.name] = index < raw.length ? at(part.name, () => part.unpack(raw[index])) : null;
      }
      return found;
    },
  };
}

/** @param {(Field & Conversion)[]} parts @param {Fields} value */
function packed(parts, value) {
  let count = parts.length;
  while (count > 0 && value[parts[count - 1].name] === undefined && !parts[count - 1].required) count -= 1;
  return parts.slice(0, count).map((part) => at(part.name, () => part.pack(value[part.name])));
}

/** Say in which field it went wrong. @template T @param {string} name @param {() => T} step @returns {T} */
function at(name, step) {
  try {
    return step();
  } catch (error) {
    if (error instanceof BadMessage) throw new BadMessage(`${name}: ${error.message}`);
    throw error;
  }
}

/** The messages of one channel. */
export class Codec {
  /** @param {MessageSchema[]} messages @param {number} limit */
  constructor(messages, limit = MAX_BODY) {
    this.limit = limit;
    this.types = messages.map(({ name, fields }) => ({ name, fields: struct(fields) }));
    this.numbers = new Map(messages.map(({ name }, number) => [name, number]));
  }

  /**
   * Return the bytes of a message, or throw BadMessage.
   * @param {string} name
   * @param {Fields} fields
   */
  encode(name, fields = {}) {
    const number = this.numbers.get(name);
    if (number === undefined) throw new BadMessage(`there is no message "${name}" on this channel`);
    const parts = at(name, () => this.types[number].fields.pack(fields));
    const body = encode([number, .../** @type {unknown[]} */ (parts)]);
    if (body.length > this.limit) throw new BadMessage(`${name} has ${body.length} bytes; at most ${this.limit} are allowed`);
    return body;
  }

  /**
   * Check bytes and return the message in them, or throw BadMessage.
   * @param {Uint8Array} body
   * @returns {{name: string, fields: Fields}}
   */
  decode(body) {
    const raw = decode(body, this.limit);
    if (!Array.isArray(raw) || typeof raw[0] !== "number") throw new BadMessage("a message is a list that begins with its type");
    const type = this.types[raw[0]];
    if (!type) throw new BadMessage(`unknown message type ${raw[0]}`);
    return { name: type.name, fields: at(type.name, () => type.fields.unpack(raw.slice(1))) };
  }
}
