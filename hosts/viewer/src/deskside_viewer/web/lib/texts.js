// @ts-check
/**
 * Words people read, in one language, with `{name}` fields.
 * @typedef {Record<string, string | number>} Values
 */

export class Words {
  /** @param {Record<string, string>} texts @param {string} language */
  constructor(texts, language) {
    this.texts = texts;
    this.language = language;
    this.plural = new Intl.PluralRules(language);
  }

  /** @param {string} key */
  has(key) {
    return Object.hasOwn(this.texts, key);
  }

  /**
   * Return the text of a key, or the key itself.
   * @param {string} key
   * @param {Values} [values]
   */
  say(key, values = {}) {
    const text = Object.hasOwn(this.texts, key) ? this.texts[key] : key;
    return text.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) => {
      if (!name) return found[0];
      return Object.hasOwn(values, name) ? String(values[name]) : found;
    });
  }

  /** Return the first of these keys that has a text, said. @param {string[]} keys @param {Values} [values] */
  first(keys, values) {
    const key = keys.find((one) => this.has(one));
    return key === undefined ? "" : this.say(key, values);
  }

  /** Return a reason in words; what has none stays silent. @param {string} key @param {Values} [values] */
  reason(key, values) {
    return key ? this.say(this.has(key) ? key : "refused.unknown", { ...values, key }) : "";
  }

  /** @param {number} value @param {number} [digits] */
  number(value, digits = 0) {
    return value.toLocaleString(this.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** The time of day. @param {number} seconds since 1970 */
  time(seconds) {
    return new Date(seconds * 1000).toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit" });
  }

  /** @param {number} seconds since 1970 */
  day(seconds) {
    return new Date(seconds * 1000).toLocaleDateString(this.language, { dateStyle: "long" });
  }

  /** Date and time, for hovering. @param {number} seconds since 1970 */
  moment(seconds) {
    return new Date(seconds * 1000).toLocaleString(this.language, { dateStyle: "long", timeStyle: "medium" });
  }
}
