// What the room decided and what it asks of its partners, typed at the end for the first page of the report.

import { fill, h, unique } from "./parts.js";

/** @typedef {"decided" | "asks"} Field */

/** @type {Field[]} */
const FIELDS = ["decided", "asks"];

export class Closing {
  /** @param {{ask: (message: object) => void}} console */
  constructor(console) {
    this.console = console;
    this.uid = unique();
    /** @type {HTMLElement} */
    this.element = h("section", { class: "kit-card", "aria-labelledby": `${this.uid}-title` });
    // They stay, so that what is being typed is not lost when somebody joins.
    /** @type {Record<Field, HTMLTextAreaElement>} */
    this.texts = { decided: this.text("decided"), asks: this.text("asks") };
    /** What was kept when the fields were last drawn. @type {Record<Field, string>} */
    this.kept = { decided: "", asks: "" };
    /** Where something was typed since it was last sent. @type {Set<Field>} */
    this.typed = new Set();
    this.lang = "";
  }

  /** @param {Field} field @returns {HTMLTextAreaElement} */
  text(field) {
    return h("textarea", { id: `${this.uid}-${field}`, rows: "4", "aria-describedby": `${this.uid}-room`, "data-key": `closing/${field}`, oninput: () => this.typed.add(field) });
  }

  /** @param {any} page */
  draw(page) {
    for (const field of FIELDS) {
      const now = page.closing[field];
      // What is being typed stays; what another console kept is taken over where nothing is.
      if (now !== this.kept[field] && !this.typed.has(field)) this.texts[field].value = now;
      this.kept[field] = now;
      this.texts[field].maxLength = page.closing.limit;
    }
    if (page.lang === this.lang) return;
    this.lang = page.lang;
    const { ui } = page;
    this.element.replaceChildren(
      h("h2", { id: `${this.uid}-title`, text: ui.closing_title }),
      h("p", { class: "kit-hint", text: ui.closing_lead }),
      h("p", { class: "kit-hint", id: `${this.uid}-room`, text: fill(ui.closing_room, { limit: page.closing.limit }) }),
      h(
        "form",
        { onsubmit: (/** @type {SubmitEvent} */ event) => this.keep(event) },
        ...FIELDS.flatMap((field) => [h("label", { for: this.texts[field].id, text: ui[`closing_${field}`] }), this.texts[field]]),
        h("div", { class: "kit-row" }, h("button", { type: "submit", class: "kit-button", "data-key": "closing", text: ui.closing_keep })),
      ),
    );
  }

  /** @param {SubmitEvent} event */
  keep(event) {
    event.preventDefault();
    this.typed.clear();
    this.console.ask({ kind: "conclude", decided: this.texts.decided.value, asks: this.texts.asks.value });
  }
}
