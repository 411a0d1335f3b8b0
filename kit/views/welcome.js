// The list of exercises for somebody who studies alone. Each is a notebook beside this one: the same link leads to it
// on a Voila page and in JupyterLab, where the address ends with this notebook's name.

import { fill, h, unique } from "./parts.js";

/** @typedef {import("./parts.js").Model} Model */
/** @typedef {{slug: string, title: string, intro: string, minutes: number}} Listed */
/** @typedef {{lang: string, is_public: boolean, asked: string, exercises: Listed[], ui: import("./parts.js").Texts}} Page */

class Welcome {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.uid = unique();
    this.root = h("div", { class: "kit-form" });
    model.on("change:page", () => this.draw());
    this.draw();
  }

  draw() {
    const { lang, is_public: isPublic, asked, exercises, ui } = /** @type {Page} */ (this.model.get("page"));
    const at = /** @type {any} */ (document.activeElement)?.dataset?.key;
    const inside = this.root.contains(document.activeElement);
    const list = exercises.map((one) => this.line(one, `?lang=${lang}${asked}`, ui));
    this.root.lang = lang;
    this.root.replaceChildren(
      h("div", {},
        h("header", { class: "kit-head" }, h("h1", { text: ui.title }), h("p", { class: "kit-lead", text: ui.lead })),
        isPublic && h("p", { class: "kit-note", text: ui.is_public }),
        h("h2", { id: `${this.uid}-list`, text: ui.list }),
        h("ul", { class: "kit-exercises", "aria-labelledby": `${this.uid}-list` }, ...list),
        h("p", { class: "kit-hint", text: ui.copy }),
      ),
    );
    if (inside && at) /** @type {HTMLElement | null} */ (this.root.querySelector(`[data-key="${at}"]`))?.focus();
  }

  /** @param {Listed} one @param {string} query @param {import("./parts.js").Texts} ui */
  line({ slug, title, intro, minutes }, query, ui) {
    return h("li", { class: "kit-card kit-choice" },
      h("h3", {}, h("a", { href: `${slug}.ipynb${query}`, "data-key": `open/${slug}`, text: title })),
      h("p", { class: "kit-meta", text: fill(ui.minutes, { n: minutes }) }),
      h("p", { text: intro }),
    );
  }

  /** @param {HTMLElement} el */
  show(el) {
    el.classList.add("kit");
    el.append(this.root);
    return () => this.root.parentNode === el && this.root.remove();
  }
}

export default () => {
  /** @type {Welcome} */
  let welcome;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      welcome = new Welcome(model);
    },
    /** @param {{el: HTMLElement}} view */
    render({ el }) {
      return welcome.show(el);
    },
  };
};
