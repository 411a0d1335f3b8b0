// The form that every exercise made of questions shares. State lives with the model, not with the
// drawing: a page may take the view away and show it again, and unsaved changes still go their way.

import { Answers } from "./answers.js";
import { copySection } from "./copy.js";
import { filesSection, hearFiles } from "./files.js";
import { head, result, section } from "./layout.js";
import { announcer, fill, focusOn, h, unique } from "./parts.js";
import { rememberPlace, restorePlace } from "./place.js";
import { Deck } from "./slides.js";
import { Steps } from "./steps.js";
import { onPaper } from "./unfold.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {import("./parts.js").Model} Model */

export class Form extends Answers {
  /** @param {Model} model */
  constructor(model) {
    super(model);
    this.uid = unique();
    /** @type {Set<string>} rows that stand open */
    this.unfolded = new Set();
    /** @type {boolean} whether this drawing has said what sharing means */
    this.shareTold = false;
    this.asks = true;
    this.sheet = h("div");
    this.line = h("p", { class: "kit-status", role: "status" });
    this.count = h("p", { class: "kit-count" });
    this.status = announcer(this.line);
    this.foot = h("div", { class: "kit-foot" }, this.count, this.line);
    this.root = h("div", { class: "kit-form kit-stepped" }, this.sheet, this.foot);
    this.met = h("div", { class: "kit-met" });
    /** @type {Map<string, boolean>} what at the end stands open or folded, once somebody has chosen */
    this.folds = new Map();
    this.steps = new Steps(this);
    this.deck = new Deck();
    /** What somebody alone is told and given is in alone.js, which hears here of every change. */
    this.changed = () => {};
    this.keptWords = () => this.ui.all_saved;
    this.regions = { picture: h("section", { class: "kit-panel" }), group: h("section", { class: "kit-panel", "data-result": "", tabindex: "-1" }) };
    this.ends = new AbortController();
  }

  /** Once the view is whole: what is stored, what the page before has left, and the first drawing. */
  start() {
    this.take(this.model.get("answers"));
    if (!this.page.alone) this.outbox.takeUp(this.page.content.slug, (item, value) => this.values.set(item, value));
    this.listen();
    this.draw();
    if (this.page.alone) document.dispatchEvent(new CustomEvent("kit:form", { detail: this }));
  }

  // ---- what the page says and what the person does ----

