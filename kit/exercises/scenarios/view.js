// Stories with branches: a list of them, then one scene at a time; or the scene to which the room was brought.
// Saving, resending, feedback, results and copies are those of the form that all exercises share.

import { field } from "../../views/fields.js";
import { Form, formView } from "../../views/form.js";
import { head, isSmall } from "../../views/layout.js";
import { fill, h } from "../../views/parts.js";

/** @typedef {import("../../views/parts.js").Model} Model */
/** @typedef {import("../../views/fields.js").Item} Item */
/** @typedef {{id: string, to: string, behaviour: string | null, repair: boolean, text: string, gain: string, cost: string}} Choice */
/** @typedef {{id: string, name: string, text: string, takeaway: string | null, choices: Choice[]}} Scene */
/** @typedef {{id: string, title: string, intro: string, you: string, others: string, start: string, scenes: Scene[]}} Story */

// What the id of a vote begins with.
const VOTE = "vote.";
// More stories than this are folded away where little is in sight.
const FEW = 3;

class Scenarios extends Form {
  /** @param {Model} model */
  constructor(model) {
    super(model);
    /** The story that is being read, and the scenes on the way to where the person is in it. */
    this.story = "";
    /** @type {string[]} */
    this.trail = [];
    /** @type {Set<string>} scenes of a story that was begun again: their stored choice shows once it is made anew */
    this.fresh = new Set();
    this.told = "";
    /** @type {HTMLElement | undefined} where the consequences of a choice stand */
    this.outcome = undefined;
    /** @type {HTMLElement | undefined} the button to the next scene */
    this.next = undefined;
    model.on("change:stage", () => this.follow());
  }

  /** @param {any} page Each story as a section, each scene with choices as a question: so the form can save and copy them. */
  read(page) {
    const { stories, says } = page.content;
    /** @param {string} title @param {string} kind @returns {(story: Story) => any} */
    const part = (title, kind) => (story) => ({
      id: kind + story.id,
      title: [story.title, title].filter(Boolean).join(" – "),
      items: story.scenes.filter((scene) => scene.choices.length).map((scene) => question(story, scene, asked(scene, says), kind)),
    });
    const sections = [...stories.map(part("", "")), ...(page.alone ? [] : stories.map(part(says.vote_title, VOTE)))];
    return { ...page, content: { ...page.content, sections } };
  }

  get says() {
    return /** @type {any} */ (this.page.content).says;
  }

  /** @type {Story[]} */
  get stories() {
    return /** @type {any} */ (this.page.content).stories;
  }

  get stage() {
    return this.model.get("stage") ?? "";
  }

  /** A vote of the whole room is an answer of its own: nobody's own way through the story changes with it. */
  get kind() {
    return this.stage ? VOTE : "";
  }

  /** What is on the page: a story and one of its scenes, or nothing when the list is shown. */
  get here() {
    const [id, at] = this.stage ? this.stage.split(".") : [this.story, this.trail.at(-1)];
    const story = this.stories.find((one) => one.id === id);
    const scene = story?.scenes.find((one) => one.id === at);
    return story && scene ? { story, scene } : null;
  }

  // ---- what the person does ----

  /** @param {Item} item */
  value(item) {
    return this.fresh.has(item.id) ? null : super.value(item);
  }

  /** @param {Item} item @param {string | null} option */
  choose(item, option) {
    if (!this.closed) this.fresh.delete(item.id);
    super.choose(item, option);
  }

  /** @param {Story} story Opens a story where its choices have led. */
  open(story) {
    this.story = story.id;
    this.trail = this.way(story);
    this.steps.begin();
    this.drawScene();
  }

  /** @param {Story} story */
  restart(story) {
    for (const scene of story.scenes) this.fresh.add(`${story.id}.${scene.id}`);
    this.trail = [story.start];
    this.drawScene();
    this.tell(this.says.restarted);
  }

  back() {
    this.trail.pop();
    this.drawScene();
  }

  toList() {
    const from = this.story;
    this.story = "";
    this.trail = [];
    this.draw();
    const button = this.find("key", `open/${from}`);
    const fold = button?.closest("details");
    if (fold) fold.open = true;
    button?.focus();
  }

  /** Where a story has come to its end, or a vote holds the room, one's own picture is a press away. */
  toPicture() {
    this.steps.toOwn();
    this.askPicture();
  }

  /** The facilitator has brought the room to another scene, or has let everyone go. */
  follow() {
    const inside = this.root.contains(document.activeElement) || document.activeElement === document.body;
    if (this.stage) this.steps.begin();
    this.draw();
    this.tell(this.stage ? this.says.vote : this.says.vote_over);
    // Somebody who is busy elsewhere on the page, at quick exit for one, is not taken away from it.
    if (inside) this.focusHeading();
  }

