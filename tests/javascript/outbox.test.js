// Changes on their way to the store, without a page: a clock of the test's own, and a line that can be cut.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Outbox } from "../../kit/views/outbox.js";
import { storage } from "./storage.js";

/** @type {any[]} */
let sent;
/** @type {Map<string, number>} */
let revisions;
/** @type {Outbox} */
let outbox;
let down = false;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sent = [];
  down = false;
  revisions = new Map();
  outbox = new Outbox(
    (message) => {
      if (down) throw new Error("the line is down");
      sent.push(message);
    },
    (item) => revisions.get(item) ?? 0,
    () => {},
  );
});

test("a change is sent at once, with the revision that it changes", () => {
  revisions.set("a", 3);
  outbox.put("a", "yes");
  assert.deepEqual(sent, [{ kind: "answer", item: "a", value: "yes", revision: 3, n: 1 }]);
  assert.equal(outbox.state("a"), "saving");
});

test("what changes while an answer is awaited is sent after it, and only the latest", () => {
  outbox.put("a", 1);
  outbox.put("a", 2);
  outbox.put("a", 3);
  assert.equal(sent.length, 1);
  assert.equal(outbox.settle("a", 1), false, "something newer waits");
  assert.deepEqual(sent.map((one) => one.value), [1, 3]);
  assert.equal(outbox.settle("a", 3), true);
  assert.equal(outbox.size, 0);
});

test("without an answer it is sent again, and said to be late", () => {
  outbox.put("a", 1);
  mock.timers.tick(4_000);
  assert.equal(sent.length, 2);
  assert.equal(outbox.state("a"), "late");
  assert.ok(outbox.late);
  mock.timers.tick(7_999);
  assert.equal(sent.length, 2, "each wait is longer than the one before");
  mock.timers.tick(1);
  assert.equal(sent.length, 3);
});

test("a line that is down loses nothing: it is sent when the line is back", () => {
  down = true;
  outbox.put("a", 1);
  outbox.put("b", 2);
  assert.deepEqual(sent, []);
  down = false;
  outbox.resend();
  assert.deepEqual(sent.map((one) => one.item), ["a", "b"]);
});

test("an answer that comes twice settles once and sends nothing", () => {
  outbox.put("a", 1);
  assert.ok(outbox.settle("a", 1));
  assert.ok(outbox.settle("a", 1));
  assert.equal(sent.length, 1);
});

test("what is stopped is sent by no timer", () => {
  outbox.put("a", 1);
  outbox.stop();
  mock.timers.tick(60_000);
  assert.equal(sent.length, 1);
  assert.equal(outbox.size, 0);
});

test("a page that is loaded anew takes up what the one before it left", () => {
  storage("reload");
  outbox.put("a", "mine");
  outbox.put("b", "older");
  assert.ok(outbox.leave("reflection"));
  outbox.stop();
  sent = [];
  revisions.set("b", 1); // changed elsewhere since
  const found = new Map();
  outbox.takeUp("reflection", (item, value) => found.set(item, value));
  assert.deepEqual([...found], [["a", "mine"]]);
  assert.deepEqual(sent.map((one) => one.item), ["a"]);
  outbox.stop();
  outbox.takeUp("reflection", () => assert.fail("it is told once"));
});

test("somebody who comes to the page by another way gets nothing of what was left", () => {
  storage("navigate");
  outbox.put("a", "theirs");
  outbox.leave("reflection");
  outbox.stop();
  outbox.takeUp("reflection", () => assert.fail("it is somebody else's"));
  assert.equal(sessionStorage.getItem("kit-unsent-reflection"), null);
});

test("a browser that keeps nothing is told apart", () => {
  storage("reload");
  sessionStorage.setItem = () => {
    throw new Error("blocked");
  };
  outbox.put("a", 1);
  assert.equal(outbox.leave("reflection"), false);
});
