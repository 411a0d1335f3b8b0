// What a person has answered in one exercise: what is stored, what the page shows, what waits to be sent. No page is
// needed here; whoever draws one says how in `mark`, `putBack` and `tell`.

import { length, same } from "./fields.js";
import { Notes } from "./notes.js";
import { Outbox } from "./outbox.js";
import { fill } from "./parts.js";
import { cleanRow, nextKey, sameRow } from "./rows.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {import("./parts.js").Model} Model */
/** @typedef {import("./layout.js").Content} Content */
/** @typedef {{lang: string, alone: string, content: Content, files?: import("./files.js").Offered, ui: import("./parts.js").Texts}} Page */
/** @typedef {{value: any, revision: number}} Stored */

const TYPING_PAUSE = 600;

export class Answers {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.page = this.read(JSON.parse(model.get("page_json")));
    /** @type {Map<string, Stored>} */
    this.stored = new Map();
    /** @type {Map<string, any>} what the page shows, saved or not */
    this.values = new Map();
    /** @type {Map<string, string>} */
    this.problems = new Map();
    /** @type {Map<string, string>} the field of a row that its problem is about */
    this.beside = new Map();
    /** @type {Map<string, any>} texts and rows that wait for a pause in typing */
    this.typing = new Map();
    this.everSaved = false;
    // Alone, no address is sure to be the kit's own: the tab keeps nothing that nobody has asked it to keep.
    this.notes = new Notes(this.page.content.slug, !this.page.alone);
    this.outbox = new Outbox(
      (message) => model.send(message),
      (item) => this.stored.get(item)?.revision ?? 0,
      (item) => this.mark(item),
    );
  }

  /** @param {any} page What the kernel says of the page; a view of its own may make its questions of it. @returns {Page} */
  read(page) {
    return page;
  }

  /** @param {string} _id The state of an answer has changed. */
  mark(_id) {}

  /** @param {string} _id What was chosen does not hold: the page shows again what is held here. */
  putBack(_id) {}

  /** @param {string} _sentence */
  tell(_sentence) {}

  get ui() {
    return this.page.ui;
  }

  get closed() {
    return !this.model.get("is_open");
  }

  get items() {
    return this.page.content.sections.flatMap((section) => section.items);
  }

  // ---- what the kernel says ----

  /** @param {{item: string, n: number, revision: number}} message */
  saved({ item, n, revision }) {
    const waiting = this.outbox.waiting.get(item);
    const value = waiting?.n === n ? waiting.value : this.stored.get(item)?.value;
    this.stored.set(item, { value: value ?? null, revision });
    this.everSaved = true;
    this.problems.delete(item);
    if (this.outbox.settle(item, n)) this.mark(item);
  }

  /** @param {{item: string, n: number, message: string, column?: string, value: any, revision: number, again?: boolean}} message */
  refused({ item, n, message, column, value, revision, again }) {
    if (!again) {
      this.stored.set(item, { value, revision });
      if (!this.outbox.settle(item, n)) return;
      const asked = this.items.find((one) => one.id === item);
      if (asked?.kind === "choice") this.values.set(item, value);
      this.putBack(item);
    }
    this.problems.set(item, message);
    this.beside.set(item, column ?? "");
    this.mark(item);
    this.tell(message);
  }

  /**
   * Takes over what is stored; what is on its way, or being typed, stays as it is on the page.
   *
   * @param {Record<string, Stored>} answers
   */
  take(answers) {
    this.stored = new Map(Object.entries(answers));
    for (const item of this.items) {
      const busy = this.outbox.waiting.has(item.id) || this.typing.has(item.id);
      if (!busy && item.kind !== "journal" && item.kind !== "rows") this.values.set(item.id, answers[item.id]?.value ?? null);
    }
    for (const id of new Set([...this.values.keys(), ...this.stored.keys()].filter((one) => one.includes(".")))) {
      const busy = this.outbox.waiting.has(id) || this.typing.has(id);
      if (!busy) this.values.set(id, answers[id]?.value ?? null);
    }
  }

  // ---- what a field asks (see Sheet in fields.js) ----

  /** @param {Item} item */
  value(item) {
    return item.kind === "journal" ? this.notes.get(item.id) : this.values.get(item.id);
  }

  /** @param {Item} item @param {string | null} option */
  choose(item, option) {
    if (this.closed) return this.putBack(item.id);
    this.values.set(item.id, option);
    this.problems.delete(item.id);
    this.outbox.put(item.id, option);
  }

  /** @param {Item} item @param {string} text */
  type(item, text) {
    if (item.kind === "journal") return this.notes.set(item.id, text);
    this.values.set(item.id, { text, share: this.values.get(item.id)?.share ?? false });
    clearTimeout(this.typing.get(item.id));
    this.typing.set(item.id, setTimeout(() => this.commit(item), TYPING_PAUSE));
  }

  /** @param {Item} item @param {boolean} share */
  share(item, share) {
    this.values.set(item.id, { text: this.values.get(item.id)?.text ?? "", share });
    this.commit(item);
  }

  /** @param {string} id Whether nothing is taken any more; what was typed before is still sent, and its refusal told. */
  over(id) {
    return this.closed && !this.typing.has(id);
  }

  /** @param {Item} item Sends a text if it differs from what is stored or under way. */
  commit(item) {
    if (item.kind !== "text" || this.over(item.id)) return;
    clearTimeout(this.typing.get(item.id));
    this.typing.delete(item.id);
    const typed = this.values.get(item.id);
    const over = length(typed?.text ?? "") - (item.limit ?? 0);
    if (over > 0) return this.tooLong(item, over);
    const value = typed?.text.trim() ? { text: typed.text, share: typed.share } : null;
    const waiting = this.outbox.waiting.get(item.id);
    const last = waiting ? waiting.value : (this.stored.get(item.id)?.value ?? null);
    if (same(value, last) && !this.problems.has(item.id)) return this.mark(item.id);
    this.problems.delete(item.id);
    this.outbox.put(item.id, value);
  }

  // ---- lists of rows (see rows.js) ----

  /** @param {Item} item */
  rows(item) {
    return [...this.values].filter(([id, row]) => row && id.startsWith(`${item.id}.`)).map(([id]) => id).sort();
  }

  /** @param {Item} item @returns {string | null} The id of a new row; null when there can be no further one. */
  newRow(item) {
    const key = nextKey([...this.values.keys(), ...this.stored.keys()].filter((id) => id.startsWith(`${item.id}.`)));
    return key && `${item.id}.${key}`;
  }

  /** @param {string} id */
  dropRow(id) {
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    this.problems.delete(id);
    this.values.set(id, null);
    if (this.outbox.waiting.has(id) || this.stored.get(id)?.value) this.outbox.put(id, null);
  }

  /** @param {Item} _item @param {string} id @param {string} column @param {any} value @param {boolean} now */
  setField(_item, id, column, value, now) {
    if (this.closed) return;
    this.values.set(id, { ...this.values.get(id), [column]: value });
    clearTimeout(this.typing.get(id));
    if (now) this.commitRow(id, true);
    else this.typing.set(id, setTimeout(() => this.commitRow(id), TYPING_PAUSE));
  }

  /** @param {string} id @param {boolean} [changed] Sends a row if it differs from what is stored or under way. */
  commitRow(id, changed = this.typing.has(id) || this.problems.has(id)) {
    if (!changed || this.over(id)) return;
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    const row = cleanRow(this.values.get(id) ?? {});
    const waiting = this.outbox.waiting.get(id);
    const last = waiting ? waiting.value : (this.stored.get(id)?.value ?? null);
    if (sameRow(row, last) && !this.problems.has(id)) return this.mark(id);
    this.problems.delete(id);
    this.outbox.put(id, row);
  }

  /** @param {Item} item @param {number} over */
  tooLong(item, over) {
    this.problems.set(item.id, fill(this.ui.over_problem, { n: over }));
    this.mark(item.id);
  }

  commitAll() {
    for (const id of [...this.typing.keys()]) this.commitId(id);
  }

  /** @param {string} id */
  commitId(id) {
    const item = this.items.find((one) => one.id === id);
    if (item) this.commit(item);
    else this.commitRow(id);
  }

  /** Leaves what is unsaved to the page that this tab loads next. */
  leave() {
    this.commitAll();
    return Boolean(this.page.alone) || this.outbox.leave(this.page.content.slug);
  }

  /** Whether leaving now would lose something. */
  get unsaved() {
    // Alone, what is saved is no safer than what is not: nobody is held back.
    if (this.page.alone) return false;
    const mended = [...this.problems.keys()].some((id) => this.items.find((item) => item.id === id)?.kind !== "choice");
    return this.outbox.size > 0 || this.typing.size > 0 || mended;
  }

  /** Drops what waits to be sent. */
  settleDown() {
    this.outbox.stop();
    for (const timer of this.typing.values()) clearTimeout(timer);
    this.typing.clear();
  }
}