  wipe() {
    this.story = "";
    this.trail = [];
    this.fresh.clear();
    super.wipe();
  }

  /** @param {Story} story @returns {string[]} The scenes that the choices lead through; it stops where one comes back. */
  way(story) {
    const way = [story.start];
    for (;;) {
      const scene = story.scenes.find((one) => one.id === way.at(-1));
      const choice = scene && this.chosen(story, scene);
      if (!choice || way.includes(choice.to)) return way;
      way.push(choice.to);
    }
  }

  /** @param {Story} story @param {Scene} scene @param {string} [kind] What was chosen at one's own pace, or in a vote. */
  chosen(story, scene, kind = "") {
    const value = this.value(question(story, scene, "", kind));
    return scene.choices.find((one) => one.id === value);
  }

  // ---- drawing ----

  drawScene() {
    this.draw();
    this.focusHeading();
  }

  focusHeading() {
    const heading = /** @type {HTMLElement | null} */ (this.root.querySelector("[data-heading]"));
    heading?.focus({ preventScroll: true });
    // The story's title goes to the top, so that a phone shows as much of the scene as it can.
    heading?.closest("section")?.scrollIntoView({ block: "start", behavior: "instant" });
  }

  /** @param {number} level In a story its text comes first: a phone has no room for the introduction again. */
  top(level) {
    if (!this.here) return head(this, level);
    return h(
      "header",
      { class: "kit-head" },
      h(`h${level}`, { text: this.page.content.title }),
      this.closed && h("p", { class: "kit-note kit-closed", text: this.ui.closed }),
    );
  }

  /** @param {number} level */
  body(level) {
    const { here } = this;
    if (!here) return [this.list(level)];
    const parts = [this.scene(here.story, here.scene, level)];
    setTimeout(() => this.drawOutcome());
    return parts;
  }

  /** A scene leads on by itself. */
  get leads() {
    return Boolean(this.here);
  }

  /** @param {number} level */
  list(level) {
    const { says, stories } = this;
    const heading = `${this.uid}-stories`;
    const first = isSmall() && !this.steps.whole ? this.first() : stories;
    const later = stories.filter((story) => !first.includes(story));
    const cards = (/** @type {Story[]} */ some) => h("ul", { class: "kit-exercises" }, ...some.map((story) => this.card(story, level + 1)));
    return h(
      "section",
      { class: "kit-section", "aria-labelledby": heading },
      h(`h${level}`, { id: heading, text: says.stories }),
      cards(first),
      later.length > 0 && h(
        "details",
        { class: "kit-details" },
        h("summary", { "data-key": "stories", text: fill(says.more, { n: later.length }) }),
        cards(later),
      ),
    );
  }

  /** The few that are in sight first: what is under way, then what is new, then what was read. */
  first() {
    const turn = (/** @type {Story} */ story) => (this.ended(story) ? 2 : this.begun(story) ? 0 : 1);
    const chosen = [...this.stories].sort((one, other) => turn(one) - turn(other)).slice(0, FEW);
    return this.stories.filter((story) => chosen.includes(story));
  }

  /** @param {Story} story */
  begun(story) {
    return Boolean(this.chosen(story, /** @type {Scene} */ (story.scenes.find((one) => one.id === story.start))));
  }

  /** @param {Story} story @param {number} level */
  card(story, level) {
    const { says } = this;
    const ended = this.ended(story);
    const begun = this.begun(story);
    const label = ended ? says.again : begun ? says.go_on : says.begin;
    const about = [h("p", { text: story.intro }), h("p", { class: "kit-meta", text: `${story.you}. ${story.others}.` })];
    const state = h("p", { class: "kit-hint", "data-way": story.id, text: ended ? says.played : begun ? says.under_way : says.not_begun });
    const open = h("button", {
      type: "button",
      class: "kit-button kit-main",
      "data-key": `open/${story.id}`,
      "aria-label": `${label} – ${story.title}`,
      text: label,
      onclick: () => this.open(story),
    });
    const title = h(`h${level}`, { text: story.title });
    if (!isSmall()) return h("li", { class: "kit-card" }, title, ...about, state, open);
    // Where little is in sight, what begins a story is.
    const fold = h("details", { class: "kit-about", open: this.steps.whole }, h("summary", { "data-key": `about/${story.id}`, text: this.ui.about_part }), ...about);
    return h("li", { class: "kit-card kit-story" }, title, h("div", { class: "kit-row" }, open, state), fold);
  }

