// @ts-check
/** Which video this browser decodes: it is tried out with two tiny pictures each, for saying so is not enough. */

import { VIDEO_HEAD_BYTES } from "./checks.js";
import { headOf } from "./headers.js";
import { CODECS, Film, configOf } from "./video.js";

const SIDE = 64;
const PATIENCE_MS = 10_000;
/** How far a colour may be off after its way through a video. */
const NEAR = 24;
/** Red, then blue. */
const COLOURS = [
  [0xc0, 0x20, 0x20],
  [0x20, 0x40, 0xc0],
];
/** @type {Record<string, string[]>} */
const SAMPLES = {
  h264: [
    "AAEBAAAAAAFnZAAerLQhNNQEBAUAAAMAAQAAAwA8jxYuoAAAAAFo7zywAAAAAWWIhAS/3P4LuezZqcPZ9holfRrBFe8OdYtyQ659yRrPu+W5lOfMW3M=",
    "AAACAAAAAAFBmiYgt/+lDdmKYFNZHlHzUJ58u+R4UQrOVV231xT/BKg7PJrW/uWtBCjJh999RxLjY/WCzgTB2aY=",
  ],
  vp9: [
    "AQEBAIJJg0JAA/AD9gY4JBwYQgAAIEAAa0P//8TUnKo3wb5zY0Wlmo75JxdqG12QJCB0O2FVPhk//9JDZZFp941FzDJNagCXNBKgfK9EG0EvrsxJ/gEAP///94L/////uIeOeqQA",
    "AQACAIYAQJKcKElAAANwAAAFQAAVH////4Sj/////hKP////+Eo/////4Sj/////hKP///8JR////hKP///8JR/////wlH///+Eo////wlH///+Eo/////4Sj////CUf///4Sj////CUf/////z5T/////nyn/////PlP////+fKf////8+U////z5T////PlP///8+U/////58p////nyn///+fKf///58p/////z5T////PlP///8+U////z5QAA==",
  ],
  h264_full: [
    "AgEBAAAAAAFn9AAVkZaEJpqAgICgAAADACAAAAeR4sXUAAAAAWjuHGSAAAAAAWWIhD/+2b+BSh8rzGz3gUeOok/02/0B82tFLqe1T6f94gQUVJQN1aXh",
    "AgACAAAAAAFBmiIb/4x8Azf/8QOPCq5ZgXwLxequRyqpntS3WeBFcADBRFe4sFExB9TapdD7//EFDWquncl9T+4Q3VCZrPHWoYtKhpu6MraT3SiaIZ36iBxDdKFqS/QjU+4U+eODzUhCaE5osOOQfTEId3gZV+d3Dc2KZm76MpYKWcGeWPAAsIbGIO+uOifhaOgkRExMh2Km+/25pgn4cVZx1bVsKfer3FKb9MaNPpyVel5n9mSFMxtQHe3eilixSTZpxyKLwc4NceKMjpmhfOBBU9ndTzRW9ZQ3bw8IwUb0b4guKtCc+CxSOzM+tDZlSw0QZoc5GO9Tbs+sTuoHPS0q+QCF2azRTWTJ1uA=",
  ],
};

/** Return the codecs that came out right, best first. @returns {Promise<string[]>} */
export async function decodable() {
  if (typeof VideoDecoder !== "function" || typeof OffscreenCanvas !== "function") return [];
  const found = await Promise.all(CODECS.map(async (codec) => ((await isDecoded(codec).catch(() => false)) ? [codec] : [])));
  return found.flat();
}

/** @param {string} codec */
async function isDecoded(codec) {
  const samples = SAMPLES[codec].map((text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)));
  const head = headOf(codec, samples[0].subarray(VIDEO_HEAD_BYTES));
  if (!head || !(await VideoDecoder.isConfigSupported(configOf(head.config, SIDE, SIDE))).supported) return false;
  const film = new Film(() => {}, PATIENCE_MS);
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d");
  if (!context) return false;
  try {
    for (const [number, data] of samples.entries()) {
      // The second is not given before the first has come out: none may be held back.
      const frame = await film.decode({ x: 0, y: 0, width: SIDE, height: SIDE, packing: "video", data });
      if (!frame) return false;
      context.drawImage(frame, 0, 0);
      frame.close();
      const seen = context.getImageData(SIDE / 2, SIDE / 2, 1, 1).data;
      if (COLOURS[number].some((wanted, at) => Math.abs(wanted - seen[at]) > NEAR)) return false;
    }
    return true;
  } finally {
    film.end();
  }
}
