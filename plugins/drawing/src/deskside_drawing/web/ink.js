// @ts-check
/**
 * Strokes as a page draws them, the same way as the customer's machine does.
 * @typedef {[number, number]} Point
 * @typedef {{id: number, by: number, mark: number, shape: string, colour: string, width: number,
 *   points: Point[], is_done: boolean}} Stroke
 */

export const SHAPES = ["curve", "arrow", "line", "rectangle", "circle"];
const HEAD_ANGLE = (26 * Math.PI) / 180;
const SHORTEST_HEAD = 14;

/**
 * @param {CanvasRenderingContext2D} context in the customer's pixels
 * @param {Stroke} stroke
 */
export function drawStroke(context, stroke) {
  context.strokeStyle = stroke.colour;
  context.lineWidth = stroke.width;
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  const first = stroke.points[0];
  const last = stroke.points[stroke.points.length - 1];
  context.moveTo(first[0], first[1]);
  if (stroke.points.length === 1) context.lineTo(first[0] + 0.1, first[1]);
  else if (stroke.shape === "curve") bend(context, stroke.points);
  else if (stroke.shape === "rectangle") context.rect(first[0], first[1], last[0] - first[0], last[1] - first[1]);
  else if (stroke.shape === "circle") round(context, first, last);
  else {
    context.lineTo(last[0], last[1]);
    if (stroke.shape === "arrow") head(context, first, last, stroke.width);
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} points */
function bend(context, points) {
  for (let at = 1; at < points.length - 1; at += 1) {
    const [x, y] = points[at];
    const [nextX, nextY] = points[at + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  const last = points[points.length - 1];
  context.lineTo(last[0], last[1]);
}

/** @param {CanvasRenderingContext2D} context @param {Point} first @param {Point} last */
function round(context, first, last) {
  const middle = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
  const radius = [Math.abs(last[0] - first[0]) / 2, Math.abs(last[1] - first[1]) / 2];
  context.moveTo(middle[0] + radius[0], middle[1]);
  context.ellipse(middle[0], middle[1], radius[0], radius[1], 0, 0, 2 * Math.PI);
}

/** @param {CanvasRenderingContext2D} context @param {Point} first @param {Point} last @param {number} width */
function head(context, first, last, width) {
  const length = Math.max(SHORTEST_HEAD, 4 * width);
  const back = Math.atan2(first[1] - last[1], first[0] - last[0]);
  for (const turn of [-HEAD_ANGLE, HEAD_ANGLE]) {
    context.moveTo(last[0], last[1]);
    context.lineTo(last[0] + length * Math.cos(back + turn), last[1] + length * Math.sin(back + turn));
  }
}
