// What stands around the questions of a form: its head, sections with their headings, results.

import { field } from "./fields.js";
import { fill, h, keepKeys } from "./parts.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {{id: string, items: Item[], title?: string, lead?: string}} Section */
/** @typedef {{slug: string, title: string, intro: string, minutes: number, sections: Section[]}} Content */
/** @typedef {import("./fields.js").Sheet & {page: {content: Content}, notes: import("./notes.js").Notes, briefed?: boolean}} Written */

// A window that is narrower (pixels) is a phone's.
const NARROW = 640;
// Where less than this is in sight (pixels), what an exercise is about waits in a fold for who wants it.
const ROOMY = 900;
// A first section's lead that is longer than this (characters) waits in a fold there, so that the first answer is in sight.
const LONG = 150;

/** Whether little is in sight at once. */
export function isSmall() {
  return innerHeight < ROOMY;
}

/** @param {Written} form @param {number} level */
export function head(form, level) {
  const { ui, closed, page: { content } } = form;
  const about = h(
    "details",
    { class: "kit-about", "data-key": "about", open: form.briefed ?? !isSmall() },
    h("summary", { "data-key": "fold/exercise", text: `${ui.about} ${fill(ui.minutes, { n: content.minutes })}` }),
    h("p", { class: "kit-lead", text: content.intro }),
    h("p", { class: "kit-meta", text: ui.free }),
  );
  about.addEventListener("toggle", () => (form.briefed = about.open));
  return h(
    "header",
    { class: "kit-head" },
    h(`h${level}`, { text: content.title }),
    about,
    closed && h("p", { class: "kit-note kit-closed", text: ui.closed }),
  );
}

/** @param {Written} form @param {Section} section @param {number} level */
export function section(form, { id, title, lead, items }, level) {
  const { ui } = form;
  const heading = `${form.uid}-${id}`;
  const journal = items.some((item) => item.kind === "journal");
  // A choice that rates a text stands with that text.
  const rated = new Map(items.filter((item) => item.about).map((item) => [item.about, item]));
  const shown = items.filter((item) => !item.about || !items.some((one) => one.id === item.about));
  return h(
    "section",
    { class: "kit-section", "aria-labelledby": title ? heading : null },
    title && h(`h${level}`, { id: heading, text: title }),
    lead && opening(form, id, lead),
    journal && h("p", { class: "kit-note kit-device", text: ui.journal_note }),
    journal && h("p", { class: "kit-note kit-unkept", hidden: form.notes.kept, text: ui.journal_unkept }),
    ...shown.map((item) => field(form, item, rated.get(item.id))),
  );
}

/** What stands below a section's heading. @param {Written} form @param {string} id @param {string} lead */
function opening({ ui, page: { content } }, id, lead) {
  const told = h("p", { class: "kit-lead", text: lead });
  if (!isSmall() || lead.length <= LONG || content.sections[0].id !== id) return told;
  return h("details", { class: "kit-about", "data-key": `lead/${id}` }, h("summary", { "data-key": `fold/lead/${id}`, text: ui.about_part }), told);
}

/**
 * A part of the end of an exercise that is second to one's own picture: on a phone it waits in a fold.
 *
 * @param {import("./form.js").Form} form @param {string} key @param {string} title @param {...import("./parts.js").Child} parts
 */
export function endPart(form, key, title, ...parts) {
  const open = form.folds.get(key) ?? (form.steps.whole || innerWidth >= NARROW);
  const fold = h("details", { class: `kit-details kit-end kit-${key}`, open }, h("summary", { "data-key": key, text: title }), h("div", { class: "kit-end-in" }, ...parts));
  // Only what a person does is kept; what printing opens is shut again.
  fold.firstElementChild.addEventListener("click", () => form.folds.set(key, !fold.open));
  return fold;
}

/** @param {string} html Made and escaped by kit.views.html. */
export function result(html) {
  if (!html) return null;
  const box = h("div", { class: "kit-result" });
  box.innerHTML = html;
  for (const one of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("summary, [tabindex]"))) keepKeys(one);
  return box;
}
