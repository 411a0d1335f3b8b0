// What makes the page easier to bear: a moment's pause that nobody hears of, and larger letters.

import { fill, focusOn, h } from "./parts.js";

/** @typedef {import("./room.js").Page} Page */
/** @typedef {{page: Page, owner: boolean, body: HTMLElement, draw: () => void, go: () => void, find: (key: string) => HTMLElement | null}} Room */

const SIZE = "kit-size";
// What the page's letters are, in per cent of the browser's own.
const SIZES = [100, 120, 140];
const LINES = [1, 2, 3, 4, 5];

/** Only this page knows of it: nothing is sent, and nothing is kept. */
export class Pause {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.on = false;
  }

  button() {
    return h("button", { type: "button", class: "kit-button", "data-key": "pause", text: this.room.page.ui.pause, onclick: () => this.set(true) });
  }

  /** @param {boolean} on */
  set(on) {
    this.on = on;
    document.documentElement.classList.toggle("kit-pausing", on);
    this.room.draw();
    if (on) {
      focusOn(this.room.body.querySelector("h1"));
      scrollTo({ top: 0, behavior: "instant" });
    } else (this.room.find("fold/menu") ?? this.room.find("pause"))?.focus();
  }

  card() {
    const { ui, support } = this.room.page;
    const lines = h("div");
    lines.innerHTML = support?.html ?? "";
    return h(
      "section",
      { class: "kit-card kit-pause" },
      h("h1", { text: ui.pause }),
      h("p", { class: "kit-note", text: ui.pause_private }),
      ...LINES.map((one) => h("p", { text: ui[`pause_${one}`] })),
      h("div", { class: "kit-row" }, h("button", { type: "button", class: "kit-button kit-main", "data-key": "pause/back", text: ui.pause_back, onclick: () => this.set(false) })),
      support && h("h2", { text: support.menu }),
      support && lines,
      h("p", { class: "kit-hint", text: ui.leave_help }),
      h("div", { class: "kit-row" }, h("button", { type: "button", class: "kit-button", "data-key": "pause/leave", text: ui.leave, onclick: () => this.room.go() })),
    );
  }
}

/** The size of the letters, which the tab remembers and quick exit forgets. */
export class Letters {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.at = 0;
    try {
      this.at = Number(sessionStorage.getItem(SIZE)) % SIZES.length || 0;
    } catch {
      // Then a page that is loaded anew has letters as the browser has them.
    }
  }

  apply() {
    if (this.room.owner) document.documentElement.style.fontSize = this.at ? `${SIZES[this.at]}%` : "";
  }

  /** @param {number} to */
  set(to) {
    this.at = to;
    try {
      if (!this.room.page.alone) sessionStorage.setItem(SIZE, String(to));
    } catch {
      // As above.
    }
    this.apply();
    this.room.draw();
  }

  group() {
    const { ui } = this.room.page;
    const one = (/** @type {number} */ size, /** @type {number} */ at) =>
      h("button", { type: "button", class: "kit-language", "data-key": `size/${at}`, "aria-pressed": String(at === this.at), text: fill(ui.size_of, { n: size }), onclick: () => this.set(at) });
    return h("div", { class: "kit-row kit-sizes", role: "group", "aria-label": ui.size }, h("span", { text: ui.size }), ...SIZES.map(one));
  }
}