  listen() {
    const { signal } = this.ends;
    this.model.on("change:page_json", () => this.relabel());
    this.model.on("change:is_open", () => (this.draw(), this.tell(this.closed ? this.ui.closed_now : this.ui.opened)));
    this.model.on("change:round", () => this.anew());
    this.model.on("change:feedback", () => this.drawPicture());
    this.model.on("change:group", () => this.hearGroup());
    this.model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    const online = (/** @type {any} */ event) => event.detail?.state === "connected" && this.outbox.resend();
    document.addEventListener("kit:connection", online, { signal });
    document.addEventListener("kit:erase", () => this.wipe(), { signal });
    document.addEventListener("kit:leave", () => this.forget(), { signal });
    document.addEventListener("kit:see", () => this.seeGroup(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.commitAll(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    onPaper(this.root, signal);
    document.addEventListener("kit:reload", () => (this.asks = !this.leave() || this.problems.size > 0), { signal });
    addEventListener("beforeunload", (event) => this.asks && this.unsaved && event.preventDefault(), { signal });
    document.addEventListener("kit:forms", (/** @type {any} */ event) => this.page.alone && event.detail(this), { signal });
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message && hearFiles(this, message, buffers)) return;
    if (message?.kind === "saved") this.saved(message);
    else if (message?.kind === "refused") this.refused(message);
    else if (message?.kind === "feedback") this.focusPicture();
    else if (message?.kind === "answers") {
      this.take(message.answers);
      this.draw();
    } else if (message?.kind === "trouble") this.tell(message.message);
  }

  relabel() {
    this.page = this.read(JSON.parse(this.model.get("page_json")));
    const again = [...this.problems.keys()];
    this.problems.clear();
    this.draw();
    for (const id of again) this.commitId(id);
  }

  /** A second round begins at the first step, over the answers as they are; whoever is busy here is asked. */
  anew() {
    const { steps } = this;
    if (this.model.get("round") < 2 || steps.at === 0) return;
    steps.stay();
    const { slug, title } = this.page.content;
    const go = () => steps.go(0);
    if (this.root.isConnected) document.dispatchEvent(new CustomEvent("kit:anew", { detail: { slug, title, go } }));
    else go();
  }

  // ---- what a field asks (see Sheet in fields.js) ----

  /** @param {Item} item */
  clear(item) {
    if (this.closed) return;
    this.choose(item, null);
    this.putBack(item.id);
    this.find("key", `${item.id}/${item.options?.[0]?.id}`)?.focus();
  }

  /** @param {Item} item @param {string} text */
  type(item, text) {
    super.type(item, text);
    if (item.kind !== "journal" || this.notes.kept) return;
    for (const line of this.root.querySelectorAll(".kit-unkept")) /** @type {HTMLElement} */ (line).hidden = false;
  }

  /** @param {Item} item */
  addRow(item) {
    const id = this.newRow(item);
    if (!id) return;
    this.values.set(id, {});
    this.unfolded.add(id);
    this.draw();
    /** @type {HTMLElement | null} */ (this.find("item", id)?.querySelector("input, select, textarea"))?.focus();
  }

  /** @param {Item} item @param {string} id */
  removeRow(item, id) {
    const next = this.rows(item);
    const place = next.indexOf(id);
    this.dropRow(id);
    this.draw();
    const near = next[place + 1] ?? next[place - 1];
    (near ? this.find("key", `${near}/fold`) : this.find("key", `${item.id}/add`))?.focus();
    this.tell(this.ui.rows_removed);
  }

  /** The person erases everything: nothing that waits may bring an answer back. */
  wipe() {
    this.settleDown();
    this.values.clear();
    this.problems.clear();
    this.notes.erase();
    this.draw();
  }

  /** Quick exit: nothing is kept, sent or asked any more. */
  forget() {
    this.close();
    this.root.remove();
  }

  close() {
    this.ends.abort();
    this.status.stop();
    this.settleDown();
  }

  // ---- drawing ----

  /** @param {HTMLElement} el */
  show(el) {
    el.classList.add("kit");
    el.append(this.root);
    return () => this.root.parentNode === el && this.root.remove();
  }

  draw() {
    const place = rememberPlace(this.root);
    const { content, alone, lang } = this.page;
    const level = alone ? 1 : 2;
    this.shareTold = false;
    this.root.lang = lang;
    const sections = this.body(level + 1);
    const files = filesSection(this);
    const after = [...(files ? [files] : []), copySection(this)];
    const onsubmit = (/** @type {Event} */ event) => event.preventDefault();
    const asked = h("form", { novalidate: true, "aria-label": content.title, onsubmit }, ...sections);
    this.sheet.replaceChildren(this.top(level), this.met, asked, this.regions.picture, this.regions.group, ...after, this.steps.bar);
    this.steps.arrange(sections, [this.regions.picture, ...after]);
    this.drawPicture();
    this.drawGroup();
    for (const item of this.items) this.markItem(item.id);
    for (const [id, row] of this.values) if (row && id.includes(".")) this.markItem(id);
    this.tellState();
    this.tellCount();
    restorePlace(this.root, place);
  }

  /** Whether the exercise has ways on of its own at its first step. */
  get leads() {
    return false;
  }

  /** @param {number} level What stands above the questions. */
  top(level) {
    return head(this, level);
  }

  /** @param {number} level The questions. */
  body(level) {
    return this.page.content.sections.map((one) => section(this, one, level));
  }

  drawPicture() {
    const { picture } = this.regions;
    const html = this.model.get("feedback");
    const button = h("button", {
      type: "button",
      class: html ? "kit-quiet" : "kit-button kit-main",
      "data-key": "picture",
      text: html ? this.ui.picture_again : this.ui.picture,
      onclick: () => this.askPicture(),
    });
    // Said before it is asked for; a picture needs the room on a small phone.
    const whole = result(html);
    picture.replaceChildren(...(whole ? [whole, button] : [h("p", { class: "kit-hint", text: this.ui.picture_help }), button]));
  }

  askPicture() {
    this.commitAll();
    this.tell(this.ui.picture_wait);
    this.model.send({ kind: "feedback" });
  }

  focusPicture() {
    this.tell(this.ui.picture_ready);
    focusOn(this.regions.picture.querySelector("h1, h2, h3, h4"), false);
  }

  /** A result came, or was taken off: then that is said, and whoever was reading it stays beside where it was. */
  hearGroup() {
    const here = Boolean(this.model.get("group"));
    const read = this.regions.group.contains(document.activeElement);
    this.drawGroup();
    this.steps.settle();
    if (read && !here) this.steps.focus();
    this.tell(here ? this.groupUi.group_ready : this.groupUi.group_gone);
  }

  /** What is said of a result comes with it. @returns {Record<string, string>} */
  get groupUi() {
    return { ...this.ui, ...this.model.get("more") };
  }

  drawGroup() {
    const html = this.model.get("group");
    const ui = this.groupUi;
    this.regions.group.hidden = !html;
    const whole = result(html);
    // Who likes all on one page has the result so too.
    const deck = whole && !this.steps.whole && this.deck.draw(html, whole, ui, this.page.lang);
    this.regions.group.replaceChildren(...[deck || whole].filter((one) => one !== null));
    const see = h("button", { type: "button", class: "kit-button", "data-key": "result", text: ui.group_see, onclick: () => this.seeGroup() });
    this.met.replaceChildren(...(html ? [see] : []));
  }

  seeGroup() {
    this.steps.last();
    this.regions.group.scrollIntoView({ block: "start" });
    this.regions.group.focus({ preventScroll: true });
  }

  // ---- small updates in place ----

  /** @param {string} id */
  mark(id) {
    this.changed();
    this.markItem(id);
    this.tellState();
    this.tellCount();
    this.steps.warn();
  }

  /** @param {string} id */
  markItem(id) {
    const problem = this.problems.get(id);
    const state = this.outbox.state(id) || (!problem && this.stored.get(id)?.value ? "saved" : "");
    const label = this.find("state", id);
    if (label) {
      label.textContent = state ? this.ui[state] : "";
      label.dataset.is = state;
    }
    const turns = this.find("problem", id)?.hidden === Boolean(problem);
    if (turns) this.keptInPlace(() => this.markProblem(id, problem));
    else this.markProblem(id, problem);
    const clear = this.find("clear", id);
    if (clear) clear.hidden = this.closed || !this.values.get(id);
  }

  /** @param {string} id @param {string | undefined} problem */
  markProblem(id, problem) {
    const line = this.find("problem", id);
    if (!line) return;
    const asked = this.items.find((item) => item.id === id);
    const stored = asked?.kind === "text" && this.stored.get(id)?.value?.text;
    line.textContent = problem ? [problem, stored && fill(this.ui.stored, { text: stored })].filter(Boolean).join(" ") : "";
    line.hidden = !problem;
    for (const one of this.find("item", id)?.querySelectorAll("[aria-invalid]") ?? []) one.removeAttribute("aria-invalid");
    const field = this.columnOf(id);
    if (problem && field) field.closest(".kit-field").append(line);
    // A row is a fold, which cannot be invalid; the field that it is about is, and all of them point at the sentence.
    const invalid = asked?.kind === "text" ? this.find("key", id) : !id.includes(".") || asked ? this.find("item", id) : field;
    if (problem) invalid?.setAttribute("aria-invalid", "true");
    else invalid?.removeAttribute("aria-invalid");
  }

  /** What has the focus and is in sight stays where it is on the screen while a sentence comes or goes above it. @param {() => void} change */
  keptInPlace(change) {
    const here = document.activeElement;
    const before = this.root.contains(here) ? /** @type {Element} */ (here).getBoundingClientRect() : null;
    change();
    if (!here || !before || before.top < 0 || before.bottom > innerHeight) return;
    const moved = here.getBoundingClientRect().top - before.top;
    if (moved) scrollBy({ top: moved, behavior: "instant" });
  }

  /** @param {string} id The field of a row that its problem is about, where it is on the page. */
  columnOf(id) {
    const field = this.beside.get(id) && this.find("key", `${id}/${this.beside.get(id)}`);
    return field?.checkVisibility?.() && field.closest(".kit-field") ? field : null;
  }

  /** @param {string} id Shows again what the form holds. */
  putBack(id) {
    for (const radio of this.root.querySelectorAll(`input[name="${this.uid}-${id}"]`)) {
      radio.checked = radio.value === this.values.get(id);
    }
  }

  tellState() {
    const { ui, outbox } = this;
    if (outbox.late) this.status.say(ui.late_long);
    else if (outbox.size) this.status.say(ui.saving);
    else if (this.everSaved) this.status.say(this.keptWords());
  }

  /** Whether the foot counts this choice. @param {Item} _item */
  counts(_item) {
    return true;
  }

  tellCount() {
    const choices = this.items.filter((item) => item.kind === "choice" && !item.about && this.counts(item));
    const counted = choices.length ? choices : this.items.filter((item) => item.kind === "text");
    const done = counted.filter((item) => (item.kind === "text" ? this.values.get(item.id)?.text : this.values.get(item.id)));
    this.count.textContent = counted.length ? fill(this.ui.count, { done: done.length, all: counted.length }) : "";
  }

  /** @param {string} sentence */
  tell(sentence) {
    this.status.say(sentence, true);
  }

  /** @param {string} what @param {string} id @returns {any} */
  find(what, id) {
    return this.root.querySelector(`[data-${what}="${CSS.escape(id)}"]`);
  }
}

/**
 * What a widget's script exports by default: a form of this kind for each model.
 *
 * @param {new (model: Model) => Form} Kind
 */
export function formView(Kind) {
  return () => {
    /** @type {Form} */
    let form;
    return {
      /** @param {{model: Model}} page */
      initialize({ model }) {
        form = new Kind(model);
        form.start();
        return () => form.close();
      },
      /** @param {{el: HTMLElement}} view */
      render({ el }) {
        return form.show(el);
      },
    };
  };
}

export default formView(Form);
