// The shell of the participant's page: a bar that is always in reach, and below it the workshop.

import { Letters, Pause } from "./ease.js";
import { leave, onLeftElsewhere, onThreeShifts } from "./exit.js";
import { Own } from "./own.js";
import { fill, focusOn, h, unique } from "./parts.js";
import { still } from "./still.js";
import { Together } from "./together.js";

/** @typedef {import("./parts.js").Model} Model */
/** @typedef {{slug: string, title: string, state: "waiting" | "open" | "closed", done?: number, total?: number}} Exercise */
/**
 * @typedef {object} Page
 * @property {string} lang
 * @property {[string, string][]} languages  each is named in itself
 * @property {boolean} [alone]
 * @property {boolean} [bare]   there is nothing to erase here
 * @property {boolean} [over]   the workshop has ended
 * @property {boolean} [gone]   this person's answers and seat are erased
 * @property {string} [join]    where a new seat can be taken then
 * @property {boolean} [guess]  nobody has chosen the language yet
 * @property {string} [title]
 * @property {"anonymous" | "attributed"} [mode]
 * @property {number} [days]  so many days after the end, answers are removed
 * @property {string} [practice]  that other people here are simulated
 * @property {string} [partner]
 * @property {string} [card]
 * @property {Exercise[]} [exercises]
 * @property {string} [current]
 * @property {string} [exit_url]
 * @property {string} neutral_url
 * @property {string} [pass_url]  where the device is passed on to somebody else
 * @property {{menu: string, html: string}} [support]  what the regional pack tells, from the kit's own renderer
 * @property {import("./together.js").Now} [now]  where the room is
 * @property {import("./parts.js").Texts} ui
 */

const PLACE = "kit-exercise";
// More exercises than this that are still to come are folded away: a phone has little room.
const FEW = 3;
// Milliseconds until nobody expects any more that an exercise which was chosen comes.
const PATIENCE = 10_000;
const TITLE = "Atelier · Workshop";

