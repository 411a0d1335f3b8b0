// What somebody who studies alone can do so that nothing is lost: a copy to download and bring back, the tab that
// keeps it where the address is this machine's own, and a word before an idle server ends.

import { insteadOf, leftOut, tick } from "./brought.js";
import { readCarried } from "./carry.js";
import { saveFile } from "./files.js";
import { Idle } from "./idle.js";
import { drop, keep, kept } from "./kept.js";
import { Luggage } from "./luggage.js";
import { fill, h } from "./parts.js";

/** @typedef {import("./parts.js").Model} Model */
/** @typedef {{lang: string, form: string, idle: number, is_public: boolean, list: string, asked: string, versions: Record<string, number>, ui: import("./parts.js").Texts}} Page */

const LARGEST_COPY = 4_000_000; // bytes, as in kit/transfer.py
const PAUSE = 400;
// An address of this machine alone. Any other may be shared with pages that are not the kit's.
const OWN = ["localhost", "127.0.0.1", "[::1]"];

class Alone {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.ends = new AbortController();
    this.luggage = new Luggage(model);
    this.withNotes = true;
    this.open = false;
    /** @type {any} */
    this.form = null;
    this.own = OWN.includes(location.hostname);
    this.keeps = false;
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
    return !this.keeps && this.luggage.stands && !this.luggage.isCopied;
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
    if (message?.kind === "renewed") this.luggage.hear(message);
    else if (message?.kind === "trouble") this.say(message.message);
  }

  /** @param {any} form The form of this page; a notebook may show others beside it. */
  meet(form) {
    if (this.form || form.page.alone !== this.page.form) return;
    this.form = this.luggage.form = form;
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

  /** @param {{form: string, take: (text: string) => void}} asked The document for whoever makes a sealed file of it (send.js). */
  hand({ form, take }) {
    if (!this.form || form !== this.page.form) return;
    this.luggage.later();
    take(this.luggage.text(false));
    this.idle.touch();
  }

  download() {
    const { form, luggage, ui } = this;
    const text = luggage.text(this.withNotes);
    saveFile({ name: ui.file_name, media: "application/json" }, /** @type {any} */ ([new TextEncoder().encode(text)]));
    luggage.copied = luggage.now();
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
    const { slug } = this.luggage;
    if (found.versions[slug] > this.page.versions[slug]) return this.say(ui.newer);
    if (this.luggage.stands) this.ask(found);
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
    const { luggage, ui } = this;
    const there = found.answers[luggage.slug] || found.notes[luggage.slug];
    const { taken, left, names, older } = await this.put(found);
    luggage.copied = luggage.written = luggage.now();
    const said = there ? fill(ui.brought, { n: taken }) : ui.brought_other;
    const less = left.length > 0 && fill(ui.brought_less, { n: left.length });
    this.say([said, less, less && older && ui.brought_older].filter(Boolean).join(" "));
    this.rest.replaceChildren(...leftOut(ui.left_title, left.map((id) => names[id])));
  }

  /** @param {import("./carry.js").Carried} found */
  async put(found) {
    const done = await this.luggage.put(found);
    this.changed();
    return done;
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
      keep(this.luggage.text(true));
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
    this.hush();
    this.asked.replaceChildren();
    this.luggage.forget();
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
