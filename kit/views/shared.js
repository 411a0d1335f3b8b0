// Shared texts as the facilitator looks them over, before the room sees them.

import { fill, h } from "./parts.js";

/** @typedef {{id: string, told: string, state: "waiting" | "shown" | "struck"}} Line */

/**
 * The section above a result; empty where nobody has shared a text. Its console sends, knows the sentences and has a
 * region where news are told.
 */
export class SharedTexts {
  /** @param {any} console */
  constructor(console) {
    this.console = console;
    this.uid = `${console.uid}-texts`;
    this.element = h("div", { class: "kit-looked" });
    this.slug = "";
    this.pressed = ""; // the key of the button whose answer is awaited
  }

  /** @param {string} slug @param {Line[]} lines */
  show(slug, lines) {
    this.slug = slug;
    this.element.replaceChildren(...(lines.length ? [this.section(lines)] : []));
    if (!this.pressed) return;
    const next = this.element.querySelector(`[data-key="${CSS.escape(this.pressed)}"]`) ?? this.element.querySelector("h3");
    /** @type {HTMLElement | null} */ (next)?.focus();
    this.pressed = "";
  }

  /** @param {Line[]} lines */
  section(lines) {
    const { ui } = this.console;
    const waiting = lines.filter((one) => one.state === "waiting").length;
    const title = `${this.uid}-title`;
    return h(
      "section",
      { class: "kit-panel", "aria-labelledby": title },
      h("h3", { id: title, tabindex: "-1", text: ui.texts_title }),
      h("p", { class: "kit-hint", text: ui.texts_lead }),
      h("p", { class: "kit-list-title", text: waiting ? fill(ui.texts_waiting, { n: waiting }) : ui.texts_none }),
      h("ul", { class: "kit-plain" }, ...lines.map((one) => this.line(one))),
      waiting > 0 && h("div", { class: "kit-row" }, this.button("texts/show", fill(ui.texts_show, { n: waiting }), "", "show")),
    );
  }

  /** @param {Line} one */
  line({ id, told, state }) {
    const sentence = `${this.uid}-${id}`;
    const words = h(state === "struck" ? "s" : "span", { id: sentence, text: told });
    const struck = state === "struck";
    // The same key for both, so that the focus stays where it was.
    const button = this.button(`texts/${id}`, struck ? this.console.ui.texts_back : this.console.ui.texts_strike, id, struck ? "" : "strike", sentence);
    const says = h("span", { class: "kit-hint", text: this.console.ui[`texts_${state}_one`] });
    return h("li", { class: "kit-card", "data-text": id, "data-state": state }, h("p", {}, words), h("div", { class: "kit-row" }, button, says));
  }

  /** @param {string} key @param {string} label @param {string} text @param {string} choice @param {string} [sentence] */
  button(key, label, text, choice, sentence) {
    const onclick = () => {
      this.pressed = key;
      this.console.ask({ kind: "text", slug: this.slug, text, choice });
    };
    return h("button", { type: "button", class: "kit-button", "data-key": key, "aria-describedby": sentence ?? null, text: label, onclick });
  }
}
