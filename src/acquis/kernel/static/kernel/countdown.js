// @ts-check
// Time left, worked out without a page: what the clock shows and when it speaks.

/** Seconds before the end at which the clock speaks. */
export const WARNINGS = [15 * 60, 5 * 60, 60, 0];

/**
 * Whole seconds left, rounded up so that « 0 » means over.
 *
 * The device's own clock may be wrong, so it only measures what has passed since the server spoke.
 *
 * @param {{endsAt: number, serverNow: number, heardAt: number}} clock milliseconds
 * @param {number} now milliseconds on the same scale as heardAt
 */
export function secondsLeft(clock, now) {
  const serverTime = clock.serverNow + (now - clock.heardAt);
  return Math.max(0, Math.ceil((clock.endsAt - serverTime) / 1000));
}

/** « 1:05:09 » or « 05:09 ». @param {number} seconds */
export function figures(seconds) {
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${two(minutes)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

/**
 * « 1 h 15 min », « 4 min », « 30 s »: minutes are rounded up, seconds only in the last one.
 *
 * @param {number} seconds
 * @param {{hour: string, minute: string, second: string}} units
 */
export function words(seconds, units) {
  if (seconds < 60) return `${seconds}\u00a0${units.second}`;
  const minutes = Math.ceil(seconds / 60);
  const parts = [];
  if (minutes >= 60) parts.push(`${Math.floor(minutes / 60)}\u00a0${units.hour}`);
  if (minutes % 60) parts.push(`${minutes % 60}\u00a0${units.minute}`);
  return parts.join("\u00a0");
}

/**
 * The warning crossed between two readings, the latest one if several were (a lid was closed).
 *
 * @param {number | null} before seconds left at the reading before; null at the first one
 * @param {number} after
 */
export function warningCrossed(before, after) {
  if (before === null) return null;
  const crossed = WARNINGS.filter((at) => before > at && after <= at);
  return crossed.length ? Math.min(...crossed) : null;
}

/** @param {number} seconds */
export function urgency(seconds) {
  if (seconds <= 60) return "last";
  return seconds <= 5 * 60 ? "soon" : "calm";
}
