// @ts-check
/**
 * Packets ↔ bytes: the page's half of `deskside.wire`.
 * @typedef {{channel: number, number: number, participant: number, body: Uint8Array}} Packet
 */

import { BadMessage, decode, encode } from "./msgpack.js";

export const CORE_CHANNEL = 0;
const MOST_CHANNELS = 1000;
const MOST_PARTICIPANTS = 2 ** 31 - 1;
const MAX_PACKET = 1024 * 1024 + 64;

/**
 * @param {number} channel
 * @param {number} number
 * @param {number} participant
 * @param {Uint8Array} body
 */
export function encodePacket(channel, number, participant, body) {
  return encode([channel, number, participant, body]);
}

/**
 * Read a packet, or throw BadMessage.
 * @param {Uint8Array} bytes
 * @returns {Packet}
 */
export function decodePacket(bytes) {
  const raw = decode(bytes, MAX_PACKET);
  if (!Array.isArray(raw) || raw.length !== 4) throw new BadMessage("a packet is a list of four");
  const [channel, number, participant, body] = raw;
  if (!(body instanceof Uint8Array)) throw new BadMessage("the body of a packet is bytes");
  return {
    channel: whole(channel, MOST_CHANNELS),
    number: whole(number, Number.MAX_SAFE_INTEGER),
    participant: whole(participant, MOST_PARTICIPANTS),
    body,
  };
}

/** @param {unknown} value @param {number} most */
function whole(value, most) {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
  throw new BadMessage(`a packet's numbers are whole and at most ${most}`);
}
