// The agenda at the head of the console: what is on, what to say, and one large button that is the right next thing.

import { Clock } from "./clock.js";
import { Notes } from "./jotting.js";
import { confirmed, fill, h, unique } from "./parts.js";

/** @typedef {{id: string, title: string, minutes: number, laptop: string, say: string[], watch: string[], debrief: string[], materials: string[], steps: [string, number][], step: string, story: string, note: string, slug: string}} Now */
/** @typedef {{kind: string, slug: string, block: string, stage: string, title: string}} Action */
/** @typedef {{id: string, title: string, minutes: number, skipped: boolean, meeting: number}} Line */
/** @typedef {{id: string, title: string, group: string, minutes: number}} Offer */
/** @typedef {{title: string, place: number, now: Now | null, action: Action | null, next: string, note: string, clock: import("./clock.js").Told, blocks: Line[], undo: string, again: string, number: number, offers: Offer[], ui: Record<string, string>}} Head */

const MORE = 5;

export class Agenda {
  /** @param {{ask: (message: object) => void, again: (one: {slug: string, title: string}, place: string) => HTMLElement, stageNow: (one: any) => HTMLElement[], begun: (one: any) => string, page: any, ui: Record<string, any>}} console */
  constructor(console) {
    this.console = console;
    this.title = unique();
    this.clock = new Clock();
    this.head = h("div");
    // Written alone: while many begin, nothing else is drawn anew under a finger.
    this.counted = h("p", { class: "kit-agenda-begun" });
    this.deed = h("div", { class: "kit-agenda-deed" });
    // What goes on beside the large button: the wall's slides, and the scene at which the room is.
    this.here = h("div", { class: "kit-agenda-here" });
    this.scene = h("div");
    this.here.append(this.scene);
    this.foresight = h("div", { class: "kit-agenda-foresight", role: "status" });
    this.words = h("div", { class: "kit-agenda-words" });
    this.lines = h("div", { class: "kit-agenda-side" });
    this.summary = h("summary", { "data-key": "agenda/all" });
    this.order = h("ol", { class: "kit-agenda-all" });
    // Stays where it is while all around it is drawn anew: somebody may be typing in it.
    this.adding = h("div");
    const id = unique();
    // What was typed is there in the other language, too.
    this.added = {
      kind: h("select", { id: `${id}-kind`, "data-key": "agenda/add-kind" }),
      title: h("input", { type: "text", id: `${id}-title`, maxlength: "80", autocomplete: "off", "data-key": "agenda/add-title" }),
      minutes: h("input", { type: "number", id: `${id}-minutes`, min: "1", max: "600", value: "10", required: true, "data-key": "agenda/add-minutes" }),
    };
    this.all = h("details", { class: "kit-details" }, this.summary, this.order, this.adding);
    this.notes = new Notes(this);
    /** @type {HTMLElement} */
    this.element = h("section", { class: "kit-card kit-agenda", "aria-labelledby": this.title, hidden: true });
    this.element.append(this.head, this.deed, this.here, this.foresight, this.words, this.lines, this.notes.element, this.all);
    this.drawn = this.scened = "";
    this.kept = "";
    this.offered = "";
  }

  /** @param {object} wish */
  ask(wish) {
    this.console.ask({ kind: "agenda", ...wish });
  }

