// Where the room is, on a phone: the page goes along, asks whoever is busy, and lets each choose their own pace.

import { Clock } from "./clock.js";
import { fill, h } from "./parts.js";

/** @typedef {{title: string, place: string, clock: import("./clock.js").Told | null, result: boolean, ready: boolean | null}} Now */
/** @typedef {{slug: string, title: string, go: () => void}} Anew  an exercise whose second round begins; to its first step */
/** @typedef {import("./room.js").Page} Page */

const STAY = "kit-stay";
const OWN = "own";
// Whoever has touched the page so lately (milliseconds) is typing or reading.
const BUSY = 15_000;
const SIGNS = ["input", "keydown", "pointerdown", "touchstart", "wheel"];

export class Together {
  /** @param {{page: Page, model: import("./parts.js").Model, choose: (slug: string) => void, keep: (slug: string) => void, draw: () => void, tell: (sentence: string) => void}} room @param {AbortSignal} signal */
  constructor(room, signal) {
    this.room = room;
    this.clock = new Clock();
    this.said = h("p", { class: "kit-hidden", role: "status" });
    this.line = h("div", { class: "kit-together-line" });
    /** @type {HTMLElement} */
    this.element = h("div", { class: "kit-together", hidden: true }, this.line, this.said);
    /** @type {string | undefined} the place of the room that was last dealt with */
    this.seen = undefined;
    this.touched = -BUSY;
    this.drawn = "";
    this.told = false; // what "I'm done" does
    /** @type {Anew | null} what somebody who was busy in it is asked about */
    this.anew = null;
    document.addEventListener("kit:anew", (/** @type {any} */ event) => this.hearAnew(event.detail), { signal });
    for (const sign of SIGNS) addEventListener(sign, () => (this.touched = performance.now()), { signal, passive: true, capture: true });
    signal.addEventListener("abort", () => this.clock.stop());
  }

  /** The place at which somebody stays although the room has gone on, or that they go at their own pace. */
  get stay() {
    try {
      return sessionStorage.getItem(STAY) ?? "";
    } catch {
      return "";
    }
  }

  /** @param {string} place */
  setStay(place) {
    try {
      if (place) sessionStorage.setItem(STAY, place);
      else sessionStorage.removeItem(STAY);
    } catch {
      // Then a page that is loaded anew goes where the room is.
    }
  }

  get own() {
    return this.stay === OWN;
  }

  get busy() {
    const field = document.activeElement?.matches("textarea, input[type=text], [contenteditable]");
    return Boolean(field) || performance.now() - this.touched < BUSY;
  }

  /** @param {Now | undefined} now Whether a page that is loaded anew opens where it was. */
  returns(now) {
    return !now?.place || this.own || this.stay === now.place;
  }

  /** Somebody has chosen an exercise themselves: there they stay until the room goes on. @param {string} slug */
  chose(slug) {
    const place = this.room.page.now?.place;
    if (place && !this.own) this.setStay(slug === place ? "" : place);
  }

  /** Somebody is elsewhere than the room and has not said that they stay: one question at a time, nothing else beside it. @param {Now} now @param {Page} page */
  asks(now, page) {
    return Boolean(now.place) && now.place !== page.current && !this.own && this.stay !== now.place;
  }

  /** @param {Anew} anew */
  hearAnew(anew) {
    if (!this.busy && !this.own) return anew.go();
    this.anew = anew;
    this.said.textContent = fill(this.room.page.ui.room_at, { title: anew.title });
    this.room.draw();
  }

  /** A second round that somebody was not taken to, as long as they are in that exercise and it is open. @param {Page} page */
  offered(page) {
    const { anew } = this;
    if (anew && page.exercises?.find(({ slug }) => slug === anew.slug)?.state !== "open") this.anew = null;
    return this.anew?.slug === page.current ? this.anew : null;
  }

  /** @param {Anew} anew @param {boolean} goes */
  answer(anew, goes) {
    this.anew = null;
    this.room.draw();
    if (goes) anew.go();
  }

