// "Keep a copy": what the file says, without a page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "../../kit/views/copy.js";

const OPTIONS = [{ id: "yes", label: "Yes" }, { id: "no", label: "No" }];
const ITEMS = [
  { id: "rate", kind: "choice", text: "Do you agree?", options: OPTIONS },
  { id: "why", kind: "text", text: "Why?" },
  { id: "note", kind: "journal", text: "For you alone" },
  {
    id: "plan", kind: "rows", text: "Your plan",
    columns: [{ id: "what", label: "What" }, { id: "who", label: "Who", options: [{ id: "us", label: "We" }, { id: "them", label: "They" }] }],
  },
];
/** @type {Record<string, any>} */
const VALUES = {
  rate: "yes",
  why: { text: " Because. ", share: false },
  note: "mine",
  "plan.r0000": { what: "Call", who: ["us", "them"] },
  "plan.r0001": { what: "Write" },
};

const FOLD = { open: false, dispatchEvent: () => true };
/** What a person sees of it, and what is folded away. */
const PICTURE = {
  get innerText() {
    return FOLD.open ? "Your picture, and the rest of it" : "Your picture";
  },
  querySelectorAll: () => [FOLD],
};

/** @param {Record<string, any>} values @param {typeof PICTURE} [picture] @returns {any} */
function form(values, picture) {
  return {
    page: { content: { title: "A look back", sections: [{ id: "s", title: "Part one", items: ITEMS }] } },
    regions: { picture: { querySelector: () => picture ?? null } },
    value: (/** @type {any} */ item) => values[item.id] ?? (item.kind === "journal" ? "" : null),
    rows: (/** @type {any} */ item) => Object.keys(values).filter((id) => id.startsWith(`${item.id}.`)),
  };
}

test("answers stand under their questions, in the words that the person chose", () => {
  assert.equal(plain(form(VALUES), false, true), [
    "A look back", "", "Part one", "",
    "Do you agree?", "    Yes", "",
    "Why?", "    Because.", "",
    "Your plan", "    What: Call; Who: We, They", "    What: Write", "",
  ].join("\r\n"));
});

test("notes are in the copy only when they are wanted, and answers too", () => {
  assert.ok(!plain(form(VALUES), false, true).includes("mine"));
  const notes = plain(form(VALUES), true, false);
  assert.ok(notes.includes("mine"));
  assert.ok(!notes.includes("Because"));
});

test("what was not answered is not asked again in the copy", () => {
  assert.equal(plain(form({}), true, true), "A look back\r\n");
});

test("the person's own picture stands at the end, with what is folded away", () => {
  assert.ok(plain(form(VALUES, PICTURE), false, true).endsWith("Your picture, and the rest of it"));
  assert.equal(FOLD.open, false);
  assert.ok(!plain(form(VALUES, PICTURE), true, false).includes("Your picture"));
});
