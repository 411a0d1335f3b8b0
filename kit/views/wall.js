// What the console does with the wall while a result is on it: turn its slides, take it off.

import { fill, h } from "./parts.js";

/** @typedef {{slug: string, title: string, revealed: boolean, off: boolean, showing: boolean, slide: number, slides: number, first: number}} Shown  `first`: so many slides are shown before those that tell all of it */

export class Wall {
  /** @param {{ask: (message: object) => void, page: any}} console */
  constructor(console) {
    this.console = console;
    this.element = h("div", { class: "kit-card kit-wall", role: "group", hidden: true });
    /** Set once before people come, and so out of the way of what is done while a workshop is led. */
    this.settings = h("section");
  }

  /** @returns {Shown | undefined} */
  get shown() {
    const { exercises } = this.console.page;
    return exercises.find((/** @type {Shown} */ one) => one.showing) ?? exercises.find((/** @type {Shown} */ one) => one.slides);
  }

  draw() {
    const { shown } = this;
    const { ui, closed } = this.console.page;
    this.element.hidden = !shown;
    this.settings.hidden = closed;
    this.settings.replaceChildren(this.looks());
    this.element.setAttribute("aria-label", ui.wall);
    const jump = (/** @type {number} */ to) => this.console.ask({ kind: "slide", slide: to });
    const button = (/** @type {string} */ name, /** @type {boolean} */ can, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", class: "kit-button", "data-key": `wall/${name}`, "aria-disabled": can ? null : "true", text: ui[name], onclick: () => can && onclick() });
    if (!shown) return;
    const { slide, slides, first, slug, title, showing } = shown;
    const more = slide >= first;
    const [n, all] = more ? [slide + 1 - first, slides - first] : [slide + 1, first];
    this.element.replaceChildren(
      h("p", { text: fill(slides ? (more ? ui.wall_more : ui.wall_slide) : ui.wall_shows, { title, n, all }) }),
      h(
        "div",
        { class: "kit-row" },
        ...(slides > 1 ? [button("slide_back", slide > 0, () => this.turn(-1)), button("slide_next", slide < slides - 1, () => this.turn(1))] : []),
        slides > first && (more ? button("slide_first", true, () => jump(0)) : button("slide_whole", true, () => jump(first))),
        showing && button("hide", true, () => this.console.ask({ kind: "show", slug: "" })),
        showing && button("take_off", true, () => this.console.ask({ kind: "off", slug, off: true })),
      ),
    );
  }

  /** How the wall looks: its language (whatever each console speaks) or both, and by day or by night. */
  looks() {
    const { ui, looks, reads, languages, wall_lang } = this.console.page;
    const without = (/** @type {string[]} */ ...names) => looks.filter((/** @type {string} */ one) => !names.includes(one));
    const set = (/** @type {string} */ name) => {
      const others = name === "both" ? without(name) : without("dark", "light");
      this.console.ask({ kind: "looks", looks: [...others, ...(looks.includes(name) ? [] : [name])] });
    };
    const button = (/** @type {string} */ name, /** @type {string} */ text, /** @type {boolean} */ on, /** @type {() => void} */ onclick, /** @type {string | null} */ lang = null) =>
      h("button", { type: "button", class: "kit-quiet", lang, "data-key": `wall/${name}`, "aria-pressed": String(on), text, onclick });
    const look = (/** @type {string} */ name) => button(name, ui[`wall_${name}`], looks.includes(name), () => set(name));
    const speak = (/** @type {[string, string]} */ [lang, name]) =>
      button(lang, name, lang === wall_lang && !looks.includes("both"), () => this.console.ask({ kind: "looks", looks: without("both"), lang }), lang);
    return h("div", { class: "kit-row", role: "group", "aria-label": ui.wall_looks }, h("span", { text: ui.wall_looks }), ...languages.map(speak), ...["both", "dark", "light"].map(look), h("p", { class: "kit-hint", text: reads }));
  }

  /** @param {number} by */
  turn(by) {
    const { shown } = this;
    const to = (shown?.slide ?? 0) + by;
    if (shown && to >= 0 && to < shown.slides) this.console.ask({ kind: "slide", slide: to });
  }
}
