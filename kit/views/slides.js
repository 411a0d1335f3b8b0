// A result as slides, one message each (kit/views/slides says which): drawn here for the wall and for phones.

import { fill, h, unique } from "./parts.js";

/** @typedef {[string, string, string]} Look  colour of the paper, of letters, of lines on it ("|" before it: upright) */
/** @typedef {{label: string, percent: number, said: string, look: Look}} Bar */
/** @typedef {{label: string, bars: Bar[], note: string, also?: [string, string, string][], inline?: boolean}} Row  `also`: language, label and note; `inline`: on one line */
/**
 * @typedef {object} Slide
 * @property {"finding" | "text" | "bars" | "table" | "scene" | "both"} kind
 * @property {string} [title]
 * @property {string} [lead]
 * @property {number} [size]
 * @property {string} [text]
 * @property {string} [ask]
 * @property {[string, string][]} [lines]   tone and text
 * @property {[string, Look, [string, string][]][]} [legend]   the last: language and label
 * @property {string[]} [columns]
 * @property {any[]} [rows]
 * @property {boolean} [above]   whether labels stand above their shares
 * @property {boolean} [broad]   whether they have most of the width
 * @property {string} [way]   the way that the room has taken to a scene
 * @property {[string, string][]} [options]   letter and choice
 * @property {[string, Slide][]} [sides]   the same in several languages
 * @property {[string, string][]} [also]   language and title
 * @property {[string, string][]} [leadAlso]
 * @property {boolean} [more]   whether it stands behind those that are shown first
 */

/** @param {string} html A result as the kit tells it. @returns {Slide[]} */
export function slidesIn(html) {
  const box = document.createElement("template");
  box.innerHTML = html;
  const found = box.content.querySelector("script.kit-slides");
  return found ? JSON.parse(found.textContent ?? "[]") : [];
}

/** Where a slide is among those that are shown first, or among all that stand behind them. @param {Slide[]} slides @param {number} at @param {Record<string, string>} ui */
export function placeOf(slides, at, ui) {
  const first = slides.filter((one) => !one.more).length;
  return at < first ? fill(ui.slide_at, { n: at + 1, all: first }) : fill(ui.slide_more, { n: at + 1 - first, all: slides.length - first });
}

/** The same in other languages, on one line. @param {[string, string][]} [also] */
function same(also = []) {
  return also.flatMap(([lang, text]) => [" · ", h("span", { lang, text })]);
}

/** @param {Slide} slide @param {number} level Its heading's. @returns {HTMLElement} */
export function drawn(slide, level) {
  if (slide.sides) {
    const sides = slide.sides.map(([lang, one]) => Object.assign(drawn(one, level), { lang }));
    return h("div", { class: "kit-slide kit-slide-is-both" }, ...sides);
  }
  const title = slide.title && h(`h${level}`, { class: "kit-slide-title" }, slide.title, ...same(slide.also));
  const lead = slide.lead && slide.kind !== "scene" && !slide.title?.startsWith(slide.lead) && h("p", { class: "kit-slide-lead" }, slide.lead, ...same(slide.leadAlso));
  const box = h("div", { class: `kit-slide kit-slide-is-${slide.kind}` }, title, lead, ...PARTS[slide.kind](slide));
  if (slide.size) box.style.setProperty("--kit-slide-size", String(slide.size));
  return box;
}

const PARTS = {
  both: () => [],
  /** @param {Slide} slide A scene of a story, and what the room can choose there. */
  scene: ({ way, text, lead, options = [], ask }) => [
    way && h("p", { class: "kit-slide-way", text: way }),
    text && h("p", { class: "kit-slide-large", text }),
    options.length > 0 && h("p", { class: "kit-slide-large kit-slide-asks", text: lead }),
    options.length > 0 && h("ul", { class: "kit-slide-large kit-slide-choices" }, ...options.map(([letter, told]) => h("li", {}, letter && h("strong", { text: `${letter} ` }), h("span", { text: told })))),
    ask && h("p", { class: "kit-slide-large kit-slide-asks", text: ask }),
  ],
  /** @param {Slide} slide */
  finding: ({ text, ask }) => [h("p", { class: "kit-slide-finding", text }), ask && h("p", { class: "kit-slide-ask", text: ask })],
  /** @param {Slide} slide */
  text: ({ lines = [] }) => lines.map(([tone, text]) => h("p", { class: `kit-slide-line kit-slide-${tone}`, text })),
  /** @param {Slide} slide */
  bars: ({ legend = [], rows = [], above, broad, ask }) => [
    legend.length > 0 && h("ul", { class: "kit-slide-legend", "aria-hidden": "true" }, ...legend.map(([label, look, also]) => h("li", {}, painted(h("span", { class: "kit-slide-sign" }), look), label, ...same(also)))),
    h("ul", { class: `kit-slide-rows${above ? " kit-slide-above" : ""}${broad ? " kit-slide-broad" : ""}${rows.some((one) => one.also) ? " kit-slide-joint" : ""}` }, ...rows.map(row)),
    ask && h("p", { class: "kit-slide-asks", text: ask }),
  ],
  /** @param {Slide} slide */
  table: ({ columns = [], rows = [], lead }) => [
    h(
      "table",
      { class: "kit-slide-table", "aria-label": lead },
      h("thead", {}, h("tr", {}, ...columns.map((text) => h("th", { scope: "col", text })))),
      h("tbody", {}, ...rows.map(([first, ...cells]) => h("tr", {}, h("th", { scope: "row", text: first }), ...cells.map((/** @type {string} */ text) => h("td", { text }))))),
    ),
  ],
};

