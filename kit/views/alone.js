// What somebody who studies alone can do so that nothing is lost: a copy to download and bring back, the tab that
// keeps it where the address is this machine's own, and a word before an idle server ends.

import { insteadOf, leftOut, tick } from "./brought.js";
import { givenIn, nothingCarried, notesIn, putInto, readCarried, shows, writeCarried } from "./carry.js";
import { saveFile } from "./files.js";
import { Idle } from "./idle.js";
import { drop, keep, kept } from "./kept.js";
import { fill, h } from "./parts.js";

/** @typedef {import("./parts.js").Model} Model */
/** @typedef {{lang: string, form: string, idle: number, is_public: boolean, list: string, asked: string, versions: Record<string, number>, ui: import("./parts.js").Texts}} Page */
/** @typedef {{answers: Record<string, any>, names: Record<string, string>}} Renewed  answers of an earlier edition as they are kept now, and what each was given to */

const LARGEST_COPY = 4_000_000; // bytes, as in kit/transfer.py
const PAUSE = 400;
const DAY = 86_400_000; // milliseconds
const EDITIONS_OF_A_DAY = 10_000;
// An address of this machine alone. Any other may be shared with pages that are not the kit's.
const OWN = ["localhost", "127.0.0.1", "[::1]"];

class Alone {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.ends = new AbortController();
    this.carried = nothingCarried();
    /** What the last copy holds, and what was written last. */
    this.copied = this.written = "";
    this.withNotes = true;
    this.open = false;
    /** @type {any} */
    this.form = null;
    this.own = OWN.includes(location.hostname);
    this.keeps = false;
    /** @type {((found: Renewed) => void) | null} Who waits for the kernel to bring a copy up to date. */
    this.waits = null;
    this.asked = h("div");
    this.rest = h("div");
    this.panel = h("div");
    this.note = h("div", { class: "kit-alone-note", role: "status" });
    this.idle = new Idle(this.page.idle, (left) => this.near(left));
    this.listen();
    this.draw();
  }

  get page() {
    return /** @type {Page} */ (this.model.get("page"));
  }

  get ui() {
    return this.page.ui;
  }

  /** Something stands on the page that neither a copy nor the tab holds. */
  get atRisk() {
    return !this.keeps && this.stands && this.now() !== this.copied;
  }

  /** Something stands on the page. */
  get stands() {
    return Object.keys(givenIn(this.form)).length + Object.keys(notesIn(this.form)).length > 0;
  }

  now() {
    const { answers, notes } = this.whole();
    return JSON.stringify([answers, notes]);
  }

  listen() {
    const { signal } = this.ends;
    this.model.on("change:page", () => this.draw());
    this.model.on("msg:custom", (message) => this.receive(message));
    document.addEventListener("kit:form", (/** @type {any} */ event) => this.meet(event.detail), { signal });
    document.dispatchEvent(new CustomEvent("kit:forms", { detail: (/** @type {any} */ form) => this.meet(form) }));
    document.addEventListener("kit:erase", () => this.forget(), { signal });
    document.addEventListener("kit:leave", () => this.close(), { signal });
    document.addEventListener("kit:died", (event) => this.died(event), { signal });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.save() : this.idle.watch()), { signal });
    document.addEventListener("kit:document", (/** @type {any} */ event) => this.hand(event.detail), { signal });
    addEventListener("pagehide", () => this.save(), { signal });
  }

  /** @param {any} message */
  receive(message) {
    const waits = this.waits;
    this.waits = null;
    if (message?.kind === "renewed") waits?.(message);
    else if (message?.kind === "trouble") this.say(message.message);
  }

  /** @param {any} form The form of this page; a notebook may show others beside it. */
  meet(form) {
    if (this.form || form.page.alone !== this.page.form) return;
    this.form = form;
    // Views of an exercise's own are not made yet.
    queueMicrotask(() => {
      form.changed = form.notes.changed = () => this.changed();
      form.keptWords = () => (this.keeps ? this.ui.kept_tab : form.ui.all_saved);
      form.count.after(this.footButton());
      form.foot.append(this.note);
      if (this.own) void this.takeUp();
      this.draw();
    });
  }

  changed() {
    this.idle.touch();
    if (this.note.dataset.is === "idle") this.hush();
    clearTimeout(this.timer);
    if (this.keeps) this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // ---- the copy ----

  /** @returns {import("./carry.js").Carried} What was carried here from other exercises, and what stands on this page. */
  whole() {
    const { form, carried } = this;
    const { slug } = form.page.content;
    // An exercise without answers is left out: brought back, it would take away what stands there.
    const own = (/** @type {Record<string, any>} */ given) => (Object.keys(given).length ? { [slug]: given } : {});
    /** @type {import("./carry.js").BySlug} */
    const answers = { ...carried.answers, ...own(givenIn(form)) };
    return {
      ...carried,
      lang: this.page.lang,
      answers,
      notes: { ...carried.notes, ...own(notesIn(form)) },
      versions: { ...carried.versions, ...(answers[slug] ? { [slug]: this.page.versions[slug] } : {}) },
    };
  }

  /** @param {boolean} notes The document as a text; its edition grows when something has changed. */
  text(notes) {
    this.form.commitAll();
    const now = this.now();
    if (now !== this.written) this.carried.edition += 1;
    this.written = now;
    return writeCarried(this.whole(), notes);
  }

  /**
   * The document for whoever makes a sealed file of it (send.js). Each such file is a later one than the last, also
   * where somebody goes on from an older copy: on another day, the day decides.
   *
   * @param {{form: string, take: (text: string) => void}} asked
   */
  hand({ form, take }) {
    if (!this.form || form !== this.page.form) return;
    this.written = "";
    this.carried.edition = Math.max(this.carried.edition, Math.floor(Date.now() / DAY) * EDITIONS_OF_A_DAY);
    take(this.text(false));
    this.idle.touch();
  }

  download() {
    const { form, ui } = this;
    const text = this.text(this.withNotes);
    saveFile({ name: ui.file_name, media: "application/json" }, /** @type {any} */ ([new TextEncoder().encode(text)]));
    this.copied = this.now();
    this.idle.touch();
    if (["idle", "going"].includes(this.note.dataset.is ?? "")) this.hush();
    form.tell(ui.downloaded);
  }

  /** @param {File} file */
  async bring(file) {
    const { ui } = this;
    if (file.size > LARGEST_COPY) return this.say(ui.bad);
    const found = readCarried(await file.text());
    if (typeof found === "string") return this.say(ui[found]);
    const { slug } = this.form.page.content;
    if (found.versions[slug] > this.page.versions[slug]) return this.say(ui.newer);
    if (this.stands) this.ask(found);
    else await this.take(found);
  }

  /** @param {import("./carry.js").Carried} found Before anything is replaced. */
  ask(found) {
    const { ui } = this;
    const done = (/** @type {() => void} */ then) => () => {
      this.asked.replaceChildren();
      this.find("bring")?.focus();
      then();
    };
    const box = insteadOf(ui, done(() => void this.take(found)), done(() => this.say(ui.bring_left)));
    this.asked.replaceChildren(box);
    this.asked.querySelector(/** @type {"button"} */ ('[data-key="keep/stay"]'))?.focus();
  }

  /** @param {import("./carry.js").Carried} found */
  async take(found) {
    const { ui } = this;
    const { slug } = this.form.page.content;
    const there = found.answers[slug] || found.notes[slug];
    const { taken, left, names, older } = await this.put(found);
    this.copied = this.written = this.now();
    const said = there ? fill(ui.brought, { n: taken }) : ui.brought_other;
    const less = left.length > 0 && fill(ui.brought_less, { n: left.length });
    this.say([said, less, less && older && ui.brought_older].filter(Boolean).join(" "));
    this.rest.replaceChildren(...leftOut(ui.left_title, left.map((id) => names[id])));
  }

  /**
   * @param {import("./carry.js").Carried} found
   * @returns {Promise<{taken: number, left: string[], names: Record<string, string>, older: boolean}>}
   */
  async put(found) {
    const { form } = this;
    const { slug } = form.page.content;
    const { [slug]: answers = {}, ...others } = found.answers;
    const { [slug]: notes = {}, ...otherNotes } = found.notes;
    this.carried = { ...found, answers: others, notes: otherNotes };
    if (Object.keys(others).length) this.model.send({ kind: "others", answers: others, versions: found.versions });
    // A copy that does not say of which version it is, is of now where all of it can be shown, and else of the first.
    const shown = shows(form, answers);
    const newest = this.page.versions[slug];
    const version = found.versions[slug] ?? (shown ? newest : 1);
    const now = shown && version === newest ? { answers, names: {} } : await this.renewed(slug, version, answers);
    // A copy of other exercises leaves this one as it is.
    const here = found.answers[slug] || found.notes[slug];
    const done = here ? putInto(form, now.answers, notes) : { taken: 0, left: [] };
    const gone = Object.keys(answers).filter((id) => !(id in now.answers));
    this.changed();
    return { taken: done.taken, left: [...gone, ...done.left], names: now.names, older: version < newest };
  }

  /** @param {string} slug @param {number} version @param {Record<string, any>} answers @returns {Promise<Renewed>} */
  renewed(slug, version, answers) {
    return new Promise((resolve) => {
      this.waits = resolve;
      this.model.send({ kind: "older", slug, version, answers });
    });
  }

  // ---- the tab ----

  async takeUp() {
    const found = kept();
    if (!found) return;
    this.keeps = true;
    const { taken } = await this.put(found);
    if (taken) this.form.tell(this.ui.tab_back);
  }

  save() {
    if (!this.keeps || !this.form) return;
    try {
      keep(this.text(true));
    } catch {
      this.keeps = false;
      this.draw();
      this.say(this.ui.tab_failed);
    }
  }

  /** @param {boolean} keeps */
  keep(keeps) {
    this.keeps = keeps;
    if (keeps) this.save();
    else drop();
    if (this.keeps === keeps) this.say(keeps ? this.ui.kept_tab : this.ui.tab_off);
  }

  /** Everything was erased. */
  forget() {
    drop();
    clearTimeout(this.timer);
    this.keeps = false;
    this.carried = nothingCarried();
    this.copied = this.written = "";
    // What the kernel still brings up to date comes too late.
    this.waits = null;
    this.hush();
    this.asked.replaceChildren();
    this.model.send({ kind: "others", answers: {} });
    this.draw();
  }

  // ---- a server that ends ----

  /** @param {number} left seconds */
  near(left) {
    if (!this.form || !this.atRisk) return;
    const { ui } = this;
    const told = left > 0 ? fill(ui.idle, { n: Math.max(1, Math.round(left / 60)) }) : ui.idle_over;
    this.tellNote("idle", told, [
      this.button("idle/download"),
      h("button", { type: "button", class: "kit-button", "data-key": "idle/stay", text: ui.stay, onclick: () => this.stay() }),
    ]);
  }

  stay() {
    this.model.send({ kind: "here" });
    this.idle.touch();
    this.hush();
    this.form.find("key", "foot/download")?.focus();
  }

  /** @param {Event} event The kernel is gone. A page that is loaded anew by itself would lose what stands here. */
  died(event) {
    if (!this.form || !this.atRisk) return;
    event.preventDefault();
    const { ui } = this;
    this.idle.stop();
    this.tellNote("ended", ui.ended, [
      this.button("ended/download"),
      h("button", { type: "button", class: "kit-button", "data-key": "ended/reload", text: ui.reload, onclick: () => location.reload() }),
    ]);
  }

  /** @param {string} which @param {string} sentence @param {HTMLElement[]} buttons */
  tellNote(which, sentence, buttons) {
    this.note.dataset.is = which;
    this.note.replaceChildren(h("p", { text: sentence }), h("div", { class: "kit-row" }, ...buttons));
  }

  hush() {
    delete this.note.dataset.is;
    this.note.replaceChildren();
  }

  /** Quick exit, or the end of the view. */
  close() {
    this.keeps = false;
    this.idle.stop();
    clearTimeout(this.timer);
    this.ends.abort();
  }

  // ---- drawing ----

  /** @param {string} sentence */
  say(sentence) {
    this.rest.replaceChildren();
    this.line.textContent = sentence;
  }

  /** @param {string} key @returns {any} */
  find(key) {
    return this.panel.querySelector(`[data-key="keep/${key}"]`);
  }

  /** @param {string} [key] A button that downloads the copy. */
  button(key = "keep/download") {
    return h("button", { type: "button", class: "kit-button", "data-key": key, text: this.ui.download, onclick: () => this.download() });
  }

  /** In reach all the time, so it is short where it is seen. */
  footButton() {
    const button = this.button("foot/download");
    button.classList.add("kit-foot-button");
    this.nameFoot(button);
    return button;
  }

  /** @param {HTMLElement | null | undefined} button */
  nameFoot(button) {
    if (!button) return;
    button.textContent = this.ui.download_short;
    button.setAttribute("aria-label", this.ui.download);
  }

  draw() {
    const { ui, page } = this;
    const key = /** @type {any} */ (document.activeElement)?.dataset?.key;
    const inside = this.panel.contains(document.activeElement);
    this.panel.lang = this.note.lang = page.lang;
    this.nameFoot(this.form?.foot.querySelector('[data-key="foot/download"]'));
    this.line = h("p", { class: "kit-status", role: "status" });
    this.rest.replaceChildren();
    const fold = h("details", { class: "kit-details", "data-key": "keep" },
      h("summary", { "data-key": "fold/keep", text: ui.title }),
      h("p", { text: this.own ? ui.lead_own : ui.lead }),
      h("p", { class: "kit-hint", text: fill(ui.care, { name: ui.file_name }) }),
      tick({ key: "keep/notes", label: ui.with_notes, on: this.withNotes }, (on) => (this.withNotes = on)),
      h("div", { class: "kit-row" }, this.button(), this.bringButton()),
      this.asked,
      this.own && tick({ key: "keep/tab", label: ui.tab, help: ui.tab_help, on: this.keeps }, (on) => this.keep(on)),
      this.line,
      this.rest,
    );
    fold.open = this.open;
    fold.addEventListener("toggle", () => (this.open = fold.open));
    this.panel.replaceChildren(...[this.toList(), page.is_public && h("p", { class: "kit-note", text: ui.is_public }), fold].filter((one) => one));
    if (inside && key) /** @type {HTMLElement | null} */ (this.panel.querySelector(`[data-key="${key}"]`))?.focus();
  }

  /** The way to all exercises, where the address is that of a notebook beside the list. */
  toList() {
    const { ui, page } = this;
    if (!page.list || !location.pathname.endsWith(".ipynb")) return null;
    const href = `${page.list}?lang=${page.lang}${page.asked}`;
    const first = (/** @type {Event} */ event) => {
      if (!this.form || !this.atRisk) return;
      event.preventDefault();
      const go = h("a", { class: "kit-button", href, "data-key": "going/go", text: ui.going_yes });
      this.tellNote("going", ui.going, [this.button("going/download"), go]);
      go.focus();
    };
    return h("p", {}, h("a", { href, "data-key": "keep/list", text: ui.all, onclick: first }));
  }

  bringButton() {
    const pick = h("input", { type: "file", accept: ".json,application/json", hidden: true, tabindex: "-1", "data-pick": "copy", "aria-label": this.ui.bring });
    pick.addEventListener("change", async () => {
      const [file] = pick.files ?? [];
      if (file && this.form) await this.bring(file);
      pick.value = "";
    });
    return h("span", {}, h("button", { type: "button", class: "kit-button", "data-key": "keep/bring", text: this.ui.bring, onclick: () => pick.click() }), pick);
  }

  /** @param {HTMLElement} el */
  show(el) {
    el.classList.add("kit");
    el.append(this.panel);
    return () => this.panel.parentNode === el && this.panel.remove();
  }
}

export default () => {
  /** @type {Alone} */
  let alone;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      alone = new Alone(model);
      return () => alone.close();
    },
    /** @param {{el: HTMLElement}} view */
    render({ el }) {
      return alone.show(el);
    },
  };
};
