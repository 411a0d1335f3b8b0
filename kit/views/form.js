// The form that every exercise made of questions shares. State lives with the model, not with the
// drawing: a page may take the view away and show it again, and unsaved changes still go their way.

import { copySection } from "./copy.js";
import { length, same } from "./fields.js";
import { filesSection, hearFiles } from "./files.js";
import { head, result, section } from "./layout.js";
import { Notes } from "./notes.js";
import { Outbox } from "./outbox.js";
import { announcer, fill, h, unique } from "./parts.js";
import { rememberPlace, restorePlace } from "./place.js";
import { cleanRow, nextKey, sameRow } from "./rows.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {import("./parts.js").Model} Model */
/** @typedef {import("./layout.js").Content} Content */
/** @typedef {{lang: string, alone: boolean, content: Content, files?: import("./files.js").Offered, ui: import("./parts.js").Texts}} Page */
/** @typedef {{value: any, revision: number}} Stored */

const TYPING_PAUSE = 600;

export class Form {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.uid = unique();
    this.page = this.read(JSON.parse(model.get("page_json")));
    /** @type {Map<string, Stored>} */
    this.stored = new Map();
    /** @type {Map<string, any>} what the page shows, saved or not */
    this.values = new Map();
    /** @type {Map<string, string>} */
    this.problems = new Map();
    /** @type {Map<string, any>} texts and rows that wait for a pause in typing */
    this.typing = new Map();
    /** @type {Set<string>} rows that stand open */
    this.unfolded = new Set();
    /** @type {boolean} whether this drawing has said what sharing means */
    this.shareTold = false;
    this.everSaved = false;
    this.asks = true;
    this.notes = new Notes(this.page.content.slug);
    this.outbox = new Outbox(
      (message) => model.send(message),
      (item) => this.stored.get(item)?.revision ?? 0,
      (item) => this.mark(item),
    );
    this.sheet = h("div");
    this.line = h("p", { class: "kit-status", role: "status" });
    this.count = h("p", { class: "kit-count" });
    this.status = announcer(this.line);
    this.root = h("div", { class: "kit-form" }, this.sheet, h("div", { class: "kit-foot" }, this.count, this.line));
    this.regions = { picture: h("section", { class: "kit-panel" }), group: h("section", { class: "kit-panel" }) };
    this.ends = new AbortController();
    this.take(model.get("answers"));
    this.outbox.takeUp(this.page.content.slug, (item, value) => this.values.set(item, value));
    this.listen();
    this.draw();
  }

  /** @param {Page} page What the kernel says of the page; a view of its own may make its questions of it. */
  read(page) {
    return page;
  }

  get ui() {
    return this.page.ui;
  }

  get closed() {
    return !this.model.get("is_open");
  }

  get items() {
    return this.page.content.sections.flatMap((section) => section.items);
  }

  // ---- what the page says and what the person does ----

  listen() {
    const { signal } = this.ends;
    this.model.on("change:page_json", () => this.relabel());
    this.model.on("change:is_open", () => (this.draw(), this.tell(this.closed ? this.ui.closed : this.ui.opened)));
    this.model.on("change:feedback", () => this.drawPicture());
    this.model.on("change:group", () => (this.drawGroup(), this.model.get("group") && this.tell(this.ui.group_ready)));
    this.model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    const online = (/** @type {any} */ event) => event.detail?.state === "connected" && this.outbox.resend();
    document.addEventListener("kit:connection", online, { signal });
    document.addEventListener("kit:erase", () => this.wipe(), { signal });
    document.addEventListener("kit:leave", () => this.forget(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.commitAll(), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    document.addEventListener("kit:reload", () => (this.asks = !this.leave() || this.problems.size > 0), { signal });
    addEventListener("beforeunload", (event) => this.asks && this.unsaved && event.preventDefault(), { signal });
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message && hearFiles(this, message, buffers)) return;
    if (message?.kind === "saved") this.saved(message);
    else if (message?.kind === "refused") this.refused(message);
    else if (message?.kind === "feedback") this.focusPicture();
    else if (message?.kind === "answers") this.take(message.answers), this.draw();
    else if (message?.kind === "trouble") this.tell(message.message);
  }

  /** @param {{item: string, n: number, revision: number}} message */
  saved({ item, n, revision }) {
    const waiting = this.outbox.waiting.get(item);
    const value = waiting?.n === n ? waiting.value : this.stored.get(item)?.value;
    this.stored.set(item, { value: value ?? null, revision });
    this.everSaved = true;
    this.problems.delete(item);
    if (this.outbox.settle(item, n)) this.mark(item);
  }

  /** @param {{item: string, n: number, message: string, value: any, revision: number, again?: boolean}} message */
  refused({ item, n, message, value, revision, again }) {
    if (!again) {
      this.stored.set(item, { value, revision });
      if (!this.outbox.settle(item, n)) return;
      const asked = this.items.find((one) => one.id === item);
      if (asked?.kind === "choice") this.values.set(item, value);
      this.putBack(item);
    }
    this.problems.set(item, message);
    this.mark(item);
    this.tell(message);
  }

  /**
   * Takes over what is stored; what is on its way, or being typed, stays as it is on the page.
   *
   * @param {Record<string, Stored>} answers
   */
  take(answers) {
    this.stored = new Map(Object.entries(answers));
    for (const item of this.items) {
      const busy = this.outbox.waiting.has(item.id) || this.typing.has(item.id);
      if (!busy && item.kind !== "journal" && item.kind !== "rows") this.values.set(item.id, answers[item.id]?.value ?? null);
    }
    for (const id of new Set([...this.values.keys(), ...this.stored.keys()].filter((one) => one.includes(".")))) {
      const busy = this.outbox.waiting.has(id) || this.typing.has(id);
      if (!busy) this.values.set(id, answers[id]?.value ?? null);
    }
  }

  relabel() {
    this.page = this.read(JSON.parse(this.model.get("page_json")));
    const again = [...this.problems.keys()];
    this.problems.clear();
    this.draw();
    for (const id of again) this.commitId(id);
  }

  // ---- what a field asks (see Sheet in fields.js) ----

  /** @param {Item} item */
  value(item) {
    return item.kind === "journal" ? this.notes.get(item.id) : this.values.get(item.id);
  }

  /** @param {Item} item @param {string | null} option */
  choose(item, option) {
    if (this.closed) return this.putBack(item.id);
    this.values.set(item.id, option);
    this.problems.delete(item.id);
    this.outbox.put(item.id, option);
  }

  /** @param {Item} item */
  clear(item) {
    if (this.closed) return;
    this.choose(item, null);
    this.putBack(item.id);
    this.find("key", `${item.id}/${item.options?.[0]?.id}`)?.focus();
  }

  /** @param {Item} item @param {string} text */
  type(item, text) {
    if (item.kind === "journal") return this.note(item, text);
    const share = this.values.get(item.id)?.share ?? this.find("share", item.id)?.checked ?? false;
    this.values.set(item.id, { text, share });
    clearTimeout(this.typing.get(item.id));
    this.typing.set(item.id, setTimeout(() => this.commit(item), TYPING_PAUSE));
  }

  /** @param {Item} item @param {string} text */
  note(item, text) {
    this.notes.set(item.id, text);
    if (!this.notes.kept) for (const line of this.root.querySelectorAll(".kit-unkept")) line.hidden = false;
  }

  /** @param {Item} item @param {boolean} share */
  share(item, share) {
    this.values.set(item.id, { text: this.values.get(item.id)?.text ?? "", share });
    this.commit(item);
  }

  /** @param {Item} item Sends a text if it differs from what is stored or under way. */
  commit(item) {
    if (item.kind !== "text" || this.closed) return;
    clearTimeout(this.typing.get(item.id));
    this.typing.delete(item.id);
    const typed = this.values.get(item.id);
    const over = length(typed?.text ?? "") - (item.limit ?? 0);
    if (over > 0) return this.tooLong(item, over);
    const value = typed?.text.trim() ? { text: typed.text, share: typed.share } : null;
    const waiting = this.outbox.waiting.get(item.id);
    const last = waiting ? waiting.value : (this.stored.get(item.id)?.value ?? null);
    if (same(value, last) && !this.problems.has(item.id)) return this.mark(item.id);
    this.problems.delete(item.id);
    this.outbox.put(item.id, value);
  }

  // ---- lists of rows (see rows.js) ----

  /** @param {Item} item */
  rows(item) {
    return [...this.values].filter(([id, row]) => row && id.startsWith(`${item.id}.`)).map(([id]) => id).sort();
  }

  /** @param {Item} item */
  addRow(item) {
    const used = [...this.values.keys(), ...this.stored.keys()].filter((id) => id.startsWith(`${item.id}.`));
    const key = nextKey(used);
    if (!key) return;
    const id = `${item.id}.${key}`;
    this.values.set(id, {});
    this.unfolded.add(id);
    this.draw();
    /** @type {HTMLElement | null} */ (this.find("item", id)?.querySelector("input, select, textarea"))?.focus();
  }

  /** @param {Item} item @param {string} id */
  removeRow(item, id) {
    const next = this.rows(item);
    const place = next.indexOf(id);
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    this.problems.delete(id);
    this.values.set(id, null);
    if (this.outbox.waiting.has(id) || this.stored.get(id)?.value) this.outbox.put(id, null);
    this.draw();
    const near = next[place + 1] ?? next[place - 1];
    (near ? this.find("key", `${near}/fold`) : this.find("key", `${item.id}/add`))?.focus();
    this.tell(this.ui.rows_removed);
  }

  /** @param {Item} _item @param {string} id @param {string} column @param {any} value @param {boolean} now */
  setField(_item, id, column, value, now) {
    if (this.closed) return;
    this.values.set(id, { ...this.values.get(id), [column]: value });
    clearTimeout(this.typing.get(id));
    if (now) this.commitRow(id, true);
    else this.typing.set(id, setTimeout(() => this.commitRow(id), TYPING_PAUSE));
  }

  /** @param {string} id @param {boolean} [changed] Sends a row if it differs from what is stored or under way. */
  commitRow(id, changed = this.typing.has(id) || this.problems.has(id)) {
    if (!changed || this.closed) return;
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    const row = cleanRow(this.values.get(id) ?? {});
    const waiting = this.outbox.waiting.get(id);
    const last = waiting ? waiting.value : (this.stored.get(id)?.value ?? null);
    if (sameRow(row, last) && !this.problems.has(id)) return this.mark(id);
    this.problems.delete(id);
    this.outbox.put(id, row);
  }

  /** @param {Item} item @param {number} over */
  tooLong(item, over) {
    this.problems.set(item.id, fill(this.ui.over_problem, { n: over }));
    this.mark(item.id);
  }

  commitAll() {
    for (const id of [...this.typing.keys()]) this.commitId(id);
  }

  /** @param {string} id */
  commitId(id) {
    const item = this.items.find((one) => one.id === id);
    if (item) this.commit(item);
    else this.commitRow(id);
  }

  /** Leaves what is unsaved to the page that this tab loads next. */
  leave() {
    this.commitAll();
    return this.outbox.leave(this.page.content.slug);
  }

  /** Whether leaving now would lose something. */
  get unsaved() {
    const mended = [...this.problems.keys()].some((id) => this.items.find((item) => item.id === id)?.kind !== "choice");
    return this.outbox.size > 0 || this.typing.size > 0 || mended;
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

  /** Drops what waits to be sent. */
  settleDown() {
    this.outbox.stop();
    for (const timer of this.typing.values()) clearTimeout(timer);
    this.typing.clear();
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
    this.sheet.replaceChildren(
      this.top(level),
      h(
        "form",
        { novalidate: true, "aria-label": content.title, onsubmit: (/** @type {Event} */ e) => e.preventDefault() },
        ...this.body(level + 1),
      ),
      this.regions.picture,
      this.regions.group,
      ...[filesSection(this, level + 1)].filter((part) => part !== null),
      copySection(this, level + 1),
    );
    this.drawPicture();
    this.drawGroup();
    for (const item of this.items) this.markItem(item.id);
    for (const [id, row] of this.values) if (row && id.includes(".")) this.markItem(id);
    this.tellState();
    this.tellCount();
    restorePlace(this.root, place);
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
      class: "kit-button kit-main",
      "data-key": "picture",
      text: html ? this.ui.picture_again : this.ui.picture,
      onclick: () => this.askPicture(),
    });
    const parts = [h("p", { class: "kit-hint", text: this.ui.picture_help }), button, result(html)];
    picture.replaceChildren(...parts.filter((part) => part !== null));
  }

  askPicture() {
    this.commitAll();
    this.tell(this.ui.picture_wait);
    this.model.send({ kind: "feedback" });
  }

  focusPicture() {
    this.tell(this.ui.picture_ready);
    const heading = this.regions.picture.querySelector("h1, h2, h3, h4");
    heading?.setAttribute("tabindex", "-1");
    /** @type {HTMLElement | null} */ (heading)?.focus();
  }

  drawGroup() {
    const html = this.model.get("group");
    this.regions.group.hidden = !html;
    this.regions.group.replaceChildren(...[result(html)].filter(Boolean));
  }

  // ---- small updates in place ----

  /** @param {string} id */
  mark(id) {
    this.markItem(id);
    this.tellState();
    this.tellCount();
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
    this.markProblem(id, problem);
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
    // A row is a fold, which cannot be invalid; its fields point at the sentence.
    const invalid = asked?.kind === "text" ? this.find("key", id) : id.includes(".") ? null : this.find("item", id);
    if (problem) invalid?.setAttribute("aria-invalid", "true");
    else invalid?.removeAttribute("aria-invalid");
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
    else if (this.everSaved) this.status.say(ui.all_saved);
  }

  tellCount() {
    const choices = this.items.filter((item) => item.kind === "choice" && !item.about);
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

export default () => {
  /** @type {Form} */
  let form;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      form = new Form(model);
      return () => form.close();
    },
    /** @param {{el: HTMLElement}} view */
    render({ el }) {
      return form.show(el);
    },
  };
};
