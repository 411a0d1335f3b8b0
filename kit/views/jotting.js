// What a trainer writes down about the block that is on, for themselves and whoever leads with them.

import { fill, h, unique } from "./parts.js";

/** @typedef {{now: {id: string, note: string} | null, blocks: {id: string, title: string}[], ui: Record<string, string>}} Head */

export class Notes {
  /** @param {{ask: (wish: object) => void}} agenda */
  constructor(agenda) {
    this.agenda = agenda;
    const id = unique();
    this.text = h("textarea", { id, rows: "3", maxlength: "600", "data-key": "agenda/note", oninput: () => (this.typing = true), "aria-describedby": `${id}-hint` });
    this.label = h("label", { for: id });
    this.about = h("p", { class: "kit-note", hidden: true });
    this.hint = h("p", { class: "kit-hint", id: `${id}-hint` });
    this.keep = h("button", { type: "submit", class: "kit-button kit-quiet", "data-key": "agenda/keep" });
    this.summary = h("summary", { "data-key": "agenda/notes" });
    /** @type {HTMLElement} */
    this.element = h("details", { class: "kit-details" }, this.summary, h("form", { onsubmit: (/** @type {SubmitEvent} */ event) => this.send(event) }, this.about, this.label, this.hint, this.text, this.keep));
    this.block = "";
    this.typing = false; // since it was last kept
  }

  /** @param {Head} head What is being typed about a block stays, and goes to that block, until it is kept. */
  draw({ now, blocks, ui }) {
    this.element.hidden = !now;
    if (!now) return;
    const { typing } = this;
    const before = blocks.find((one) => one.id === this.block && one.id !== now.id);
    this.about.hidden = !(typing && before);
    this.about.textContent = before ? fill(ui.notes_about, { title: before.title }) : "";
    if (typing && before) this.element.setAttribute("open", "");
    else {
      if (!typing || now.id !== this.block) this.text.value = now.note;
      this.block = now.id;
    }
    this.summary.textContent = now.note ? ui.notes_some : ui.notes;
    this.label.textContent = ui.notes_label;
    this.hint.textContent = ui.notes_hint;
    this.keep.textContent = ui.notes_keep;
  }

  /** @param {SubmitEvent} event */
  send(event) {
    event.preventDefault();
    this.typing = false;
    this.agenda.ask({ deed: "note", block: this.block, note: this.text.value });
  }
}
