// What the facilitator decides about a revealed list, and the files that are made of it.

import { saveFile } from "./files.js";
import { fill, h } from "./parts.js";

/** @typedef {{id: string, told: string, choices: [string, string][], chosen: string}} Ask */
/** @typedef {{title: string, lead: string, filesTitle: string, filesLead: string, asks: Ask[], gives: {id: string, label: string}[]}} GroupList */

/**
 * The section below a result; empty where a result has no list. Its console sends, knows the sentences and has a
 * region where news are told.
 */
export class Decisions {
  /** @param {any} console */
  constructor(console) {
    this.console = console;
    this.uid = `${console.uid}-asks`;
    this.element = h("div", { class: "kit-decisions" });
    this.open = false; // whether the fold with what was decided stands open
    /** @type {{ask: string, at: number} | null} the decision whose answer is awaited */
    this.pressed = null;
  }

  /** @param {string} slug @param {GroupList | null} list */
  show(slug, list) {
    this.slug = slug;
    this.element.replaceChildren(...(list ? this.sections(list) : []));
    if (list && this.pressed) this.goOn(this.pressed);
    this.pressed = null;
  }

  /**
   * To the question that is asked again, to the next one, or (when none is left) to the heading.
   *
   * @param {{ask: string, at: number}} pressed
   */
  goOn({ ask, at }) {
    const left = [...this.element.querySelectorAll("li[data-ask]")];
    const next = left.find((one) => one.dataset.ask === ask) ?? left[Math.min(at, left.length - 1)];
    (next?.querySelector("button") ?? this.element.querySelector("h3"))?.focus();
  }

  /** @param {GroupList} list */
  sections({ title, lead, filesTitle, filesLead, asks, gives }) {
    const { ui } = this.console;
    const left = asks.filter((one) => !one.chosen);
    const done = asks.filter((one) => one.chosen);
    const [heading, files] = [`${this.uid}-title`, `${this.uid}-files`];
    return [
      asks.length > 0 &&
        h(
          "section",
          { class: "kit-panel", "aria-labelledby": heading },
          h("h3", { id: heading, tabindex: "-1", text: title }),
          left.length > 0 && h("p", { class: "kit-hint", text: lead }),
          h("p", { class: "kit-list-title", text: left.length ? fill(ui.asks_left, { n: left.length }) : ui.asks_none }),
          left.length > 0 && h("ul", { class: "kit-plain" }, ...left.map((one) => this.ask(one))),
          done.length > 0 && this.done(done),
        ),
      h(
        "section",
        { class: "kit-panel kit-files", "aria-labelledby": files },
        h("h3", { id: files, text: filesTitle }),
        h("p", { class: "kit-hint", text: filesLead }),
        h("div", { class: "kit-row" }, ...gives.map((one) => this.file(one))),
      ),
    ].filter(Boolean);
  }

  /** @param {Ask} one */
  ask({ id, told, choices }) {
    const sentence = `${this.uid}-${id}`;
    const buttons = choices.map(([choice, label]) => this.button(id, choice, label, sentence));
    return h("li", { class: "kit-card", "data-ask": id }, h("p", { id: sentence, text: told }), h("div", { class: "kit-row" }, ...buttons));
  }

  /** @param {Ask[]} asks */
  done(asks) {
    const { ui } = this.console;
    const lines = asks.map(({ id, told, choices, chosen }) => {
      const sentence = `${this.uid}-${id}`;
      const choice = choices.find(([one]) => one === chosen)?.[1] ?? "";
      const words = h("p", { id: sentence, text: fill(ui.ask_decided, { told, choice }) });
      return h("li", { class: "kit-card", "data-done": id }, words, h("div", { class: "kit-row" }, this.button(id, "", ui.ask_again, sentence)));
    });
    const ontoggle = (/** @type {any} */ event) => (this.open = event.target.open);
    const title = h("summary", { "data-key": "asks/done", text: fill(ui.asks_done, { n: asks.length }) });
    return h("details", { class: "kit-details", open: this.open, ontoggle }, title, h("ul", { class: "kit-plain" }, ...lines));
  }

  /** @param {string} ask @param {string} choice @param {string} label @param {string} sentence */
  button(ask, choice, label, sentence) {
    const onclick = () => {
      const left = [...this.element.querySelectorAll("li[data-ask]")];
      this.pressed = { ask, at: left.findIndex((one) => one.dataset.ask === ask) };
      this.console.ask({ kind: "decide", slug: this.slug, ask, choice });
    };
    return h("button", { type: "button", class: "kit-button", "data-key": `decide/${ask}/${choice}`, "aria-describedby": sentence, text: label, onclick });
  }

  /** @param {{id: string, label: string}} one */
  file({ id, label }) {
    const onclick = () => {
      this.console.ask({ kind: "give", slug: this.slug, what: id });
      this.console.tell(this.console.ui.file_wait);
    };
    return h("button", { type: "button", class: "kit-button", "data-key": `give/${id}`, text: label, onclick });
  }

  /** @param {{name: string, media: string}} message @param {DataView[]} buffers */
  save(message, buffers) {
    saveFile(message, buffers);
    this.console.tell(this.console.ui.file_given);
  }
}
