// What somebody alone carries along: what stands on this page, and what was brought from other exercises, as one document.

import { givenIn, nothingCarried, notesIn, putInto, shows, writeCarried } from "./carry.js";

/** @typedef {{answers: Record<string, any>, names: Record<string, string>}} Renewed  answers of an earlier edition as they are kept now, and what each was given to */
/** @typedef {{taken: number, left: string[], names: Record<string, string>, older: boolean}} Put */

const DAY = 86_400_000; // milliseconds
const EDITIONS_OF_A_DAY = 10_000;

export class Luggage {
  /** @param {import("./parts.js").Model} model */
  constructor(model) {
    this.model = model;
    /** @type {any} The form of this page, as soon as it is there. */
    this.form = null;
    this.carried = nothingCarried();
    /** What the last copy holds, and what was written last. */
    this.copied = this.written = "";
    /** @type {((found: Renewed) => void) | null} Who waits for the kernel to bring a copy up to date. */
    this.waits = null;
  }

  /** @returns {{lang: string, versions: Record<string, number>}} */
  get page() {
    return this.model.get("page");
  }

  get slug() {
    return this.form.page.content.slug;
  }

  /** Something stands on the page. */
  get stands() {
    return Object.keys(givenIn(this.form)).length + Object.keys(notesIn(this.form)).length > 0;
  }

  /** The last copy holds all of it. */
  get isCopied() {
    return this.now() === this.copied;
  }

  now() {
    const { answers, notes } = this.whole();
    return JSON.stringify([answers, notes]);
  }

  /** @returns {import("./carry.js").Carried} What was carried here from other exercises, and what stands on this page. */
  whole() {
    const { form, carried, slug } = this;
    // An exercise without answers is left out: brought back, it would take away what stands there.
    const own = (/** @type {Record<string, any>} */ given) => (Object.keys(given).length ? { [slug]: given } : {});
    /** @type {import("./carry.js").BySlug} */
    const answers = { ...carried.answers, ...own(givenIn(form)) };
    return {
      ...carried,
      lang: this.page.lang,
      answers,
      notes: { ...carried.notes, ...own(notesIn(form)) },
      versions: { ...carried.versions, ...(answers[slug] ? { [slug]: this.page.versions[slug] } : {}) },
    };
  }

  /** @param {boolean} notes The document as a text; its edition grows when something has changed. */
  text(notes) {
    this.form.commitAll();
    const now = this.now();
    if (now !== this.written) this.carried.edition += 1;
    this.written = now;
    return writeCarried(this.whole(), notes);
  }

  /** Each document for a workshop is a later one than the last, also from an older copy: on another day, the day decides. */
  later() {
    this.written = "";
    this.carried.edition = Math.max(this.carried.edition, Math.floor(Date.now() / DAY) * EDITIONS_OF_A_DAY);
  }

  /** @param {import("./carry.js").Carried} found @returns {Promise<Put>} */
  async put(found) {
    const { form, slug } = this;
    const { [slug]: answers = {}, ...others } = found.answers;
    const { [slug]: notes = {}, ...otherNotes } = found.notes;
    this.carried = { ...found, answers: others, notes: otherNotes };
    if (Object.keys(others).length) this.model.send({ kind: "others", answers: others, versions: found.versions });
    // A copy that does not say of which version it is, is of now where all of it can be shown, and else of the first.
    const shown = shows(form, answers);
    const newest = this.page.versions[slug];
    const version = found.versions[slug] ?? (shown ? newest : 1);
    const now = shown && version === newest ? { answers, names: {} } : await this.renewed(slug, version, answers);
    // A copy of other exercises leaves this one as it is.
    const here = found.answers[slug] || found.notes[slug];
    const done = here ? putInto(form, now.answers, notes) : { taken: 0, left: [] };
    const gone = Object.keys(answers).filter((id) => !(id in now.answers));
    return { taken: done.taken, left: [...gone, ...done.left], names: now.names, older: version < newest };
  }

  /** @param {string} slug @param {number} version @param {Record<string, any>} answers @returns {Promise<Renewed>} */
  renewed(slug, version, answers) {
    return new Promise((resolve) => {
      this.waits = resolve;
      this.model.send({ kind: "older", slug, version, answers });
    });
  }

  /** @param {Renewed} found What the kernel has made of an older copy. */
  hear(found) {
    const { waits } = this;
    this.waits = null;
    waits?.(found);
  }

  /** Everything was erased; what the kernel still brings up to date comes too late. */
  forget() {
    this.carried = nothingCarried();
    this.copied = this.written = "";
    this.waits = null;
    this.model.send({ kind: "others", answers: {} });
  }
}
