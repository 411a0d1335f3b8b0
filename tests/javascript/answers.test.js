// What a person has answered, without a page.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Answers } from "../../kit/views/answers.js";
import { storage } from "./storage.js";

const ITEMS = [
  { id: "rate", kind: "choice", text: "Rate", options: [{ id: "yes", label: "Yes" }, { id: "no", label: "No" }] },
  { id: "why", kind: "text", text: "Why", limit: 10, share: true },
  { id: "note", kind: "journal", text: "A note", limit: 100 },
  { id: "plan", kind: "rows", text: "Plan", columns: [{ id: "what", kind: "text", label: "What", limit: 20 }] },
];
const [RATE, WHY, NOTE, PLAN] = /** @type {any[]} */ (ITEMS);

/** @type {any[]} */
let sent;
/** @type {Record<string, any>} */
let traits;
/** @type {Answers} */
let answers;

class Told extends Answers {
  /** @type {string[]} */
  said = [];
  /** @param {string} sentence */
  tell(sentence) {
    this.said.push(sentence);
  }
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  storage();
  sent = [];
  const page = { ui: { over_problem: "{n} too many" }, content: { slug: "pulse", sections: [{ id: "s", items: ITEMS }] } };
  traits = { page_json: JSON.stringify(page), is_open: true };
  answers = new Told({ get: (name) => traits[name], send: (message) => sent.push(message), on: () => {}, off: () => {} });
});

const values = () => sent.map(({ item, value }) => [item, value]);

test("a choice is sent at once", () => {
  answers.choose(RATE, "yes");
  assert.deepEqual(values(), [["rate", "yes"]]);
  answers.saved({ item: "rate", n: 1, revision: 1 });
  assert.deepEqual(answers.stored.get("rate"), { value: "yes", revision: 1 });
  assert.equal(answers.unsaved, false);
});

test("a text is sent after a pause, and not when it says the same as before", () => {
  answers.type(WHY, "be");
  answers.type(WHY, "because");
  assert.deepEqual(values(), []);
  assert.ok(answers.unsaved);
  mock.timers.tick(600);
  assert.deepEqual(values(), [["why", { text: "because", share: false }]]);
  answers.saved({ item: "why", n: 1, revision: 1 });
  answers.type(WHY, " because  ");
  mock.timers.tick(600);
  assert.equal(sent.length, 1);
});

test("a consent that was given before the words goes with them", () => {
  answers.share(WHY, true);
  assert.deepEqual(values(), []);
  answers.type(WHY, "words");
  answers.commitAll();
  assert.deepEqual(values(), [["why", { text: "words", share: true }]]);
});

test("a text that is too long is held back and told, counted as people count", () => {
  answers.type(WHY, "👩🏽".repeat(5)); // two characters each, four code units
  answers.commitAll();
  assert.equal(sent.length, 1);
  answers.type(WHY, "x".repeat(13));
  answers.commitAll();
  assert.equal(sent.length, 1);
  assert.equal(answers.problems.get("why"), "3 too many");
  assert.ok(answers.unsaved);
});

test("a journal entry is in no message", () => {
  answers.type(NOTE, "only mine");
  answers.commitAll();
  mock.timers.tick(60_000);
  assert.deepEqual(sent, []);
  assert.equal(answers.value(NOTE), "only mine");
});

test("what is stored elsewhere is taken over, but not under somebody's fingers", () => {
  answers.choose(RATE, "yes");
  answers.type(WHY, "typing");
  answers.take({ rate: { value: "no", revision: 4 }, why: { value: { text: "old", share: false }, revision: 2 } });
  assert.equal(answers.values.get("rate"), "yes");
  assert.equal(answers.values.get("why").text, "typing");
  answers.saved({ item: "rate", n: 1, revision: 5 });
  answers.take({ rate: { value: "no", revision: 6 } });
  assert.equal(answers.values.get("rate"), "no");
});

test("a refused choice goes back to what is stored, with the reason", () => {
  answers.take({ rate: { value: "no", revision: 4 } });
  answers.choose(RATE, "yes");
  answers.refused({ item: "rate", n: 1, message: "Not now.", value: "no", revision: 4 });
  assert.equal(answers.values.get("rate"), "no");
  assert.equal(answers.problems.get("rate"), "Not now.");
  assert.deepEqual(/** @type {any} */ (answers).said, ["Not now."]);
});

test("where the store cannot write for now, the answer goes on waiting", () => {
  answers.choose(RATE, "yes");
  answers.refused({ item: "rate", n: 1, message: "The disk is full.", value: null, revision: 0, again: true });
  assert.equal(answers.values.get("rate"), "yes");
  assert.equal(answers.outbox.size, 1);
});

test("rows have ids in order, are sent tidy, and are taken back only where somebody has them", () => {
  const first = /** @type {string} */ (answers.newRow(PLAN));
  assert.equal(first, "plan.r0000");
  answers.values.set(first, {});
  answers.setField(PLAN, first, "what", "  call   them ", false);
  answers.commitAll();
  assert.deepEqual(values(), [[first, { what: "call them", share: false }]]);
  const second = /** @type {string} */ (answers.newRow(PLAN));
  answers.values.set(second, {});
  assert.deepEqual(answers.rows(PLAN), ["plan.r0000", "plan.r0001"]);
  answers.dropRow(second);
  assert.equal(sent.length, 1, "nobody has heard of it");
  answers.saved({ item: first, n: 1, revision: 1 });
  answers.dropRow(first);
  assert.deepEqual(values().at(-1), [first, null]);
  assert.equal(answers.newRow(PLAN), "plan.r0002", "an id is never used again");
});

test("in a closed exercise nothing is chosen or filled in", () => {
  traits.is_open = false;
  answers.choose(RATE, "yes");
  answers.setField(PLAN, "plan.r0000", "what", "x", true);
  answers.commit(WHY);
  answers.commitAll();
  assert.deepEqual(sent, []);
});

test("what was typed before it was closed is still sent, once", () => {
  answers.type(WHY, "words");
  traits.is_open = false;
  answers.commitAll();
  answers.commitAll();
  mock.timers.tick(60_000);
  assert.deepEqual([...new Set(sent.map((one) => one.n))], [1]);
  assert.equal(sent[0].value.text, "words");
});
