// An exercise is a few screens: one step at a time, or all on one page for who likes that better.

import { fill, focusOn, h } from "./parts.js";

/** @typedef {import("./form.js").Form} Form */
/** @typedef {{shown: Set<Element>, heading: HTMLElement | null, place: string}} Step  place: under which it is found again */
/** @typedef {{width: number, height: number}} Screen  in pixels; what a line of text may be wide */

// A step is at most two heights of the screen; so much of it are title, headings and buttons. Pixels, as these are.
const AROUND = 330;
const LEAST = 600;
const WIDEST = 736;
const LETTER = 9.3;
const LINE = 27;
const WHOLE = "kit-whole";
// The places of the steps that ask nothing: what is one's own at the end, and the room's result once it is there.
const END = "end";
const RESULT = "result";
// A finger that goes this far to the side (pixels), and not half as far up or down, turns the page.
const SWIPE = 70;
const QUESTION = "[data-item], .kit-pair";
const TYPED = "input, textarea, select, summary, [tabindex='0']";

export class Steps {
  /** @param {Form} form */
  constructor(form) {
    this.form = form;
    this.at = 0;
    /** @type {Step[]} */
    this.steps = [];
    /** @type {Step[]} all but the room's result */
    this.own = [];
    /** @type {Element[]} */
    this.all = [];
    // As it is now: a keyboard that comes up makes the window lower, and moves no question to another step.
    this.screen = { width: Math.min(innerWidth, WIDEST), height: innerHeight };
    /** The first question of the step that is on; "" before there is one. */
    this.place = this.kept(this.name);
    this.whole = this.kept(WHOLE) === "yes";
    // Made once: what a finger has pressed is still there when an answer that it left is saved.
    this.problem = this.button("problem", "", () => this.reveal(this.hidden));
    this.back = this.button("back", "", () => this.go(this.at - 1));
    this.next = this.button("next", "kit-main", () => this.go(this.at + 1));
    this.count = h("span", { class: "kit-meta", role: "status" });
    this.turn = h("div", { class: "kit-row" }, this.back, this.count, this.next);
    this.laid = h("button", { type: "button", class: "kit-quiet", "data-key": "step/whole", onclick: () => this.lay(!this.whole) });
    this.bar = h("nav", { class: "kit-steps" }, this.problem, this.turn, this.laid);
    form.root.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.listen(form.root);
  }

  /** @param {string} key @param {string} kind @param {() => void} onclick @returns {HTMLElement} */
  button(key, kind, onclick) {
    return h("button", { type: "button", class: `kit-button ${kind}`, "data-key": `step/${key}`, onclick });
  }

  /** In the order of the page: what belongs to a step, and what stands at the end, a step of its own.
   *
   * @param {HTMLElement[]} sections @param {HTMLElement[]} end
   */
  arrange(sections, end) {
    /** @type {Set<Element>} */
    const last = new Set(end);
    this.own = [...steps(sections, this.screen), { shown: last, heading: null, place: END }];
    this.all = [...sections, ...sections.flatMap(preface), ...sections.flatMap(fields), ...end, this.form.regions.group];
    this.settle();
  }

  /** The room's result is a step for as long as it is there. */
  settle() {
    const { group } = this.form.regions;
    const result = { shown: new Set([group]), heading: null, place: RESULT };
    this.steps = this.form.model.get("group") ? [...this.own, result] : this.own;
    const placed = this.steps.findIndex(({ place }) => place === this.place);
    const asked = placed < 0 ? this.holding(this.form.find("item", this.place)) : placed;
    this.at = this.place === RESULT && placed < 0 ? this.own.length - 1 : Math.max(0, asked);
    this.draw();
  }

  /** The step in which an element stands; -1 for none. @param {Element | null | undefined} element */
  holding(element) {
    if (!element) return -1;
    const holds = (/** @type {Element} */ one) => (one.matches(QUESTION) || !fields(one).length) && one.contains(element);
    return this.steps.findIndex(({ shown }) => [...shown].some(holds));
  }

  /** Back to the beginning, with the next drawing. */
  begin() {
    this.place = "";
  }

  /** Alone, the address may be one that strangers share: nothing is kept there. @param {string} name */
  kept(name) {
    try {
      return (!this.form.page.alone && sessionStorage.getItem(name)) || "";
    } catch {
      return "";
    }
  }

  /** Quick exit forgets it with all else that the tab keeps. @param {string} name @param {string} value */
  keep(name, value) {
    try {
      if (!this.form.page.alone) sessionStorage.setItem(name, value);
    } catch {
      // Then a page that is loaded anew begins at its first step.
    }
  }

  /** Under which the place is kept: each round has its own. */
  get name() {
    const round = this.form.model.get("round");
    return `kit-step/${this.form.page.content.slug}${round > 1 ? `/${round}` : ""}`;
  }

  /** This place is where a page that is loaded anew begins. */
  stay() {
    this.keep(this.name, this.place);
  }

  /** @param {number} to */
  go(to) {
    if (to < 0 || to >= this.steps.length || to === this.at) return;
    this.at = to;
    this.place = this.steps[to].place;
    this.stay();
    this.draw();
    this.focus();
  }

  /** To the step in which an element stands. @param {Element | null | undefined} element */
  reveal(element) {
    if (!this.whole) this.go(this.holding(element));
  }

  last() {
    this.go(this.steps.length - 1);
  }

  /** To one's own picture. */
  toOwn() {
    this.go(this.own.length - 1);
  }

