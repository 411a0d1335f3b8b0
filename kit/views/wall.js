// What the console does with the wall while a result is on it: turn its slides, take it off.

import { fill, h } from "./parts.js";

/** @typedef {{slug: string, title: string, revealed: boolean, off: boolean, showing: boolean, slide: number, slides: number}} Shown */

export class Wall {
  /** @param {{ask: (message: object) => void, model: import("./parts.js").Model}} console */
  constructor(console) {
    this.console = console;
    this.element = h("div", { class: "kit-card kit-wall", role: "group", hidden: true });
  }

  /** @returns {Shown | undefined} */
  get shown() {
    return this.console.model.get("page").exercises.find((/** @type {Shown} */ one) => one.showing);
  }

  draw() {
    const { shown } = this;
    this.element.hidden = !shown;
    if (!shown) return;
    const { ui } = this.console.model.get("page");
    this.element.setAttribute("aria-label", ui.wall);
    const button = (/** @type {string} */ name, /** @type {boolean} */ can, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", class: "kit-button", "data-key": `wall/${name}`, "aria-disabled": can ? null : "true", text: ui[name], onclick: () => can && onclick() });
    const { slide, slides, slug, title } = shown;
    this.element.replaceChildren(
      h("p", { text: fill(slides ? ui.wall_slide : ui.wall_shows, { title, n: slide + 1, all: slides }) }),
      h(
        "div",
        { class: "kit-row" },
        ...(slides > 1 ? [button("slide_back", slide > 0, () => this.turn(-1)), button("slide_next", slide < slides - 1, () => this.turn(1))] : []),
        button("hide", true, () => this.console.ask({ kind: "show", slug: "" })),
        button("take_off", true, () => this.console.ask({ kind: "off", slug, off: true })),
      ),
    );
  }

  /** @param {number} by */
  turn(by) {
    const { shown } = this;
    const to = (shown?.slide ?? 0) + by;
    if (shown && to >= 0 && to < shown.slides) this.console.ask({ kind: "slide", slide: to });
  }
}