  /** @param {any} page */
  draw(page) {
    /** @type {Head | null} */
    const now = page.agenda && { ...page.agenda, ui: page.agenda_ui };
    this.element.hidden = !now;
    if (!now) return;
    this.clock.set(now.clock, now.ui, Boolean(now.now));
    this.counted.textContent = this.begun(page, now.now?.slug);
    this.staged(page, now.now?.slug);
    const drawn = JSON.stringify([page.agenda, page.lang]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const { ui } = now;
    this.head.replaceChildren(
      h("p", { class: "kit-hint", text: [fill(ui.heading, { title: now.title }), now.place > 0 && fill(ui.place, { n: now.place, all: now.blocks.length })].filter(Boolean).join(" · ") }),
      h("h2", { id: this.title, text: now.now ? fill(ui.now, { title: now.now.title }) : ui.before }),
      h("p", { class: "kit-agenda-time" }, this.clock.element, now.now?.step ? ` · ${now.now.step}` : ""),
      this.counted,
    );
    // A question that is being answered stays, unless what it asks about has changed.
    const kept = JSON.stringify([now.action, page.lang]);
    if (kept !== this.kept) this.deed.replaceChildren(...this.doing(now));
    this.kept = kept;
    if (now.action?.kind !== "reveal" && now.action?.kind !== "look") this.foresight.replaceChildren();
    this.words.replaceChildren(...this.telling(now));
    this.lines.replaceChildren(...this.reading(now));
    this.notes.draw(now);
    this.everything(now, page.lang);
  }

  /** @param {any} page @param {string} [slug] Where the room is in a story, and where it can go. */
  staged({ exercises, lang }, slug) {
    const one = exercises.find((/** @type {any} */ each) => each.slug === slug);
    const scene = JSON.stringify([one?.stage, lang]);
    if (scene !== this.scened) this.scene.replaceChildren(...(one?.stage ? this.console.stageNow(one) : []));
    this.scened = scene;
  }

  /** @param {any} page @param {string} [slug] Who is here, and how far they are while the block's exercise is open. */
  begun({ exercises, here }, slug) {
    const one = exercises.find((/** @type {any} */ each) => each.slug === slug);
    const far = one?.state === "open" ? [this.console.begun(one), one.done] : [];
    return [fill(this.console.ui.here, { n: here }), ...far].filter(Boolean).join(" · ");
  }

  /** @param {Head} now The one large button. */
  doing({ action, ui }) {
    if (!action) return [];
    const label = fill(ui[`act_${action.kind}`], { title: action.title });
    if (action.kind === "reveal") {
      const asked = this.console.ui;
      const box = confirmed({ label, question: asked.reveal_question, yes: asked.reveal_yes, no: asked.reveal_no, kind: "kit-main", key: "agenda/act", done: () => this.act(action) });
      return [box];
    }
    return [h("button", { type: "button", class: "kit-button kit-main", "data-key": "agenda/act", text: label, onclick: () => this.act(action) })];
  }

  /** @param {Action} action */
  act({ kind, slug, block, stage }) {
    if (kind === "stage" || kind === "free") this.console.ask({ kind: "stage", slug, stage });
    else if (block) this.ask({ deed: "go", block });
    else this.console.ask({ kind: kind === "look" ? "foresee" : kind, slug });
  }

  /** @param {{told: string[]}} message What a reveal would show. */
  foretell({ told }) {
    const { agenda, agenda_ui: ui } = this.console.page;
    if (!agenda) return;
    this.foresight.replaceChildren(h("h3", { text: ui.foresight }), h("p", { class: "kit-hint", text: ui.foresight_lead }), h("ul", {}, ...told.map((text) => h("li", { text }))));
  }

  /** @param {Head} now */
  telling({ now, next, note, clock, undo, again, ui }) {
    const button = (/** @type {string} */ name, /** @type {object} */ wish, text = ui[name]) =>
      h("button", { type: "button", class: "kit-button kit-quiet", "data-key": `agenda/${name}`, text, onclick: () => this.ask(wish) });
    return [
      next && h("p", { class: "kit-agenda-next", text: next }),
      note && h("p", { class: "kit-note", text: note }),
      h(
        "div",
        { class: "kit-row" },
        now && (clock.until ? button("stop", { deed: "stop" }) : button("run", { deed: "run" })),
        now && button("longer", { deed: "minutes", block: now.id, number: now.minutes + MORE }),
        now && now.minutes > MORE && button("shorter", { deed: "minutes", block: now.id, number: now.minutes - MORE }),
        undo && button("undo", { deed: "undo" }, undo),
        again && now && this.console.again({ slug: again, title: now.title }, "agenda"),
      ),
    ].filter(Boolean);
  }

  /** @param {Head} now The words of the block that is on. */
  reading({ now, ui }) {
    if (!now) return [];
    const list = (/** @type {string} */ title, /** @type {string[]} */ lines) =>
      lines.length > 0 && h("div", {}, h("h3", { text: title }), h("ul", {}, ...lines.map((text) => h("li", { text }))));
    const steps = now.steps.map(([label, n]) => `${label} (${fill(ui.minutes, { n })})`);
    return [
      h(
        "div",
        { class: "kit-agenda-lines" },
        list(ui.say, now.say),
        list(ui.watch, now.watch),
        list(ui.debrief, now.debrief),
        list(ui.materials, now.materials),
        now.laptop && h("div", {}, h("h3", { text: ui.laptop }), h("p", { text: now.laptop }), now.story && h("p", { text: now.story }), steps.length > 0 && h("p", { text: steps.join(" → ") })),
      ),
    ];
  }

  /** @param {Head} now @param {string} lang Every block, and what can be done with each. */
  everything(now, lang) {
    this.summary.textContent = now.ui.all;
    this.order.replaceChildren(...now.blocks.map((one, place) => this.line(one, place, now)));
    const offered = JSON.stringify([lang, now.offers, !now.now]);
    if (this.offered !== offered) this.adding.replaceChildren(this.form(now));
    this.offered = offered;
  }

  /** @param {Line} one @param {number} place @param {Head} head */
  line(one, place, { ui, blocks, now }) {
    const isNow = one.id === now?.id;
    const button = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {object} */ wish) =>
      h("button", {
        type: "button",
        class: "kit-button kit-quiet",
        "data-key": `agenda/${name}/${one.id}`,
        "aria-label": fill(ui[name], { title: one.title }),
        title: fill(ui[name], { title: one.title }),
        text: sign,
        onclick: () => this.ask({ block: one.id, ...wish }),
      });
    const state = [fill(ui.minutes, { n: one.minutes }), isNow && ui.is_now, one.skipped && ui.is_skipped].filter(Boolean).join(" · ");
    return h(
      "li",
      { "aria-current": isNow ? "step" : null, class: one.skipped ? "kit-agenda-skipped" : "" },
      h("span", {}, one.meeting ? h("strong", { text: `${fill(ui.meeting, { n: one.meeting })} · ` }) : "", `${one.title} – ${state}`),
      h(
        "span",
        { class: "kit-row" },
        !isNow && button("go", "▶", { deed: "go" }),
        button("less", "−5", { deed: "minutes", number: Math.max(1, one.minutes - MORE) }),
        button("more", "+5", { deed: "minutes", number: one.minutes + MORE }),
        place > 0 && button("up", "↑", { deed: "move", number: place - 1 }),
        place < blocks.length - 1 && button("down", "↓", { deed: "move", number: place + 1 }),
        !isNow && (one.skipped ? button("back", "↩", { deed: "skip", yes: false }) : button("skip", "✕", { deed: "skip", yes: true })),
      ),
    );
  }

