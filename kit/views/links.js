// Links that the facilitator gives away: for a second trainer, and for the wall.

import { address, fill, h, unique } from "./parts.js";

/** @typedef {{kind: string, number: number, opened: boolean}} Line */

const KINDS = ["second", "wall"];

/**
 * The section of the console in which links are made, shown once, and ended. Its console sends and knows the sentences.
 */
export class Links {
  /** @param {any} console */
  constructor(console) {
    this.console = console;
    this.uid = `${console.uid}-links`;
    this.made = h("div", { class: "kit-made" });
    this.list = h("div");
    this.element = h("section", { "aria-labelledby": `${this.uid}-title` });
    this.drawn = "";
  }

  get ui() {
    return this.console.ui;
  }

  /** Drawn anew only when it says something else: whoever reads or decides there is not disturbed. */
  draw() {
    const { page } = this.console;
    this.element.hidden = !page.leads;
    const now = JSON.stringify([page.lang, page.links]);
    if (!page.leads || now === this.drawn) return;
    if (!this.drawn || JSON.parse(this.drawn)[0] !== page.lang) this.frame();
    this.list.replaceChildren(this.lines(page.links));
    this.drawn = now;
  }

  frame() {
    const { ui } = this;
    this.element.replaceChildren(
      h("h2", { id: `${this.uid}-title`, tabindex: "-1", text: ui.links_title }),
      h("p", { class: "kit-hint", text: ui.links_lead }),
      h("div", { class: "kit-row" }, ...KINDS.map((kind) => this.maker(kind))),
      this.made,
      this.list,
    );
  }

  /** @param {string} kind */
  maker(kind) {
    const onclick = () => this.console.ask({ kind: "new_link", link: kind });
    return h("button", { type: "button", class: "kit-button", "data-key": `link/${kind}`, text: this.ui[`link_new_${kind}`], onclick });
  }

  /** @param {{what: string, link: string, qr: string}} message A link that was just made. */
  show({ what, link, qr }) {
    const { ui } = this;
    const id = unique();
    const title = h("h3", { id, tabindex: "-1", text: ui[`link_made_${what}`] });
    const picture = h("div", { class: "kit-qr kit-qr-small" });
    picture.innerHTML = qr;
    const hide = () => {
      box.remove();
      /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-key="link/${what}"]`))?.focus();
    };
    const box = h(
      "section",
      { class: "kit-panel", "aria-labelledby": id, "data-what": what },
      title,
      h("p", { text: ui[`link_care_${what}`] }),
      picture,
      address(link),
      h("div", { class: "kit-row" }, h("button", { type: "button", class: "kit-button", text: ui.link_hide, onclick: hide })),
    );
    // One that was made before is shown this once, too: it stays until it is hidden.
    this.made.append(box);
    title.focus();
  }

  /** @param {Line[]} links */
  lines(links) {
    const { ui } = this;
    if (!links.length) return h("p", { class: "kit-hint", text: ui.links_none });
    return h("ul", { class: "kit-plain" }, ...links.map((one) => this.line(one)));
  }

  /** @param {Line} one */
  line({ kind, number, opened }) {
    const { ui } = this;
    const name = fill(ui[`link_name_${kind}`], { n: number });
    const end = this.console.question({
      key: `link/${kind}/${number}`,
      label: fill(ui.link_end, { name }),
      question: fill(ui[`link_question_${kind}`], { name }),
      yes: ui.link_yes,
      no: ui.link_no,
      done: () => {
        for (const one of this.made.querySelectorAll(`[data-what="${kind}"]`)) one.remove();
        /** @type {HTMLElement | null} */ (this.element.querySelector("h2"))?.focus();
        this.console.ask({ kind: "end_link", link: kind, number });
      },
    });
    const state = h("p", { class: "kit-hint", text: opened ? ui.link_opened : ui.link_unopened });
    return h("li", { class: "kit-card" }, h("h3", { text: name }), state, end);
  }
}
