import assert from "node:assert/strict";
import { test } from "node:test";

import { LONGEST_MS, Outgoing, QUIET_MS } from "../../../src/acquis/kernel/static/kernel/outgoing.js";

/** A device, its clock and a server that acknowledges unless told otherwise. */
function bench({ seq = 0, kept = null } = {}) {
  const world = {
    time: 0,
    timers: [],
    sent: [],
    states: [],
    conflicts: [],
    kept,
    answers: [],
    clients: [],
    line: null,
  };
  const reply = (version) => ({ kind: "saved", seq: version.seq, savedAt: "2026-11-21T09:42:07Z", late: false });
  let stamps = 0;
  world.line = new Outgoing({
    seq,
    stamp: () => `tab:${(stamps += 1)}`,
    now: () => world.time,
    wait: (act, ms) => {
      const timer = { act, at: world.time + ms };
      world.timers.push(timer);
      return timer;
    },
    cancel: (timer) => {
      world.timers = world.timers.filter((other) => other !== timer);
    },
    send: async (version) => {
      const { client, ...sent } = version;
      world.sent.push(sent);
      world.clients.push(client);
      const answer = world.answers.shift();
      return answer ? (typeof answer === "function" ? answer(version) : answer) : reply(version);
    },
    store: {
      load: () => (world.kept ? JSON.parse(JSON.stringify(world.kept)) : null),
      keep: (value) => {
        world.kept = JSON.parse(JSON.stringify(value));
      },
      forget: () => {
        world.kept = null;
      },
    },
    changed: (state, detail) => world.states.push([state, detail]),
    conflict: (theirs, mine) => world.conflicts.push({ theirs, mine }),
  });
  world.pass = async (ms) => {
    for (let turn = 0; turn < 5; turn += 1) await null;
    const until = world.time + ms;
    for (;;) {
      const next = world.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      world.time = Math.max(world.time, next.at);
      world.timers = world.timers.filter((other) => other !== next);
      next.act();
      for (let turn = 0; turn < 5; turn += 1) await null;
    }
    world.time = until;
    for (let turn = 0; turn < 5; turn += 1) await null;
  };
  world.state = () => world.states.at(-1)?.[0];
  return world;
}

test("a pause sends the text once and forgets what the device kept", async () => {
  const world = bench({ seq: 4 });
  world.line.write("B");
  world.line.write("Bonjour");
  assert.equal(world.kept.text, "Bonjour");
  await world.pass(QUIET_MS);
  assert.deepEqual(world.sent, [{ seq: 5, text: "Bonjour" }]);
  assert.equal(world.state(), "saved");
  assert.equal(world.kept, null);
  assert.equal(world.line.pending, false);
});

test("typing without a pause is saved within a second", async () => {
  const world = bench();
  for (let key = 0; key <= LONGEST_MS / 100; key += 1) {
    world.line.write("x".repeat(key + 1));
    await world.pass(100);
  }
  assert.equal(world.sent.length, 1);
  assert.ok(world.sent[0].text.length >= LONGEST_MS / 100);
});

test("after a cut the sent version goes again unchanged, then the newest one", async () => {
  const world = bench();
  world.answers = [{ kind: "unreachable" }, { kind: "unreachable" }];
  world.line.write("un");
  await world.pass(QUIET_MS);
  assert.equal(world.state(), "offline");
  world.line.write("un deux");
  world.line.write("un deux trois");
  assert.deepEqual(world.kept, {
    sent: { seq: 1, text: "un", client: "tab:1" },
    text: "un deux trois",
    seq: 0,
  });
  await world.pass(20_000);
  assert.deepEqual(world.sent, [
    { seq: 1, text: "un" },
    { seq: 1, text: "un" },
    { seq: 1, text: "un" },
    { seq: 2, text: "un deux trois" },
  ]);
  assert.deepEqual(world.clients, ["tab:1", "tab:1", "tab:1", "tab:2"]);
  assert.equal(world.kept, null);
  assert.equal(world.state(), "saved");
});

test("the page says since when it is cut off", async () => {
  const world = bench();
  world.answers = [{ kind: "unreachable" }, { kind: "unreachable" }];
  world.time = 1000;
  world.line.write("un");
  await world.pass(QUIET_MS + 1500);
  const since = world.states.filter(([state]) => state === "offline").map(([, detail]) => detail.since);
  assert.deepEqual(since, [1000 + QUIET_MS, 1000 + QUIET_MS]);
});

test("a reopened page sends what the device kept, from the number it left", async () => {
  const world = bench({ seq: 7, kept: { sent: { seq: 3, text: "un", client: "old:9" }, text: "un deux", seq: 2 } });
  assert.equal(world.line.recover("un"), "un deux");
  await world.pass(20_000);
  assert.deepEqual(world.sent[0], { seq: 3, text: "un" });
  assert.equal(world.clients[0], "old:9");
  assert.equal(world.kept, null);
});

test("what the server already shows is not sent again", async () => {
  const world = bench({ seq: 3, kept: { sent: { seq: 3, text: "un", client: "old:9" }, text: null, seq: 2 } });
  assert.equal(world.line.recover("un"), null);
  await world.pass(20_000);
  assert.deepEqual(world.sent, []);
  assert.equal(world.kept, null);
});

test("two windows: both texts are kept until the person chooses", async () => {
  const world = bench();
  world.answers = [{ kind: "conflict", seq: 9, text: "l’autre", savedAt: "" }];
  world.line.write("le mien");
  await world.pass(QUIET_MS);
  assert.deepEqual(world.conflicts, [{ theirs: { text: "l’autre", seq: 9 }, mine: "le mien" }]);
  world.line.write("le mien, suite");
  await world.pass(20_000);
  assert.equal(world.sent.length, 1);
  assert.equal(world.kept.text, "le mien, suite");
  world.line.settle("le mien, suite", 9, true);
  await world.pass(0);
  assert.deepEqual(world.sent[1], { seq: 10, text: "le mien, suite" });
});

test("two windows: the text of the other one may stay", async () => {
  const world = bench();
  world.answers = [{ kind: "conflict", seq: 9, text: "l’autre", savedAt: "" }];
  world.line.write("le mien");
  await world.pass(QUIET_MS);
  world.line.settle("l’autre", 9);
  assert.equal(world.line.pending, false);
  assert.equal(world.kept, null);
  world.line.write("la suite");
  await world.pass(QUIET_MS);
  assert.deepEqual(world.sent[1], { seq: 10, text: "la suite" });
});

test("a refusal keeps the text on the device and says why", async () => {
  const world = bench();
  world.answers = [{ kind: "refused", message: "Le temps est écoulé." }];
  world.line.write("trop tard");
  await world.pass(QUIET_MS + 60_000);
  assert.equal(world.sent.length, 1);
  assert.equal(world.kept.text, "trop tard");
  assert.deepEqual(world.states.at(-1), ["refused", { message: "Le temps est écoulé." }]);
});