  /** @param {Head} head */
  form({ ui, offers, now }) {
    const { kind, title, minutes } = this.added;
    const chosen = kind.value;
    const option = (/** @type {string} */ value, /** @type {string} */ text) => h("option", { value, text });
    const groups = [...new Set(offers.map((one) => one.group))];
    kind.replaceChildren(
      option("break", ui.add_break),
      option("talk", ui.add_talk),
      ...groups.map((group) =>
        h("optgroup", { label: group || ui.add_exercises }, ...offers.filter((one) => one.group === group).map((one) => option(one.id, one.title))),
      ),
    );
    if (chosen) kind.value = chosen;
    // An exercise that is not offered any more.
    if (!kind.value) kind.value = "break";
    kind.onchange = () => {
      const offer = offers.find((one) => one.id === kind.value);
      if (offer) minutes.value = String(offer.minutes);
    };
    /** @param {SubmitEvent} event */
    const add = (event) => {
      event.preventDefault();
      this.ask({ deed: "add", what: kind.value, title: title.value, number: minutes.valueAsNumber });
      title.value = "";
    };
    const field = (/** @type {HTMLElement} */ input, /** @type {string} */ text) => h("p", {}, h("label", { for: input.id, text }), " ", input);
    return h(
      "form",
      { onsubmit: add },
      h("h3", { text: now ? ui.add : ui.add_before }),
      offers.length > 0 && h("p", { class: "kit-hint", text: ui.add_hint }),
      field(kind, ui.add_kind),
      field(title, ui.add_title),
      field(minutes, ui.add_minutes),
      h("button", { type: "submit", class: "kit-button", "data-key": "agenda/add", text: ui.add_go }),
    );
  }

  stop() {
    this.clock.stop();
  }
}
