// The room screen: large, quiet, and only told what was revealed.

import { Clock } from "./clock.js";
import { address, h } from "./parts.js";
import { drawn as drawSlide, placeOf, slidesIn } from "./slides.js";

/** @typedef {import("./parts.js").Model} Model */

/** @typedef {{lang: string, heading: string, block: string, step: string, progress: string[], how: string, code: string}} Side */

// A title that stands in large letters: two lines of them, in letters.
const SHORT = 40;
// Milliseconds in which what was asked for here comes back.
const ECHO = 10_000;

/** @param {{model: Model, el: HTMLElement}} page */
function render({ model, el }) {
  new Wall(model, el).draw();
}

class Wall {
  /** @param {Model} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.el = el;
    document.documentElement.classList.add("kit-page");
    el.classList.add("kit", "kit-screen");
    this.title = h("h1");
    this.clock = new Clock();
    this.block = h("span");
    this.now = h("p", { class: "kit-screen-now" }, this.block, " · ");
    this.invite = h("section", { class: "kit-screen-invite" });
    this.progress = h("div", { class: "kit-count", role: "status" });
    this.result = h("section", { class: "kit-group", "aria-live": "polite" });
    el.append(this.title, this.now, this.invite, this.progress, this.result);
    this.said = this.shown = this.way = this.html = this.mode = "";
    /** @type {import("./slides.js").Slide[]} */
    this.slides = [];
    this.at = 0;
    this.asked = 0; // the slide that the kernel told last
    /** @type {[number, number][]} the slides that were asked for here, and when */
    this.sent = [];
    model.on("change:page", () => this.draw());
    document.addEventListener("keydown", (event) => this.key(event));
  }

  get page() {
    return { ...this.model.get("texts"), ...this.model.get("page") };
  }

  /** @returns {Side[]} What is told, in the wall's language and in a second one where both are wanted. */
  get sides() {
    const { lang, heading, block, step, progress, ui, beside } = this.page;
    return [{ lang, heading, block, step, progress, how: ui.how, code: ui.code }, ...(beside ?? [])];
  }

  /** Whether what the kernel tells is the echo of a key that was pressed here: later ones may be under way. @param {number} slide */
  isEcho(slide) {
    this.sent = this.sent.filter(([, when]) => performance.now() - when < ECHO);
    const place = this.sent.findIndex(([one]) => one === slide);
    this.sent = place < 0 ? [] : this.sent.slice(place + 1);
    return place >= 0;
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { at, slides } = this;
    const to = { ArrowRight: at + 1, PageDown: at + 1, " ": at + 1, ArrowLeft: at - 1, PageUp: at - 1, Home: 0, End: slides.length - 1 }[event.key];
    if (to !== undefined && slides.length) this.turn(to);
    else if (event.key === "F2") this.speak();
    else if (event.key === "F9") this.look(this.dark ? "light" : "dark");
    else return;
    event.preventDefault();
  }

  /** Turned here, it is turned for the console too, where this browser may do that. @param {number} to */
  turn(to) {
    if (to < 0 || to >= this.slides.length || to === this.at) return;
    this.at = to;
    this.sent.push([to, performance.now()]);
    this.model.send({ kind: "slide", slide: to });
    this.draw();
  }

  get dark() {
    const { looks = [] } = this.page;
    return looks.includes("dark") || (!looks.includes("light") && matchMedia("(prefers-color-scheme: dark)").matches);
  }

  /** @param {string} name By day or by night: said to the kernel, which tells it to every wall. */
  look(name) {
    const { looks = [] } = this.page;
    this.model.send({ kind: "looks", looks: [...looks.filter((/** @type {string} */ one) => one === "both"), name] });
  }

  /** From one language to both, and from both to the other one. */
  speak() {
    const { looks = [] } = this.page;
    const others = looks.filter((/** @type {string} */ one) => one !== "both");
    const lang = this.sides[1]?.lang;
    this.model.send(looks.includes("both") ? { kind: "looks", looks: others, ...(lang && { lang }) } : { kind: "looks", looks: [...others, "both"] });
  }

  draw() {
    const { page, el } = this;
    document.documentElement.lang = page.lang;
    document.title = "Atelier · Workshop";
    for (const one of ["dark", "light"]) document.documentElement.classList.toggle(`kit-look-${one}`, (page.looks ?? []).includes(one));
    this.title.textContent = this.named(page.title);
    this.take();
    this.mode = this.slides.length ? "slides" : page.html ? "told" : page.closed || page.joining ? "joining" : "work";
    el.classList.toggle("kit-screen-told", this.mode !== "joining");
    el.classList.toggle("kit-screen-slides", this.mode === "slides" || this.mode === "work");
    this.comeIn();
    this.tell();
    this.clock.set(page.clock ?? { until: 0, left: 0, sent: 0 }, page.ui, Boolean(page.clock));
    if (this.mode === "work") this.work();
    else if (this.mode === "slides") this.slide();
    else this.whole();
  }

  /** @param {string} title What stands above; of a practice, with that. */
  named(title) {
    return [title, this.page.practice].filter(Boolean).join(" · ");
  }

  /** Which slides there are, and which of them is on. */
  take() {
    const { page } = this;
    if (this.html !== page.html) {
      this.html = page.html;
      this.slides = slidesIn(page.html);
      this.at = page.slide;
      this.sent = [];
    } else if (this.asked !== page.slide && !this.isEcho(page.slide)) this.at = page.slide;
    this.asked = page.slide;
    this.at = Math.max(0, Math.min(this.at, this.slides.length - 1));
  }

  /** What is on, and how far the room is: beside slides in a line each, else large. */
  tell() {
    const work = this.mode === "work";
    const lines = this.sides.flatMap(({ lang, progress }) => progress.map((text) => h("p", { lang, text })));
    const said = lines.map((one) => one.textContent).join("\n");
    if (this.said !== said) this.progress.replaceChildren(...lines);
    this.said = said;
    // A slide has its exercise's name right below: where the block is called the same, it stands once.
    const named = this.mode === "slides" && this.page.block === this.page.heading;
    this.block.textContent = [named && this.page.step ? "" : this.page.block, this.page.step].filter(Boolean).join(" – ");
    this.now.hidden = work || !(this.page.block && this.page.clock);
    if (work) return;
    if (this.clock.element.parentElement !== this.now) this.now.append(this.clock.element);
    // While people come in there is no room below the code.
    const beside = this.mode === "joining" && !this.page.closed ? this.invite.lastElementChild : null;
    if (beside ? this.progress.parentElement !== beside : this.progress.parentElement !== this.el) beside ? beside.append(this.progress) : this.invite.after(this.progress);
  }

  comeIn() {
    const { page, mode } = this;
    const way = [page.lang, page.link, page.notice, mode === "joining", page.closed, this.sides.length].join("/");
    if (way === this.way) return;
    this.way = way;
    // Nobody can join what has ended.
    this.invite.replaceChildren(...(page.closed ? [] : invitation(page, this.sides, mode === "joining")));
    this.invite.hidden = page.closed;
  }

  slide() {
    const { page, at, slides } = this;
    const place = `${page.heading}/${at}/${page.html}`;
    if (this.shown === place) return;
    this.shown = place;
    const of = h("p", { class: "kit-slide-of" }, h("span", { text: this.named(page.heading) }), h("span", { text: slides.length > 1 ? placeOf(slides, at, page.ui) : "" }));
    const slide = drawSlide(slides[at], 2);
    this.result.replaceChildren(of, slide);
    // On a wall of another shape than most it may have to be scrolled, by keyboard too.
    for (const one of [slide, ...slide.querySelectorAll(".kit-slide")]) if (one.scrollHeight > one.clientHeight) /** @type {HTMLElement} */ (one).tabIndex = 0;
  }

  /** While people answer: what they do, how much time is left, how far the room is. */
  work() {
    const told = this.sides.map(({ lang, block, step }) => ({ lang, block: block || this.page.title, step }));
    const place = `work/${JSON.stringify(told)}`;
    if (this.shown === place) return;
    this.shown = place;
    const task = h(
      "div",
      { class: "kit-task" },
      h("div", { class: "kit-slide-sides" }, ...told.map(({ lang, block, step }) => h("div", { lang }, h("h2", { class: block.length <= SHORT ? "kit-short" : null, text: block }), step && h("p", { class: "kit-slide-step", text: step })))),
      h("p", { class: "kit-slide-clock" }, this.clock.element),
      this.progress,
    );
    // With nothing on, the workshop's title is the large one, and stands once.
    const above = this.page.block ? this.page.title : "";
    this.result.replaceChildren(h("p", { class: "kit-slide-of" }, h("span", { text: this.named(above) })), task);
  }

  /** A result that an earlier version of the kit has told, or nothing. */
  whole() {
    const { page, result } = this;
    if (this.shown === page.heading + page.html) return;
    this.shown = page.heading + page.html;
    result.innerHTML = page.html ? `<h2></h2>${page.html}` : "";
    const heading = result.querySelector("h2");
    if (heading) heading.textContent = page.heading;
    // A result that is called like its exercise is not called so twice.
    const same = result.querySelector(".kit-summary > h3:first-child");
    if (same?.textContent === page.heading) same.remove();
  }
}

/** @param {any} page @param {Side[]} sides @param {boolean} large */
function invitation(page, sides, large) {
  const qr = h("div", { class: large ? "kit-qr" : "kit-qr kit-qr-small" });
  qr.innerHTML = page.qr;
  return [
    qr,
    h(
      "div",
      {},
      ...(large ? sides.map(({ lang, how }) => h("p", { lang, text: how })) : []),
      address(page.link),
      h("p", { class: "kit-code" }, `${page.ui.code} `, h("strong", { translate: "no", text: page.code })),
      page.notice ? h("p", { class: "kit-problem", role: "status", text: page.notice }) : "",
    ),
  ];
}

export default { render };
