// Before a reveal: what it would show and what not, and the decision, which is a second one of its own.

import { fill, h } from "./parts.js";

export class Looking {
  /** @param {{ask: (message: object) => void, ui: Record<string, any>, page: any, list: HTMLElement, draw: () => void, asked: boolean}} console */
  constructor(console) {
    this.console = console;
    this.slug = ""; // the exercise that is looked at
    this.wanted = ""; // the one that was asked about
    /** @type {string[]} */
    this.told = [];
  }

  /** @param {string} slug */
  ask(slug) {
    this.wanted = slug;
    this.console.ask({ kind: "foresee", slug });
  }

  /** @param {{slug: string, told: string[]}} message */
  hear({ slug, told }) {
    if (slug !== this.wanted) return;
    [this.wanted, this.slug, this.told] = ["", slug, told];
    this.console.draw();
    /** @type {HTMLElement | null} */ (this.console.list.querySelector(`[data-key="look-no/${CSS.escape(slug)}"]`))?.focus();
  }

  /** @param {boolean} reveal */
  decide(reveal) {
    const { slug } = this;
    this.slug = "";
    if (reveal) {
      this.console.asked = true;
      this.console.ask({ kind: "reveal", slug });
    } else {
      this.console.draw();
    }
    /** @type {HTMLElement | null} */ (this.console.list.querySelector(`[data-key="reveal/${CSS.escape(slug)}"]`))?.focus();
  }

  /** @param {{slug: string, title: string}} one @returns {HTMLElement | null} */
  panel({ slug, title }) {
    if (slug !== this.slug) return null;
    const { ui } = this.console;
    const button = (/** @type {string} */ key, /** @type {string} */ text, /** @type {string} */ kind, /** @type {boolean} */ reveal) =>
      h("button", { type: "button", class: `kit-button ${kind}`, "data-key": `${key}/${slug}`, text, onclick: () => this.decide(reveal) });
    const named = fill(ui.looking, { title });
    return h(
      "div",
      { class: "kit-ask", role: "group", "aria-label": named, onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && this.decide(false) },
      h("h4", { text: named }),
      h("p", { class: "kit-hint", text: ui.looking_safe }),
      h("ul", { class: "kit-list" }, ...this.told.map((text) => h("li", { text }))),
      h("p", { text: ui.reveal_question }),
      h("div", { class: "kit-row" }, button("look-no", ui.reveal_no, "", false), button("look-yes", ui.reveal_yes, "kit-danger", true)),
    );
  }
}