class Room {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.uid = unique();
    this.ends = new AbortController();
    this.bar = h("header", { class: "kit-bar" });
    this.news = h("div", { class: "kit-news", role: "status" });
    this.owner = false;
    this.pause = new Pause(this);
    this.letters = new Letters(this);
    this.together = new Together(this, this.ends.signal);
    this.top = h("div", { class: "kit-top" }, this.bar, this.together.element, this.news);
    this.body = h("div", { class: "kit-room" });
    this.own = new Own(this);
    /** @type {string | undefined} the exercise that was on when the page was last drawn */
    this.shown = undefined;
    this.holds = ""; // the states for which the news were told
    model.on("change:page", still(() => this.draw(), this.ends.signal));
    model.on("msg:custom", (message) => this.receive(message));
    onThreeShifts(() => this.go(), this.ends.signal);
    onLeftElsewhere(() => this.forget(), this.page, this.ends.signal);
    this.draw();
    this.comeBack();
    this.guess();
  }

  /** Where no server could know it, the page speaks the browser's language. */
  guess() {
    if (!this.page.guess) return;
    const known = navigator.languages.map((one) => one.slice(0, 2)).find((one) => this.page.languages.some(([lang]) => lang === one));
    if (known && known !== this.page.lang) this.model.send({ kind: "lang", lang: known });
  }

  get page() {
    const texts = this.model.get("texts");
    // What is said in a state that the workshop has come to, beside what is said in all of them.
    const ui = { ...texts.ui, ...this.model.get("more") };
    return /** @type {Page} */ ({ ...texts, ...this.model.get("page"), ui });
  }

  get ui() {
    return this.page.ui;
  }

  /** Alone, the kernel may live on: what it remembers is dropped before anybody leaves. */
  forget() {
    if (this.page.alone) this.model.send({ kind: "erase" });
  }

  /** Away at once. */
  go() {
    try {
      this.forget();
      // What other tabs are told is heard here too, and keys go on being pressed: one way out is under way.
      this.ends.abort();
    } finally {
      leave(this.page);
    }
  }

  /** @param {string} slug */
  keep(slug) {
    try {
      sessionStorage.setItem(PLACE, slug);
    } catch {
      // Then a page that is loaded anew opens at its beginning.
    }
  }

  /** @param {string} slug */
  choose(slug) {
    this.keep(slug);
    const menu = /** @type {HTMLDetailsElement | null} */ (this.body.querySelector(".kit-menu"));
    if (menu) menu.open = false;
    if (slug !== this.page.current) this.model.send({ kind: "choose", slug });
    this.toExercise(slug);
  }

  /** A page that is loaded anew opens at the exercise where it was. */
  comeBack() {
    const { exercises = [], current, now } = this.page;
    if (!this.together.returns(now)) return;
    try {
      const slug = sessionStorage.getItem(PLACE);
      if (slug !== current && exercises.some((one) => one.slug === slug)) this.model.send({ kind: "choose", slug });
    } catch {
      // Storage may be blocked; there is nothing in it then.
    }
  }

  /** @param {any} message */
  receive(message) {
    if (message?.kind === "say") this.tell(message.text, this.states);
    else if (message?.kind === "trouble") this.tell(message.message);
    else if (message?.kind === "erased") this.tell(this.ui.erased);
  }

  /** What is open, closed, and over. */
  get states() {
    const { exercises = [], over } = this.page;
    return JSON.stringify([exercises.map(({ slug, state }) => [slug, state]), Boolean(over)]);
  }

  /** @param {string} sentence @param {string} [states] as long as it holds; without, until it is put away */
  tell(sentence, states = "") {
    this.holds = states;
    const shut = h("button", {
      type: "button",
      class: "kit-quiet",
      text: this.ui.shut,
      onclick: () => this.news.replaceChildren(),
    });
    this.news.replaceChildren(h("p", { text: sentence }), shut);
  }

  /** @param {HTMLElement} el */
  show(el) {
    el.classList.add("kit", "kit-shell");
    el.append(this.top, this.body);
    // In a notebook the document belongs to somebody else: only a page of one's own is named.
    this.owner = Boolean(document.body.dataset.voila) || !document.querySelector(".jp-LabShell");
    if (this.owner) {
      document.documentElement.classList.add("kit-page");
      document.title = TITLE;
    }
    this.letters.apply();
    this.name();
    const watch = new ResizeObserver(() => this.measure());
    watch.observe(this.top);
    return () => {
      watch.disconnect();
      el.replaceChildren();
    };
  }

  /** The bar's height is kept free above whatever has focus. */
  measure() {
    document.documentElement.style.setProperty("--kit-bar", `${this.top.offsetHeight}px`);
  }

  name() {
    if (this.owner) document.documentElement.lang = this.page.lang;
  }

  draw() {
    const focused = /** @type {any} */ (document.activeElement);
    const inside = this.bar.contains(focused) || this.body.contains(focused);
    const open = [...this.body.querySelectorAll("details[open]")].map((one) => one.dataset.key);
    const { current = "" } = this.page;
    const moved = this.shown !== undefined && this.shown !== current && Boolean(current);
    this.shown = current;
    this.name();
    this.bar.lang = this.body.lang = this.page.lang;
    this.bar.replaceChildren(this.quit(), this.languages());
    if (this.holds && this.holds !== this.states) this.news.replaceChildren();
    this.together.draw(this.page);
    this.body.replaceChildren(
      .../** @type {Node[]} */ (this.parts().filter(Boolean)),
    );
    for (const one of this.body.querySelectorAll("details")) one.open = open.includes(one.dataset.key) && !(moved && one.dataset.key === "menu");
    // What is the same element as before has lost its focus only.
    const again = inside && (focused.isConnected ? focused : focused.dataset.key && this.find(focused.dataset.key));
    again?.focus?.({ preventScroll: true });
  }

  parts() {
    if (this.pause.on && !this.page.gone) return [this.pause.card()];
    if (this.page.alone) return [this.support(), this.about(), !this.page.bare && this.own.data()];
    if (this.page.gone) return [this.head(), this.gone(), this.support(), this.about()];
    const ease = h("div", { class: "kit-row" }, this.pause.button());
    const all = [this.mode(), this.exercises(), ease, this.support(), this.letters.group(), this.about(), this.own.card(), this.own.data()];
    const { away } = this.together;
    const card = away && this.together.card(this.page);
    // Once all is over, what is said of erasing is there to be seen.
    if (card && this.page.over) return [this.head(), card, ...all];
    return [this.head(), ...(this.page.current || away ? [this.menu(all)] : all), card];
  }

  /** While an exercise is on, it comes first: all else waits in a fold. @param {(Node | false | null)[]} parts */
  menu(parts) {
    return h(
      "details",
      { class: "kit-details kit-menu", "data-key": "menu" },
      h("summary", { "data-key": "fold/menu", text: [this.ui.menu, this.page.support?.menu].filter(Boolean).join(" · ") }),
      h("div", { class: "kit-menu-in" }, ...parts),
    );
  }

  /** To the beginning of the exercise that was chosen, once its form is there. @param {string} slug */
  toExercise(slug) {
    const title = this.page.exercises?.find((one) => one.slug === slug)?.title;
    const look = () => {
      const form = document.querySelector(".kit-form form");
      if (form?.getAttribute("aria-label") !== title) return false;
      focusOn(form?.closest(".kit-form")?.querySelector("h1, h2"));
      scrollTo({ top: 0, behavior: "instant" });
      return true;
    };
    if (look()) return;
    const watch = new MutationObserver(() => look() && watch.disconnect());
    watch.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-label"] });
    setTimeout(() => watch.disconnect(), PATIENCE);
  }

  mode() {
    const { ui, page } = this;
    const mode = page.mode && !page.over && fill(ui[page.mode], { partner: page.partner ?? "" });
    return mode && h("p", { class: "kit-note", text: mode });
  }

  /** What is left once all is erased. */
  gone() {
    const { ui, page } = this;
    const link = page.join && h("a", { class: "kit-button", href: page.join, text: ui.gone_join, "data-key": "join" });
    return h("section", { class: "kit-gone" }, h("p", { text: ui.gone }), link && h("p", { text: ui.gone_anew }), link);
  }

  /** @param {string} key */
  find(key) {
    const which = `[data-key="${CSS.escape(key)}"]`;
    return /** @type {HTMLElement | null} */ (this.bar.querySelector(which) ?? this.body.querySelector(which));
  }

  quit() {
    return h("button", {
      type: "button",
      class: "kit-button kit-exit",
      "data-key": "exit",
      "aria-describedby": `${this.uid}-exit`,
      text: this.ui.exit,
      onclick: () => this.go(),
    });
  }

  languages() {
    const group = h("div", { class: "kit-languages", role: "group", "aria-label": this.ui.languages });
    for (const [lang, name] of this.page.languages) {
      const pressed = String(this.page.lang === lang);
      const speak = () => this.model.send({ kind: "lang", lang });
      group.append(
        h("button", {
          type: "button",
          class: "kit-language",
          lang,
          "data-key": `lang/${lang}`,
          "aria-pressed": pressed,
          text: name,
          onclick: speak,
        }),
      );
    }
    return group;
  }

  head() {
    const { ui, page } = this;
    return h(
      "div",
      { class: "kit-head" },
      h("h1", { class: (page.current || this.together.away) && !page.gone ? "kit-hidden" : null, text: page.title || ui.workshop }),
      page.practice && !page.gone && h("p", { class: "kit-hint", text: page.practice }),
      page.over && !page.gone && h("p", { class: "kit-note", text: ui.over }),
    );
  }

  exercises() {
    const { ui, page } = this;
    if (!page.exercises?.length) return null;
    const heading = `${this.uid}-exercises`;
    const waiting = page.exercises.filter((one) => one.state === "waiting");
    const folded = waiting.length > FEW;
    const list = (/** @type {Exercise[]} */ some) =>
      some.length > 0 && h("ul", { class: "kit-exercises" }, ...some.map((one) => h("li", {}, this.exercise(one))));
    return h(
      "nav",
      { "aria-labelledby": heading },
      h("h2", { id: heading, class: "kit-small-title", text: ui.exercises }),
      waiting.length === page.exercises.length && h("p", { text: ui.wait }),
      list(folded ? page.exercises.filter((one) => one.state !== "waiting") : page.exercises),
      folded && h(
        "details",
        { class: "kit-details", "data-key": "later" },
        h("summary", { "data-key": "fold/later", text: fill(ui.later, { n: waiting.length }) }),
        list(waiting),
      ),
      this.together.choice(page),
    );
  }

  /** @param {Exercise} one */
  exercise(one) {
    const { ui, page } = this;
    const done = one.total ? fill(ui.done, { done: one.done ?? 0, total: one.total }) : "";
    return h(
      "button",
      {
        type: "button",
        class: "kit-exercise",
        "data-key": `choose/${one.slug}`,
        "data-is": one.state,
        "aria-current": one.slug === page.current ? "true" : null,
        onclick: () => {
          this.together.chose(one.slug);
          this.choose(one.slug);
        },
      },
      h("span", { class: "kit-exercise-title", text: one.title }),
      h("span", { class: "kit-exercise-state", text: [ui[one.state], done].filter(Boolean).join(" · ") }),
    );
  }

  /** Where people can turn, in this region. */
  support() {
    const { support } = this.page;
    if (!support) return null;
    const told = h("div");
    told.innerHTML = support.html;
    return h("details", { class: "kit-details", "data-key": "support" }, h("summary", { "data-key": "fold/support", text: support.menu }), told);
  }

  about() {
    const { ui } = this;
    const points = ["exit_does", "exit_keeps", "exit_network", "exit_screen", "exit_safer"];
    return h(
      "details",
      { class: "kit-details", "data-key": "about" },
      h("summary", { "data-key": "fold/about", text: ui.exit_about }),
      h("p", { id: `${this.uid}-exit`, text: ui.exit_how }),
      h("ul", { class: "kit-list" }, ...points.map((point) => h("li", { text: ui[point] }))),
    );
  }
}

export default () => {
  /** @type {Room} */
  let room;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      room = new Room(model);
      return () => room.ends.abort();
    },
    /** @param {{el: HTMLElement}} view */
    render({ el }) {
      return room.show(el);
    },
  };
};