  focus() {
    const { heading, shown } = this.steps[this.at];
    focusOn(heading ?? [...shown].map((one) => one.querySelector("h1, h2, h3, h4, button")).find(Boolean) ?? this.form.root);
    this.form.root.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /** An answer that needs another look and stands in another step. */
  get hidden() {
    const asked = [...this.form.problems.keys()].map((id) => this.form.find("item", id));
    return asked.find((one) => one?.closest(".kit-off"));
  }

  draw() {
    const { ui } = this.form;
    const now = this.whole ? null : this.steps[this.at].shown;
    for (const one of this.all) one.classList.toggle("kit-off", now !== null && !now.has(one));
    this.form.root.classList.toggle("kit-later", now !== null && this.at > 0);
    this.form.root.classList.toggle("kit-asked-all", now !== null && this.at >= this.own.length - 1);
    this.bar.setAttribute("aria-label", ui.steps);
    this.bar.hidden = this.led;
    // There it would lead to where one is.
    this.form.met.hidden = now !== null && now.has(this.form.regions.group);
    this.turn.hidden = this.whole;
    this.back.hidden = this.at === 0;
    this.next.hidden = this.at === this.steps.length - 1;
    [this.back, this.next, this.laid].forEach((one, which) => (one.textContent = [ui.step_back, ui.step_next, this.whole ? ui.step_one : ui.step_all][which]));
    this.problem.textContent = ui.step_problem;
    this.count.textContent = fill(ui.step, { n: this.at + 1, all: this.steps.length });
    this.warn();
  }

  /** Whether the exercise itself leads on from here. */
  get led() {
    return this.at === 0 && this.form.leads;
  }

  /** Whether an answer elsewhere needs another look. */
  warn() {
    this.problem.hidden = !this.hidden;
  }

  /** @param {boolean} whole */
  lay(whole) {
    this.whole = whole;
    this.keep(WHOLE, whole ? "yes" : "");
    this.draw();
    this.form.drawGroup();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.whole || this.led || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (/** @type {Element} */ (event.target).closest(TYPED)) return;
    if (event.key === "ArrowRight") this.go(this.at + 1);
    else if (event.key === "ArrowLeft") this.go(this.at - 1);
  }

  /** @param {HTMLElement} root */
  listen(root) {
    /** @type {Touch | null} */
    let begun = null;
    root.addEventListener("touchstart", (event) => {
      const held = /** @type {Element} */ (event.target).closest("input[type=text], textarea, select, table, .kit-result, .kit-deck-stage, .kit-lanes");
      begun = event.touches.length === 1 && !held && !this.led ? event.touches[0] : null;
    }, { passive: true });
    root.addEventListener("touchend", (event) => {
      if (!begun || this.whole) return;
      const [x, y] = [event.changedTouches[0].clientX - begun.clientX, event.changedTouches[0].clientY - begun.clientY];
      begun = null;
      if (Math.abs(x) > SWIPE && Math.abs(y) * 2 < Math.abs(x)) this.go(this.at + (x < 0 ? 1 : -1));
    }, { passive: true });
  }
}

/** @param {Element} section @returns {Element[]} its questions; none: it is one step by itself */
function fields(section) {
  return [...section.children].filter((one) => one.matches(QUESTION));
}

/** The first thing that is asked in a question, or in a pair of them. @param {Element} question @returns {string} */
function named(question) {
  const item = /** @type {HTMLElement | null} */ (question.closest("[data-item]") ?? question.querySelector("[data-item]"));
  return item?.dataset.item ?? "";
}

/** What stands above a section's first question. @param {HTMLElement} section */
function preface(section) {
  return [...section.children].filter((one) => one.matches(".kit-lead, .kit-note"));
}

/**
 * Questions in their order, never more than are read at one go; a list that the person fills has a step of its own.
 *
 * @param {HTMLElement[]} sections @param {Screen} screen @returns {Step[]}
 */
function steps(sections, screen) {
  /** @type {Step[]} */
  const made = [];
  const whole = Math.max(2 * screen.height - AROUND, LEAST);
  let room = 0;
  for (const section of sections) {
    const heading = /** @type {HTMLElement | null} */ (section.querySelector("h1, h2, h3, h4"));
    const asked = fields(section);
    // A section that fits stays with the one before; else it begins a step.
    if (!asked.length || above(section, screen) + asked.reduce((sum, one) => sum + height(one, screen), 0) > room) room = 0;
    if (!asked.length) made.push({ shown: new Set([section, ...preface(section)]), heading, place: `part ${made.length}` });
    for (const [number, one] of asked.entries()) {
      const list = one.matches(".kit-rows");
      if (list || height(one, screen) > room) {
        made.push({ shown: new Set(), heading, place: named(one) });
        room = list ? 0 : whole - (number ? 0 : above(section, screen));
      }
      const { shown } = made[made.length - 1];
      for (const part of [section, one, ...(number ? [] : preface(section))]) shown.add(part);
      room -= height(one, screen);
    }
  }
  return made;
}

/** @param {HTMLElement} section @param {Screen} screen */
function above(section, screen) {
  return preface(section).reduce((sum, one) => sum + ((one.textContent ?? "").length * LETTER * LINE) / screen.width, 40);
}

/**
 * About how high a question is (pixels), from its words: it is not laid out yet.
 *
 * @param {Element} one @param {Screen} screen
 */
function height(one, screen) {
  const wide = screen.width - 64;
  const lines = (/** @type {Element} */ part, /** @type {number} */ room) => Math.ceil((part.textContent ?? "").length / (room / LETTER));
  const options = [...one.querySelectorAll(".kit-option")].map((part) => lines(part, wide - 60) * LINE + 24);
  const texts = [...one.querySelectorAll("legend, label.kit-asked, .kit-hint, .kit-place, .kit-note")].map((part) => lines(part, wide) * LINE);
  return [...options, ...texts].reduce((sum, part) => sum + part, 90 + 100 * one.querySelectorAll("textarea").length);
}
