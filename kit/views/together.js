// Where the room is, on a phone: the page goes along, asks whoever is busy, and lets each choose their own pace.

import { Clock } from "./clock.js";
import { fill, focusOn, h } from "./parts.js";

/** @typedef {{title: string, block: string, phones: "away" | "join" | "exercise" | null, place: string, clock: import("./clock.js").Told | null, result: boolean, ready: boolean | null}} Now */
/** @typedef {{slug: string, title: string, go: () => void}} Anew  an exercise whose second round begins; to its first step */
/** @typedef {import("./room.js").Page} Page */

const STAY = "kit-stay";
const OWN = "own";
// Whoever has touched the page so lately (milliseconds) is typing or reading.
const BUSY = 15_000;
// While phones are put away: one that nobody has touched for so long (milliseconds) lies on a table, and is put away too.
const LAID = 90_000;
const AWAY = "kit-away";
const SIGNS = ["input", "keydown", "pointerdown", "touchstart", "wheel"];

export class Together {
  /** @param {{page: Page, model: import("./parts.js").Model, choose: (slug: string) => void, keep: (slug: string) => void, draw: () => void, tell: (sentence: string, states?: string) => void, states: string, toExercise: (slug: string) => void, body: HTMLElement}} room @param {AbortSignal} signal */
  constructor(room, signal) {
    this.room = room;
    this.clock = new Clock();
    this.said = h("p", { class: "kit-hidden", role: "status" });
    this.line = h("div", { class: "kit-together-line" });
    /** @type {HTMLElement} */
    this.element = h("div", { class: "kit-together", hidden: true }, this.line, this.said);
    /** @type {string | undefined} the place of the room that was last dealt with */
    this.seen = undefined;
    this.away = ""; // the place of the room for which this phone is put away
    this.touched = -BUSY;
    this.drawn = "";
    this.told = false; // what "I'm done" does
    this.laid = 0; // the timer that puts this phone away
    /** @type {Anew | null} what somebody who was busy in it is asked about */
    this.anew = null;
    document.addEventListener("kit:anew", (/** @type {any} */ event) => this.hearAnew(event.detail), { signal });
    for (const sign of SIGNS) addEventListener(sign, () => (this.touched = performance.now()), { signal, passive: true, capture: true });
    signal.addEventListener("abort", () => {
      this.clock.stop();
      clearTimeout(this.laid);
      document.documentElement.classList.remove(AWAY);
    });
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
    // On a phone that is put away there is nothing to read but the menu, and a touch only wakes it.
    if (this.away) return Boolean(this.room.body.querySelector(".kit-menu[open]"));
    const field = document.activeElement?.matches("textarea, input[type=text], [contenteditable]");
    return Boolean(field) || performance.now() - this.touched < BUSY;
  }

  /** @param {Now | undefined} now Whether a page that is loaded anew opens where it was. */
  returns(now) {
    return !now?.place || this.own || this.stay === now.place;
  }

  /** Where the room is: an exercise, or a block for which phones are put away. @param {Now} now */
  at(now) {
    return now.phones === "away" ? `away/${now.block}` : now.place;
  }

  /** Whether this page is elsewhere. @param {Now} now @param {Page} page */
  apart(now, page) {
    const at = this.at(now);
    return Boolean(at) && at !== (now.phones === "away" ? this.away : page.current);
  }

  /** Somebody has chosen an exercise themselves: there they stay until the room goes on. @param {string} slug */
  chose(slug) {
    const { now } = this.room.page;
    const at = now ? this.at(now) : "";
    const away = this.away;
    this.away = "";
    if (at && !this.own) this.setStay(slug === at ? "" : at);
    if (away) this.room.draw();
  }

  /** Somebody is elsewhere than the room and has not said that they stay: one question at a time, nothing else beside it. @param {Now} now @param {Page} page */
  asks(now, page) {
    return this.apart(now, page) && !this.own && this.stay !== this.at(now);
  }

  /** A phone that is put away stays so until there is something to do on it: also while an exercise is explained, and
   * once all is over, if there are answers to keep out of sight. @param {Now} now @param {Page} page */
  rests(now, page) {
    if (!this.away || now.phones === "away") return this.away && this.at(now);
    return (page.over && page.current) || (!page.over && now.phones === "exercise" && !now.place) ? this.away : "";
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
    this.redraw();
    if (goes) anew.go();
  }