/** @param {Row} one A label, and its shares beside it; a reader hears what each share is of. */
function row({ label, bars, note, also = [], inline }) {
  const parts = bars.map((bar) => {
    const part = painted(h("span", { class: "kit-slide-bar" }, bar.label && h("span", { class: "kit-hidden", text: `${bar.label}: ` }), h("span", { class: "kit-slide-said", text: bar.said })), bar.look);
    part.style.flexBasis = `${bar.percent}%`;
    // Lines do not run through letters.
    const said = /** @type {HTMLElement} */ (part.querySelector(".kit-slide-said"));
    said.style.background = bar.look[0];
    return part;
  });
  const shares = h("span", { class: bars.length > 1 ? "kit-slide-bars kit-slide-whole" : "kit-slide-bars" }, ...parts);
  const labels = inline ? same(also.map(([lang, text]) => [lang, text])) : also.map(([lang, text]) => h("span", { class: "kit-slide-also", lang, text }));
  const notes = also.map(([lang, , text]) => text && h("span", { class: "kit-slide-note", lang, text }));
  return h("li", {}, h("span", { class: "kit-slide-label" }, label, ...labels), h("span", { class: "kit-slide-shares" }, bars.length > 0 && shares, note && h("span", { class: "kit-slide-note", text: note }), ...notes));
}

/** @param {HTMLElement} part @param {Look} look */
function painted(part, [paper, ink, lines]) {
  part.style.color = ink;
  part.style.background = paper;
  if (lines) {
    const upright = lines.startsWith("|");
    const colour = upright ? lines.slice(1) : lines;
    part.style.backgroundImage = `repeating-linear-gradient(${upright ? 90 : 135}deg, transparent 0 0.45em, ${colour} 0.45em 0.55em)`;
  }
  return part;
}

/** The slides on a device of one's own: at one's own speed, and the whole result below for who wants it. */
export class Deck {
  constructor() {
    this.name = unique();
    this.at = 0;
    this.told = "";
    this.element = h("div");
  }

  /** @param {string} html @param {Node} whole @param {Record<string, string>} ui @param {string} lang @returns {HTMLElement | null} */
  draw(html, whole, ui, lang) {
    const slides = slidesIn(html);
    if (!slides.length) return null;
    // A result that was told anew begins at its beginning, unless it has as many slides.
    this.at = Math.min(this.at, slides.length - 1);
    const stage = h("div", { class: "kit-deck-stage", lang });
    const place = h("p", { class: "kit-count", role: "status" });
    const turn = (/** @type {number} */ by) => {
      this.at = Math.min(Math.max(this.at + by, 0), slides.length - 1);
      show();
    };
    const back = h("button", { type: "button", class: "kit-button", "data-key": "deck/back", text: ui.slide_back, onclick: () => turn(-1) });
    const next = h("button", { type: "button", class: "kit-button kit-main", "data-key": "deck/next", text: ui.slide_next, onclick: () => turn(1) });
    const show = () => {
      stage.replaceChildren(drawn(slides[this.at], 4));
      place.textContent = placeOf(slides, this.at, ui);
      // One that cannot be pressed keeps the focus: whoever turns by keyboard stays where they are.
      back.setAttribute("aria-disabled", String(this.at === 0));
      next.setAttribute("aria-disabled", String(this.at === slides.length - 1));
    };
    show();
    const fold = h("details", { class: "kit-details", "data-key": "deck/whole" }, h("summary", { "data-key": "fold/deck", text: ui.slide_all }), whole);
    this.element.replaceChildren(h("h3", { text: ui.slide_title }), stage, h("div", { class: "kit-row" }, back, next, place), fold);
    return this.element;
  }
}