  /** @param {Page} page */
  draw(page) {
    const { now, ui } = page;
    if (!now || page.gone) {
      this.element.hidden = true;
      return;
    }
    const apart = Boolean(now.place) && now.place !== page.current;
    const moved = now.place !== this.seen;
    this.seen = now.place;
    if (moved && this.asks(now, page)) {
      if (!this.busy && page.current) return this.go(now, page);
      this.said.textContent = fill(ui.room_at, { title: this.title(now, page) });
    }
    this.clock.set(now.clock ?? { until: 0, left: 0, sent: 0 }, ui, Boolean(now.clock?.until));
    const drawn = JSON.stringify([now.title, now.place, now.result, now.ready, page.current, page.lang, this.stay, this.offered(page)?.slug]);
    this.element.classList.toggle("kit-together-asked", this.asks(now, page) || Boolean(this.offered(page)));
    this.element.classList.toggle("kit-together-there", Boolean(now.place) && !apart);
    if (drawn !== this.drawn) this.fill(this.parts(now, page, apart));
    this.drawn = drawn;
    this.element.hidden = !this.line.textContent;
  }

  /** Whatever has focus keeps it. @param {(Node | string)[]} parts */
  fill(parts) {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const key = this.line.contains(focused) ? focused.dataset.key : "";
    this.line.replaceChildren(...parts);
    if (key) /** @type {HTMLElement | null} */ (this.line.querySelector(`[data-key="${key}"]`))?.focus({ preventScroll: true });
  }

  /** @param {Now} now @param {Page} page @param {boolean} apart @returns {(Node | string)[]} */
  parts(now, page, apart) {
    const { ui } = page;
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick) =>
      h("button", { type: "button", class: "kit-quiet", "data-key": `together/${name}`, text: ui[name], onclick });
    const asked = this.asks(now, page);
    const anew = asked ? null : this.offered(page);
    const title = apart || anew ? fill(ui.room_at, { title: anew?.title ?? this.title(now, page) }) : now.title;
    return [
      this.own && h("span", { text: ui.own_on }),
      title && h("span", { class: "kit-together-title", text: title }),
      now.clock && this.clock.element,
      anew && button("go_there", () => this.answer(anew, true)),
      anew && button("finish", () => this.answer(anew, false)),
      apart && !this.own && !anew && button("go_there", () => this.go(now, page)),
      asked && page.current && button("finish", () => this.remain(now.place)),
      this.own && button("with_room", () => this.back(now, page)),
      now.ready !== null && !apart && this.ready(now.ready, ui),
      now.result && !asked && button("see_result", () => document.dispatchEvent(new CustomEvent("kit:see"))),
    ].filter((one) => one !== false && one !== null && one !== "");
  }

  /** A word to the room, and no answer: who skips may be done as well. @param {boolean} on @param {Record<string, string>} ui */
  ready(on, ui) {
    const say = () => {
      this.room.model.send({ kind: "ready", on: !on });
      // Said once, below: a phone shows no hint.
      if (!on && !this.told) this.room.tell(ui.ready_help);
      this.told = true;
    };
    return h("button", { type: "button", class: "kit-quiet kit-ready", "data-key": "together/ready", "aria-pressed": String(on), title: ui.ready_help, onclick: say }, h("span", { "aria-hidden": "true", text: "✓ " }), ui.ready);
  }

  /** @param {Now} now @param {Page} page */
  title(now, page) {
    return page.exercises?.find((one) => one.slug === now.place)?.title ?? now.title;
  }

  /** @param {Now} now @param {Page} page */
  go(now, page) {
    this.setStay("");
    this.said.textContent = fill(page.ui.room_at, { title: this.title(now, page) });
    this.room.choose(now.place);
  }

  /** @param {string} place */
  remain(place) {
    this.setStay(place);
    if (this.room.page.current) this.room.keep(this.room.page.current);
    this.room.draw();
  }

  /** One way back. @param {Now} now @param {Page} page */
  back(now, page) {
    this.setStay("");
    if (now.place && now.place !== page.current) this.go(now, page);
    else this.room.draw();
  }

  /** @param {Page} page The one choice, below the list of exercises. */
  choice(page) {
    if (!page.now?.place || this.own) return null;
    return h("button", { type: "button", class: "kit-quiet", "data-key": "together/own", text: page.ui.own_pace, onclick: () => this.remain(OWN) });
  }
}