  /** @param {Story} story @param {Scene} scene @param {number} level */
  scene(story, scene, level) {
    const { says } = this;
    const heading = `${this.uid}-scene`;
    const item = question(story, scene, asked(scene, says), this.kind);
    this.outcome = h("div", { role: "status", "data-outcome": scene.id });
    this.told = "";
    return h(
      "section",
      { class: "kit-section", "aria-labelledby": heading },
      h(`h${level}`, { text: story.title }),
      this.stage && h("p", { class: "kit-note", text: `${says.vote} ${scene.choices.length > 1 ? says.vote_help : ""}` }),
      h(`h${level + 1}`, { id: heading, tabindex: "-1", "data-heading": scene.id, text: scene.name }),
      h("p", { class: "kit-lead", text: scene.text }),
      scene.choices.length > 0 && field(this, item, undefined),
      this.outcome,
      ...this.onward(story, scene),
    );
  }

  /** @param {Story} story @param {Scene} scene @returns {(HTMLElement | null)[]} */
  onward(story, scene) {
    const { says } = this;
    const ending = [
      scene.takeaway && h("p", { class: "kit-hint", text: says.takeaway }),
      scene.takeaway && h("p", { class: "kit-question", text: scene.takeaway }),
    ];
    const own = this.button("own", this.ui.picture, () => this.toPicture());
    if (this.stage) return [...(scene.choices.length ? [] : [...ending, h("p", { text: says.vote_end })]), h("div", { class: "kit-row" }, own)];
    const ways = [
      this.trail.length > 1 && this.button("back", says.back, () => this.back()),
      scene.id !== story.start && this.button("restart", says.restart, () => this.restart(story)),
      this.button("list", says.list, () => this.toList()),
    ];
    if (!scene.choices.length) return [...ending, h("p", { text: says.finished }), h("div", { class: "kit-row" }, own, ...ways)];
    this.next = h("button", { type: "button", class: "kit-button kit-main", "data-key": "continue", hidden: true, text: says.continue, onclick: () => this.goOn() });
    return [h("div", { class: "kit-row" }, this.next, ...ways)];
  }

  goOn() {
    const { here } = this;
    const choice = here && this.chosen(here.story, here.scene);
    if (!choice) return;
    this.trail.push(choice.to);
    this.drawScene();
  }

  /** What the choice brings and costs: said once, when it changes. */
  drawOutcome() {
    const { here, says } = this;
    if (!here || !this.outcome) return;
    const choice = this.chosen(here.story, here.scene, this.kind);
    const told = `${here.story.id}.${here.scene.id}/${choice?.id}/${this.page.lang}/${this.stage}`;
    if (this.next) this.next.hidden = !choice;
    if (this.told === told) return;
    this.told = told;
    this.outcome.replaceChildren(...(choice ? [this.consequences(choice, says)] : []));
  }

  /** @param {Choice} choice @param {Record<string, string>} says */
  consequences(choice, says) {
    const behaviour = choice.behaviour && /** @type {any} */ (this.page.content).behaviours[choice.behaviour];
    /** @param {string} name @param {string} text */
    const line = (name, text) => h("p", {}, h("strong", { text: name }), h("br"), text);
    return h(
      "div",
      { class: "kit-panel" },
      line(says.gain, choice.gain),
      line(says.cost, choice.cost),
      behaviour && line(`${says.behaviour} ${behaviour.name}`, behaviour.line),
      choice.repair && h("p", { text: says.repair }),
      this.stage && h("p", { class: "kit-hint", text: says.voted }),
    );
  }

  /** @param {string} key @param {string} text @param {() => void} done */
  button(key, text, done) {
    return h("button", { type: "button", class: "kit-button", "data-key": key, text, onclick: done });
  }

  // ---- small updates in place ----

  /** @param {string} id */
  mark(id) {
    super.mark(id);
    this.drawOutcome();
  }

  /** Nobody has to answer everything: what counts is a way through a story. */
  tellCount() {
    const done = this.stories.filter((story) => this.ended(story)).length;
    this.count.textContent = fill(this.says.count, { done, all: this.stories.length });
  }

  /** @param {Story} story Whether its choices lead to an end. */
  ended(story) {
    const last = this.way(story).at(-1);
    return !story.scenes.find((one) => one.id === last)?.choices.length;
  }
}

/** @param {Scene} scene @param {Record<string, string>} says Where there is one way only, nobody is asked to decide. */
function asked(scene, says) {
  return scene.choices.length > 1 ? says.ask : says.ask_one;
}

/** @param {Story} story @param {Scene} scene @param {string} text @param {string} [kind] @returns {any} A scene as a question of the form. */
function question(story, scene, text, kind = "") {
  const options = scene.choices.map(({ id, text: label }) => ({ id, label }));
  return { id: `${kind}${story.id}.${scene.id}`, kind: "choice", text, options };
}

export default formView(Scenarios);
