import assert from "node:assert/strict";
import { test } from "node:test";

import {
  figures,
  secondsLeft,
  urgency,
  warningCrossed,
  words,
} from "../../../src/acquis/kernel/static/kernel/countdown.js";

const UNITS = { hour: "h", minute: "min", second: "s" };

test("time left follows the server, not the device", () => {
  const clock = { endsAt: 60_000, serverNow: 0, heardAt: 5_000_000 };
  assert.equal(secondsLeft(clock, 5_000_000), 60);
  assert.equal(secondsLeft(clock, 5_000_001), 60);
  assert.equal(secondsLeft(clock, 5_059_999), 1);
  assert.equal(secondsLeft(clock, 5_060_000), 0);
  assert.equal(secondsLeft(clock, 9_000_000), 0);
});

test("figures and words", () => {
  assert.equal(figures(4509), "1:15:09");
  assert.equal(figures(309), "05:09");
  assert.equal(words(4500, UNITS), "1\u00a0h\u00a015\u00a0min");
  assert.equal(words(3600, UNITS), "1\u00a0h");
  assert.equal(words(3599, UNITS), "1\u00a0h");
  assert.equal(words(61, UNITS), "2\u00a0min");
  assert.equal(words(59, UNITS), "59\u00a0s");
});

test("each warning is said once, the latest when the lid was closed", () => {
  assert.equal(warningCrossed(901, 900), 900);
  assert.equal(warningCrossed(900, 899), null);
  assert.equal(warningCrossed(1000, 30), 60);
  assert.equal(warningCrossed(1, 0), 0);
  assert.equal(warningCrossed(null, 30), null);
});

test("time given back is no warning", () => {
  assert.equal(warningCrossed(50, 350), null);
});

test("urgency rises at five minutes and at one", () => {
  assert.deepEqual([301, 300, 61, 60, 0].map(urgency), ["calm", "soon", "soon", "last", "last"]);
});
