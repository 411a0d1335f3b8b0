// The facilitator's console.

import { Agenda } from "./agenda.js";
import { Cards } from "./cards.js";
import { Closing } from "./closing.js";
import { Decisions } from "./decide.js";
import { Door } from "./door.js";
import { leave } from "./exit.js";
import { Links } from "./links.js";
import { Looking } from "./looking.js";
import { OneAtATime } from "./once.js";
import { address, confirmed, fill, h, unique } from "./parts.js";
import { SharedTexts } from "./shared.js";
import { still } from "./still.js";
import { Wall } from "./wall.js";

/** @typedef {import("./parts.js").Model} Model */
/** @typedef {[string, string]} Place */
/** @typedef {{title: string, care: string, stages: Place[]}} Group */
/** @typedef {{id: string, label: string, onward: Place[], back: Place | null}} Stage */
/** @typedef {{slug: string, title: string, state: string, answered: number, done: string, revealed: boolean, round: number, again: boolean, once: string, off: boolean, showing: boolean, slide: number, slides: number, first: number, stages?: Group[], stage?: Stage | null}} Exercise */

class Console {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.uid = unique();
    /** @type {Set<string>} folds that stand open */
    this.folds = new Set();
    this.news = h("p", { class: "kit-said", role: "status" });
    this.bar = h("div");
    this.agenda = new Agenda(this);
    this.wall = new Wall(this);
    this.apart = h("div");
    this.cards = new Cards(this);
    this.looking = new Looking(this);
    this.head = h("div");
    this.list = h("div");
    this.end = h("div");
    this.resultTitle = h("h2", { tabindex: "-1", id: `${this.uid}-result` });
    this.resultBody = h("div", { class: "kit-group" });
    this.decisions = new Decisions(this);
    this.texts = new SharedTexts(this);
    this.links = new Links(this);
    this.door = new Door(this);
    this.closing = new Closing(this);
    /** Questions that ask once more, by key: one that stands open stays so, whatever is drawn anew around it.
     * @type {Map<string, {of: string, element: HTMLElement}>} */
    this.questions = new Map();
    /** The result as it was last told. */
    this.html = "";
    /** Language in which the console was drawn, and what its last section was drawn for. */
    this.lang = "";
    this.ended = "";
    this.notice = "";
    this.holds = ""; // the states for which the news were told
    /** @type {string | undefined} the exercise whose result is shown */
    this.shown = undefined;
    this.asked = false; // whether the facilitator waits for a result, and wants to be taken to it
    const result = { "aria-labelledby": `${this.uid}-result`, hidden: true };
    this.result = h("section", result, this.resultTitle, this.texts.element, this.resultBody, this.decisions.element);
    model.on("change:page", still(() => this.draw()));
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
  }

  get page() {
    return { ...this.model.get("texts"), ...this.model.get("page") };
  }

  get ui() {
    return this.page.ui;
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message?.kind === "say") this.tell(message.text, this.states);
    else if (message?.kind === "trouble") this.tell(message.message);
    else if (message?.kind === "result") this.showResult(message);
    else if (message?.kind === "done") this.once?.done();
    else if (message?.kind === "foresight" && this.looking.wanted) this.looking.hear(message);
    else if (message?.kind === "foresight") this.agenda.foretell(message);
    else if (message?.kind === "file") this.decisions.save(message, buffers);
    else if (message?.kind === "link") this.links.show(message);
  }

  /** @param {string} sentence @param {string} [states] as long as it holds: what another trainer does may end that */
  tell(sentence, states = "") {
    this.news.textContent = sentence;
    this.holds = states;
  }

  /** What a sentence about the workshop may be about. */
  get states() {
    const { exercises, agenda, closed } = this.page;
    const stand = (/** @type {Exercise} */ one) => [one.slug, one.state, one.revealed, one.round, one.off, one.showing, one.stage?.id];
    return JSON.stringify([exercises.map(stand), agenda?.now?.id, closed]);
  }

  /** @param {{slug: string, html: string, list: any, texts: any[]}} message  The HTML comes from the kit's own renderer, escaped there. */
  showResult({ slug, html, list, texts }) {
    const focused = this.focused;
    this.shown = slug;
    const one = this.page.exercises.find((/** @type {Exercise} */ e) => e.slug === slug);
    this.result.hidden = !html;
    this.resultTitle.textContent = fill(this.ui.result_of, { title: one?.title ?? "" });
    // Whoever has unfolded a table in it reads on when another trainer has struck out a text.
    if (html !== this.html) this.resultBody.innerHTML = html;
    this.html = html;
    // A result that is called like its exercise is not called so twice.
    const title = this.resultBody.querySelector(".kit-summary > h3:first-child");
    if (title?.textContent === one?.title) title?.remove();
    this.decisions.show(slug, html ? list : null);
    this.texts.show(slug, html ? texts : []);
    if (html && this.asked) this.resultTitle.focus();
    else this.focusAgain(focused);
    this.asked = false;
  }

  /** The key of what has the focus. */
  get focused() {
    return /** @type {any} */ (document.activeElement)?.dataset?.key;
  }

  /** @param {string | undefined} key What was drawn anew has the focus that it had, unless something else has it. */
  focusAgain(key) {
    if (!key || document.activeElement !== document.body) return;
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
  }

  /** @param {{key: string, label: string, question: string, yes: string, no: string, done: () => void}} asked The same element for as long as it asks the same. */
  question(asked) {
    const of = `${asked.label}/${asked.question}`;
    const kept = this.questions.get(asked.key);
    if (kept?.of === of) return kept.element;
    const element = confirmed(asked);
    this.questions.set(asked.key, { of, element });
    return element;
  }

  /** The one way in which the console says something: what was told before is over, and the buttons rest. @param {any} message */
  ask(message) {
    this.tell("");
    this.once?.wait();
    this.model.send(message);
  }

  /** @param {HTMLElement} el */
  show(el) {
    /** @type {OneAtATime | undefined} */
    this.once = new OneAtATime(el);
    document.documentElement.classList.add("kit-page");
    el.classList.add("kit", "kit-console");
    el.append(this.bar, this.news, this.agenda.element, this.apart, this.cards.element, this.head, this.door.element, this.list, this.result, this.wall.settings, this.links.element, this.closing.element, this.end);
    this.draw();
    return () => {
      this.agenda.stop();
      el.replaceChildren();
    };
  }

  draw() {
    const { page } = this;
    document.documentElement.lang = page.lang;
    document.title = "Atelier · Workshop";
    const { focused } = this;
    const care = page.region ? [h("p", { class: "kit-note", text: page.region })] : [];
    this.bar.replaceChildren(this.top(), h("h1", { text: page.title }), ...(page.practice ? [h("p", { class: "kit-note", text: page.practice })] : []));
    this.agenda.draw(page);
    // With an agenda, the wall is turned from beside the large button.
    const place = page.agenda ? this.agenda.here : this.apart;
    if (this.wall.element.parentElement !== place) place.append(this.wall.element);
    this.wall.draw();
    this.cards.draw(page);
    this.head.replaceChildren(this.invitation(), ...care);
    if (this.holds && this.holds !== this.states) this.tell("");
    // Said once, and not each time that somebody joins.
    if (page.notice && page.notice !== this.notice) this.tell(page.notice);
    this.notice = page.notice;
    this.door.draw(page);
    this.list.replaceChildren(this.exercises());
    this.links.draw();
    this.closing.draw(page);
    const ended = `${page.closed}/${page.lang}/${page.reopens}`;
    if (this.ended !== ended) this.end.replaceChildren(this.ending(), this.leaving());
    this.ended = ended;
    if (this.lang && this.lang !== page.lang) {
      if (this.shown) this.send("look", this.shown);
      // A sentence in the other language is over.
      this.tell(page.notice);
    }
    this.lang = page.lang;
    this.focusAgain(focused);
  }

  /** @param {string} kind @param {string} slug */
  send(kind, slug) {
    this.ask({ kind, slug });
  }

  top() {
    const group = h("div", { class: "kit-languages", role: "group", "aria-label": this.ui.languages });
    for (const [lang, name] of this.page.languages) {
      const pressed = String(this.page.lang === lang);
      const speak = () => {
        this.ask({ kind: "lang", lang });
        keepLang(lang);
      };
      group.append(h("button", { type: "button", class: "kit-language", lang, "data-key": `lang/${lang}`, "aria-pressed": pressed, text: name, onclick: speak }));
    }
    const screen = h("a", { class: "kit-button", href: "screen", target: "_blank", rel: "noopener", text: this.ui.screen, "data-key": "screen" });
    return h("div", { class: "kit-row kit-console-top" }, group, screen);
  }

  invitation() {
    const { page, ui } = this;
    if (page.closed) return h("div", { class: "kit-head" }, h("p", { class: "kit-note", text: ui.ended_host }));
    const qr = h("div", { class: "kit-qr" });
    qr.innerHTML = page.qr;
    return h(
      "div",
      { class: "kit-head" },
      h(
        "div",
        { class: "kit-console-invite" },
        qr,
        h(
          "div",
          {},
          h("p", { class: "kit-code" }, `${ui.code} `, h("strong", { translate: "no", text: page.room || page.code })),
          address(page.link, "kit-link-large"),
          page.notice ? h("p", { class: "kit-problem", text: page.notice }) : "",
          h("p", {}, h("a", { href: "reach", text: ui.reach, "data-key": "reach" })),
          h("p", { class: "kit-here", text: fill(ui.here, { n: page.here }) }),
          h("p", { class: "kit-hint", text: ui.here_help }),
          h("p", { class: "kit-count", text: fill(ui.joined, { n: page.joined }) }),
          h("p", { class: "kit-hint", text: fill(ui[page.mode], { k: page.k }) }),
        ),
      ),
    );
  }

  exercises() {
    const items = this.page.exercises.map((/** @type {Exercise} */ one) => h("li", { class: "kit-card" }, ...this.exercise(one)));
    const title = `${this.uid}-exercises`;
    return h("section", { "aria-labelledby": title }, h("h2", { id: title, text: this.ui.exercises }), h("ul", { class: "kit-plain" }, ...items));
  }

  /** @param {Exercise} one */
  exercise(one) {
    const { ui, page } = this;
    const open = one.state === "open";
    const name = `${this.uid}-${one.slug}`;
    /** @param {string} kind @param {string} label @param {string} [slug] */
    const button = (kind, label, slug = one.slug) =>
      h("button", {
        type: "button",
        class: "kit-button",
        "data-key": `${kind}/${one.slug}`,
        "aria-describedby": name,
        text: label,
        onclick: () => {
          this.asked = kind === "look";
          if (kind === "reveal") this.looking.ask(slug);
          else this.send(kind, slug);
        },
      });
    return [
      h("h3", { id: name, text: one.title }),
      h("p", { text: [ui[one.state], this.begun(one), one.done, one.round > 1 && ui.round_two, one.revealed && (one.off ? ui.off : ui.revealed)].filter(Boolean).join(" · ") }),
      h(
        "div",
        { class: "kit-row" },
        !page.closed && (open ? button("close", ui.close) : button("open", ui.open_it)),
        button("reveal", one.revealed ? ui.reveal_again : ui.reveal),
        one.revealed && button("look", ui.look),
        one.revealed && !one.off && (one.showing ? button("show", ui.hide, "") : button("show", ui.show)),
        one.revealed && this.offButton(one, name),
        one.again && this.again(one, "list"),
      ),
      one.revealed && one.once && !page.closed && h("p", { class: "kit-hint", text: one.once }),
      this.looking.panel(one),
      this.stages(one),
    ];
  }

  /** @param {Exercise} one How many have begun; of how many, as long as somebody can. */
  begun({ state, answered }) {
    const { ui, page } = this;
    return state === "open" ? fill(ui.answered, { n: answered, all: page.joined }) : answered ? fill(ui.begun, { n: answered }) : "";
  }

  /** @param {Exercise} one @param {string} name Off every screen, or back again. */
  offButton({ slug, off }, name) {
    const { ui } = this;
    const onclick = () => this.ask({ kind: "off", slug, off: !off });
    return h("button", { type: "button", class: "kit-button", "data-key": `off/${slug}`, "aria-describedby": name, text: off ? ui.put_back : ui.take_off, onclick });
  }

  /** @param {{slug: string, title: string}} one @param {string} place A second round, once what was shown of the first was talked about. */
  again({ slug, title }, place) {
    const { ui } = this;
    const done = () => this.send("again", slug);
    const key = place === "list" ? `again/${slug}` : `${place}/again`;
    return this.question({ key, label: ui.again, question: fill(ui.again_question, { title }), yes: ui.again_yes, no: ui.again_no, done });
  }

  /** @param {Exercise} one @param {Place[]} places A button for each place to which the room can be brought. */
  places(one, places) {
    const go = (/** @type {Place} */ [stage, label]) =>
      h("li", {}, h("button", {
        type: "button",
        class: "kit-button",
        "data-key": `stage/${one.slug}/${stage}`,
        "aria-current": stage === one.stage?.id ? "true" : null,
        text: label,
        onclick: () => this.ask({ kind: "stage", slug: one.slug, stage }),
      }));
    return h("ul", { class: "kit-plain" }, ...places.map(go));
  }

  /** @param {Exercise} one Where the room is, and where it can go from there. */
  stageNow(one) {
    const { ui } = this;
    if (!one.stage) return [];
    const { label, onward, back } = one.stage;
    const ways = [...onward, ...(back ? [/** @type {Place} */ ([back[0], fill(ui.stage_back, { label: back[1] })])] : []), /** @type {Place} */ (["", ui.stage_free])];
    const title = onward.length > 0 ? [h("p", { class: "kit-list-title", text: ui.stage_onward })] : [];
    return [h("p", { class: "kit-note", text: fill(ui.stage_now, { label }) }), ...title, this.places(one, ways)];
  }

  /** @param {Exercise} one Where the room is, where it can go on to, and every other place. */
  stages(one) {
    const { ui, page } = this;
    if (!one.stages?.length) return null;
    const list = (/** @type {Place[]} */ places) => this.places(one, places);
    /** @param {string} name @param {string} title @param {Node[]} inside A fold that stays as it was when the console is drawn anew. */
    const fold = (name, title, ...inside) =>
      h("details", {
        class: "kit-details",
        open: this.folds.has(name),
        ontoggle: (/** @type {any} */ event) => this.folds[event.target.open ? "add" : "delete"](name),
      }, h("summary", { "data-key": `fold/${name}`, text: title }), ...inside);
    const care = (/** @type {Group} */ group) => (group.care ? [h("p", { class: "kit-hint", text: group.care })] : []);
    const groups = one.stages.map((group) => fold(`${one.slug}/${group.title}`, group.title, ...care(group), list(group.stages)));
    // In the block that is on, it stands beside the large button.
    const now = page.agenda?.now?.slug === one.slug ? [] : this.stageNow(one);
    return h("div", { class: "kit-stages" }, ...now, fold(one.slug, ui.stage_title, h("p", { class: "kit-hint", text: ui.stage_help }), ...groups));
  }

  ending() {
    const { ui, page } = this;
    const title = h("h2", { text: ui.end_title });
    if (page.closed) return h("section", {}, title, ...this.afterwards());
    const end = confirmed({ label: ui.end, question: ui.end_question, yes: ui.end_yes, no: ui.end_no, done: () => this.ask({ kind: "end" }) });
    return h("section", {}, title, h("p", { class: "kit-hint", text: [ui.end_help, page.keeps].filter(Boolean).join(" ") }), end);
  }

  /** On a device that others use, the browser that was let in must not stay in. */
  leaving() {
    const { ui, page } = this;
    const done = () => leave({ exit_url: "exit", neutral_url: "quiet" });
    const go = confirmed({ label: ui.leave, question: ui.leave_question, yes: ui.leave_yes, no: ui.leave_no, done });
    return h("section", {}, h("h2", { text: ui.leave_title }), h("p", { class: "kit-hint", text: [ui.leave_help, !page.closed && ui.leave_goes_on].filter(Boolean).join(" ") }), go);
  }

  /** What can be done once the workshop has ended. */
  afterwards() {
    const { ui, page } = this;
    const reopen = h("button", { type: "button", class: "kit-button", "data-key": "reopen", text: ui.reopen, onclick: () => this.ask({ kind: "reopen" }) });
    return [
      h("p", {}, ui.ended_report, " ", h("code", { translate: "no", text: `kit report ${page.code}` })),
      page.keeps && h("p", { text: page.keeps }),
      h("p", {}, ui.ended_purge, " ", h("code", { translate: "no", text: `kit session purge ${page.code} --yes` })),
      page.reopens && h("p", { text: ui.reopen_help }),
      page.reopens && reopen,
    ].filter(Boolean);
  }
}

/** So that this browser's console speaks it when it is loaded anew: the entrance keeps what was chosen. @param {string} lang */
function keepLang(lang) {
  fetch(`host?lang=${lang}`).catch(() => {});
}

export default () => {
  /** @type {Console} */
  let view;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      view = new Console(model);
    },
    /** @param {{el: HTMLElement}} page */
    render({ el }) {
      return view.show(el);
    },
  };
};
