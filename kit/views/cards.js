// Two cards that the facilitator opens when they are needed: what to do when it gets tense, and the keys.

import { h } from "./parts.js";

// Where a key means something of its own.
const OWN = "input, textarea, select, [contenteditable], audio, video";

export class Cards {
  /** @param {{model: import("./parts.js").Model, wall: import("./wall.js").Wall}} console */
  constructor(console) {
    this.console = console;
    this.lang = "";
    /** Whether "?" opens the list: who speaks to their computer turns it off. */
    this.single = true;
    this.element = h("div", { class: "kit-cards" });
    this.keys = h("details", { class: "kit-details" });
    document.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {{lang: string, ui: any}} page Drawn once for each language, so that a card that is open stays open. */
  draw({ lang, ui }) {
    if (this.lang === lang) return;
    this.lang = lang;
    const list = (/** @type {string} */ title, /** @type {string[]} */ lines) => [h("h3", { text: title }), h("ul", { class: "kit-list" }, ...lines.map((text) => h("li", { text })))];
    const tense = h(
      "details",
      { class: "kit-details kit-tense" },
      h("summary", { "data-key": "card/tense", text: ui.tense }),
      ...list(ui.tense_say, ui.tense_lines),
      ...list(ui.tense_do, ui.tense_deeds),
    );
    const single = h("input", { type: "checkbox", checked: this.single, onchange: () => (this.single = single.checked) });
    this.keys = h(
      "details",
      { class: "kit-details", open: this.keys.open },
      h("summary", { "data-key": "card/keys", text: ui.keys }),
      h("dl", { class: "kit-keys" }, ...ui.keys_all.flatMap((/** @type {string} */ line) => {
        const [key, ...told] = line.split(" – ");
        return [h("dt", {}, h("kbd", { text: key })), h("dd", { text: told.join(" – ") })];
      })),
      h("label", { class: "kit-option" }, single, h("span", { text: ui.keys_single })),
    );
    this.element.replaceChildren(tense, this.keys);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const target = /** @type {Element | null} */ (event.target);
    if (event.defaultPrevented || event.altKey || target?.matches?.(OWN)) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter") /** @type {HTMLElement | null} */ (document.querySelector('[data-key="agenda/act"]'))?.click();
      return;
    }
    if (event.key === "?" && this.single) {
      this.keys.open = !this.keys.open;
      if (this.keys.open) /** @type {HTMLElement | null} */ (this.keys.querySelector("summary"))?.focus();
    } else if (event.key === "ArrowRight") this.console.wall.turn(1);
    else if (event.key === "ArrowLeft") this.console.wall.turn(-1);
  }
}
