// One's own answers as a document: what goes out, what comes back, what is not believed.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Answers } from "../../kit/views/answers.js";
import { givenIn, nothingCarried, notesIn, putInto, readCarried, shows, writeCarried } from "../../kit/views/carry.js";
import { Idle } from "../../kit/views/idle.js";
import { storage } from "./storage.js";

const ITEMS = [
  { id: "rate", kind: "choice", text: "Rate", options: [{ id: "yes", label: "Yes" }, { id: "no", label: "No" }] },
  { id: "late.start", kind: "choice", text: "A scene", options: [{ id: "go", label: "Go" }] },
  { id: "why", kind: "text", text: "Why", limit: 10, share: true },
  { id: "note", kind: "journal", text: "A note", limit: 100 },
  { id: "plan", kind: "rows", text: "Plan", columns: [{ id: "what", kind: "text", label: "What", limit: 20 }] },
];

/** @type {any[]} */
let sent;
/** @type {any} */
let form;

class Sheet extends Answers {
  wipe() {
    this.settleDown();
    this.values.clear();
    this.notes.erase();
  }
  draw() {}
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  storage();
  sent = [];
  const page = { alone: "abc", ui: {}, content: { slug: "pulse", sections: [{ id: "s", items: ITEMS }] } };
  const traits = /** @type {Record<string, any>} */ ({ page_json: JSON.stringify(page), is_open: true });
  form = new Sheet({ get: (name) => traits[name], send: (message) => sent.push(message), on: () => {}, off: () => {} });
});

test("what stands on a page comes back from its document", () => {
  form.values.set("rate", "yes");
  form.values.set("late.start", "go");
  form.values.set("why", { text: "  because ", share: false });
  form.values.set("plan.r0001", { what: "call", empty: "" });
  form.values.set("plan.r0002", {});
  form.values.set("else", "x");
  form.notes.set("note", "mine");
  const given = givenIn(form);
  assert.deepEqual(Object.keys(given).sort(), ["late.start", "plan.r0001", "rate", "why"]);
  const whole = { ...nothingCarried(), answers: { pulse: given }, notes: { pulse: notesIn(form) } };
  const read = /** @type {any} */ (readCarried(`\ufeff${writeCarried(whole, true)}`));
  assert.deepEqual(read, { ...whole, lang: "" });
  assert.ok(!writeCarried(whole, false).includes("mine"));
  form.wipe();
  assert.deepEqual(putInto(form, read.answers.pulse, read.notes.pulse), { taken: 5, left: [] });
  assert.deepEqual(givenIn(form), given);
  assert.equal(form.notes.get("note"), "mine");
  assert.deepEqual(sent.map(({ item }) => item).sort(), ["late.start", "plan.r0001", "rate", "why"]);
});

test("what was answered and is not in the copy is taken back", () => {
  form.take({ rate: { value: "yes", revision: 3 }, why: { value: { text: "so", share: false }, revision: 1 } });
  putInto(form, { why: { text: "so", share: false } }, {});
  assert.deepEqual(sent.map(({ item, value, revision }) => [item, value, revision]), [["rate", null, 3]]);
});

test("what does not fit is left out, and nothing of it is sent", () => {
  const odd = { rate: "maybe", why: { text: 3 }, plan: { what: "x" }, "plan.r1": { what: "x" }, "plan.r0003": { what: { a: 1 } }, other: "yes", note: "no" };
  assert.deepEqual(putInto(form, odd, { note: 12 }), { taken: 0, left: Object.keys(odd) });
  assert.deepEqual(sent, []);
});

test("a copy says of which version it is, and whether a page can show all of it is known before anything is put there", () => {
  const told = { ...nothingCarried(), answers: { pulse: { rate: "yes" } }, versions: /** @type {any} */ ({ pulse: 2, odd: "x", less: 0 }) };
  const read = /** @type {any} */ (readCarried(writeCarried(told, false)));
  assert.deepEqual(read.versions, { pulse: 2 });
  assert.ok(shows(form, {}));
  assert.ok(shows(form, { rate: "yes", why: { text: "so", share: false } }));
  assert.ok(!shows(form, { rate: "yes", gone: "yes" }));
  assert.deepEqual(sent, []);
});

test("a file that is none, or of tomorrow, is told apart", () => {
  const told = JSON.parse(writeCarried(nothingCarried(), false));
  for (const bad of ["", "null", "[]", "{}", JSON.stringify({ ...told, exercises: [] }), JSON.stringify({ ...told, version: "x" })]) {
    assert.equal(readCarried(bad), "bad", bad);
  }
  assert.equal(readCarried(JSON.stringify({ ...told, version: 2 })), "newer");
  const mended = /** @type {any} */ (readCarried(JSON.stringify({ ...told, person: "Marie", edition: -1, notes: [] })));
  assert.match(mended.person, /^[0-9a-f]{32}$/);
  assert.deepEqual([mended.edition, mended.notes], [0, {}]);
});

test("before an idle server ends, it is said once, and again after something was done", () => {
  /** @type {number[]} */
  const told = [];
  const idle = new Idle(600, (left) => told.push(Math.round(left / 60)));
  mock.timers.tick(419_000);
  assert.deepEqual(told, []);
  idle.touch();
  mock.timers.tick(421_000);
  assert.deepEqual(told, [3]);
  mock.timers.tick(600_000);
  assert.equal(told.length, 1);
  idle.touch();
  mock.timers.tick(421_000);
  assert.equal(told.length, 2);
  idle.stop();
});

test("a server that waits for ever is not spoken of", () => {
  const idle = new Idle(0, () => assert.fail("told"));
  mock.timers.tick(10_000_000);
  idle.stop();
});
