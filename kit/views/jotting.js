// What a trainer writes down about the block that is on, for themselves and whoever leads with them.

import { h, unique } from "./parts.js";

/** @typedef {{now: {id: string, note: string} | null, ui: Record<string, string>}} Head */

export class Notes {
  /** @param {{ask: (wish: object) => void}} agenda */
  constructor(agenda) {
    this.agenda = agenda;
    const id = unique();
    this.text = h("textarea", { id, rows: "3", maxlength: "600", "data-key": "agenda/note", "aria-describedby": `${id}-hint` });
    this.label = h("label", { for: id });
    this.hint = h("p", { class: "kit-hint", id: `${id}-hint` });
    this.keep = h("button", { type: "submit", class: "kit-button kit-quiet", "data-key": "agenda/keep" });
    this.summary = h("summary", { "data-key": "agenda/notes" });
    /** @type {HTMLElement} */
    this.element = h("details", { class: "kit-details" }, this.summary, h("form", { onsubmit: (/** @type {SubmitEvent} */ event) => this.send(event) }, this.label, this.hint, this.text, this.keep));
    this.block = "";
    this.kept = ""; // what was kept when it was last drawn
    this.sent = "";
  }

  /** @param {Head} head What is being typed about a block stays as long as it is on. */
  draw({ now, ui }) {
    this.element.hidden = !now;
    if (!now) return;
    if (now.id !== this.block || [this.kept, this.sent].includes(this.text.value)) this.text.value = now.note;
    [this.block, this.kept] = [now.id, now.note];
    this.summary.textContent = now.note ? ui.notes_some : ui.notes;
    this.label.textContent = ui.notes_label;
    this.hint.textContent = ui.notes_hint;
    this.keep.textContent = ui.notes_keep;
  }

  /** @param {SubmitEvent} event */
  send(event) {
    event.preventDefault();
    this.sent = this.text.value;
    this.agenda.ask({ deed: "note", block: this.block, note: this.sent });
  }
}