  /** @param {Page} page */
  draw(page) {
    const { now, ui } = page;
    if (!now || page.gone) {
      this.away = "";
      this.mark();
      this.element.hidden = true;
      return;
    }
    const { away, busy } = this;
    const moved = this.at(now) !== this.seen;
    this.seen = this.at(now);
    this.away = this.rests(now, page);
    if (this.away !== away && this.away) this.said.textContent = fill(ui.room_at, { title: now.title });
    if (moved && this.asks(now, page)) {
      if (!busy && now.phones === "away") this.put(now, page);
      else if (!busy && page.current) {
        // Nobody's answers of before show on the way.
        this.away = away;
        return this.go(now, page);
      } else this.said.textContent = fill(ui.room_at, { title: this.title(now, page) });
    }
    this.saidAnew(now, page);
    this.lay(now, page);
    this.mark();
    if (away && !this.away && !busy && now.place && now.place === page.current) queueMicrotask(() => this.room.toExercise(now.place));
    const apart = this.apart(now, page);
    this.clock.set(now.clock ?? { until: 0, left: 0, sent: 0 }, ui, Boolean(now.clock?.until));
    const drawn = JSON.stringify([now.title, now.place, now.phones, this.away, now.result, now.ready, page.current, page.lang, this.stay, this.offered(page)?.slug]);
    this.element.classList.toggle("kit-together-asked", this.asks(now, page) || Boolean(this.offered(page)));
    this.element.classList.toggle("kit-together-there", Boolean(now.place) && !apart);
    if (drawn !== this.drawn) this.fill(this.parts(now, page, apart));
    this.drawn = drawn;
    this.element.hidden = !this.line.textContent;
  }

  /** Where the room was is said nowhere any more once it has gone on. @param {Now} now @param {Page} page */
  saidAnew(now, page) {
    if (!this.said.textContent || this.offered(page)) return;
    const title = this.title(now, page);
    const sentence = title && !page.over ? fill(page.ui.room_at, { title }) : "";
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
  }

  /** Whoever was asked, or stays, while phones are put away may have laid theirs down: then no answer lies open beside
   * a neighbour. Who goes at their own pace has said so for good. @param {Now} now @param {Page} page */
  lay(now, page) {
    clearTimeout(this.laid);
    if (now.phones !== "away" || this.away || this.own || !page.current) return;
    const rest = LAID - (performance.now() - this.touched);
    const put = () => {
      this.put(now, page);
      this.room.draw();
    };
    this.laid = setTimeout(() => (performance.now() - this.touched < LAID ? this.lay(now, page) : put()), Math.max(rest, 0));
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
    // The block's title stands on the page then.
    if (this.away) return now.clock ? [this.clock.element] : [];
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
      asked && (page.current || now.phones === "away") && button("finish", () => this.remain(this.at(now))),
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
      if (!on && !this.told) this.room.tell(ui.ready_help, this.room.states);
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
    if (now.phones === "away") {
      this.put(now, page);
      this.room.draw();
      return;
    }
    this.said.textContent = fill(page.ui.room_at, { title: this.title(now, page) });
    this.room.choose(now.place);
  }

  /** Away with the phone: what was on it lies on no table. @param {Now} now @param {Page} page */
  put(now, page) {
    this.setStay("");
    this.away = this.at(now);
    this.said.textContent = fill(page.ui.room_at, { title: now.title });
    // Once the page is drawn; nor is what was unfolded, as the word card, left open on a table.
    queueMicrotask(() => {
      for (const one of this.room.body.querySelectorAll("details")) one.open = false;
      focusOn(this.room.body.querySelector(".kit-away-card h2"));
      scrollTo({ top: 0, behavior: "instant" });
    });
  }

  mark() {
    document.documentElement.classList.toggle(AWAY, Boolean(this.away));
  }

  /** What a phone shows that is put away. @param {Page} page */
  card(page) {
    const { ui, now, over, current } = page;
    const own = () => {
      this.remain(now && !over ? this.at(now) : "");
      this.room.toExercise(current ?? "");
    };
    return h(
      "section",
      { class: "kit-card kit-away-card" },
      h("h2", { "data-key": "together/away", tabindex: "-1", text: now?.title || page.title || ui.workshop }),
      !over && h("p", { text: ui.away }),
      current && h("div", { class: "kit-row" }, h("button", { type: "button", class: "kit-button", "data-key": "together/answers", text: ui.away_answers, onclick: own })),
    );
  }

  /** @param {string} place */
  remain(place) {
    this.setStay(place);
    this.away = "";
    if (this.room.page.current) this.room.keep(this.room.page.current);
    this.redraw();
  }

  /** A button that goes when it is pressed leaves the focus to the way back, or to what stands nearest. */
  redraw() {
    this.room.draw();
    if (document.activeElement !== document.body) return;
    const ways = ['[data-key="together/with_room"]', '[data-key="together/go_there"]', "button"].map((one) => this.line.querySelector(one));
    /** @type {HTMLElement | null | undefined} */ (ways.find(Boolean) ?? this.room.body.querySelector("summary"))?.focus({ preventScroll: true });
  }

  /** One way back. @param {Now} now @param {Page} page */
  back(now, page) {
    this.setStay("");
    if (this.apart(now, page)) this.go(now, page);
    else this.redraw();
  }

  /** @param {Page} page The one choice, below the list of exercises. */
  choice(page) {
    if (!page.now || !this.at(page.now) || this.own) return null;
    return h("button", { type: "button", class: "kit-quiet", "data-key": "together/own", text: page.ui.own_pace, onclick: () => this.remain(OWN) });
  }
}
