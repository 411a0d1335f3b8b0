// For somebody at home whom a facilitator has asked: one file that only the facilitator can open.

import { saveFile } from "./files.js";
import { fill, h, unique } from "./parts.js";

/** @typedef {import("./parts.js").Model} Model */
/**
 * @typedef {object} Page
 * @property {string} lang
 * @property {string} form  the word by which the copy beside this view is found
 * @property {string} [fault]  what is wrong with the link that the page was opened with
 * @property {string[]} [titles]  what was asked for; missing: nobody has asked
 * @property {boolean} [asked]  this exercise is among it
 * @property {string} [check]
 * @property {{id: string, label: string}[]} [sectors]
 * @property {boolean} [attributed]
 * @property {import("./parts.js").Texts} ui
 */

class Send {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.uid = unique();
    this.panel = h("div");
    this.status = h("p", { class: "kit-status", role: "status", "data-key": "send/status" });
    /** @type {Record<string, any>} What the person has filled in, kept when the page is drawn anew. */
    this.typed = { sector: "", partner: "", card: "", link: "" };
    model.on("change:page", () => this.draw());
    model.on("msg:custom", (message, buffers) => this.receive(message, buffers));
    document.addEventListener("kit:erase", () => this.forget());
    this.draw();
  }

  get page() {
    return /** @type {Page} */ (this.model.get("page"));
  }

  forget() {
    this.typed = { sector: "", partner: "", card: "", link: "" };
    this.status.replaceChildren();
    this.draw();
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message?.kind === "sealed") {
      saveFile(message, buffers);
      const { ui } = this.page;
      this.status.replaceChildren(...[message.message, ui.after, ui.again].map((text) => h("span", { text: `${text} ` })));
    } else if (message?.kind === "refused") {
      this.status.replaceChildren(message.message);
      const field = message.field && this.panel.querySelector(`[data-key="send/${message.field}"]`);
      field?.setAttribute("aria-invalid", "true");
      field?.focus();
    } else if (message?.kind === "trouble") this.status.replaceChildren(message.message);
  }

  make() {
    for (const one of this.panel.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    this.status.replaceChildren(this.page.ui.wait);
    const { sector, partner, card } = this.typed;
    const take = (/** @type {string} */ text) => this.model.send({ kind: "seal", document: text, sector, partner, card });
    document.dispatchEvent(new CustomEvent("kit:document", { detail: { form: this.page.form, take } }));
  }

  draw() {
    const key = /** @type {any} */ (document.activeElement)?.dataset?.key;
    const inside = this.panel.contains(document.activeElement);
    this.panel.lang = this.page.lang;
    const open = this.panel.querySelector("details")?.open ?? false;
    this.panel.replaceChildren(this.page.titles ? this.asked(this.page.titles) : this.unasked(open));
    if (!inside || !key) return;
    const again = this.panel.querySelector(`[data-key="${key}"]`) ?? this.panel.querySelector("h2");
    /** @type {HTMLElement | null} */ (again)?.focus();
  }

  /** Nobody has asked, as far as this page knows. @param {boolean} open */
  unasked(open) {
    const { ui } = this.page;
    const use = h("button", {
      type: "button",
      class: "kit-button",
      "data-key": "send/use",
      text: ui.use,
      onclick: () => this.model.send({ kind: "invite", link: this.typed.link }),
    });
    const fold = h("details", { class: "kit-details", "data-key": "send" },
      h("summary", { "data-key": "fold/send", text: ui.have_link }),
      h("p", { text: ui.paste_lead }),
      this.field("link", ui.paste, "", h("input", { type: "text", autocomplete: "off", spellcheck: "false", inputmode: "url" })),
      h("div", { class: "kit-row" }, use),
      this.status,
    );
    if (this.page.fault && !this.status.textContent) this.status.replaceChildren(this.page.fault);
    fold.open = open || Boolean(this.page.fault);
    return fold;
  }

  /** @param {string[]} titles */
  asked(titles) {
    const { ui, check, sectors = [], attributed, asked } = this.page;
    const heading = `${this.uid}-title`;
    const choice = h("select", {},
      h("option", { value: "", text: ui.choose }),
      ...sectors.map(({ id, label }) => h("option", { value: id, text: label })));
    const make = h("button", {
      type: "button",
      class: "kit-button kit-main",
      "data-key": "send/make",
      text: ui.make,
      onclick: () => this.make(),
    });
    const points = [ui.sealed, ui.holds, ui.group];
    return h("section", { class: "kit-panel kit-send", "aria-labelledby": heading },
      h("h2", { id: heading, "data-key": "send/title", tabindex: "-1", text: ui.title }),
      h("p", { text: fill(ui.lead, { titles: titles.join(", ") }) }),
      !asked && h("p", { class: "kit-note", text: ui.not_asked }),
      h("p", { class: "kit-note", translate: "no", text: fill(ui.check, { check: check ?? "" }) }),
      h("ul", { class: "kit-list" }, ...points.map((text) => h("li", { text }))),
      this.field("sector", ui.sector, "", choice),
      attributed && this.field("partner", ui.partner, ui.partner_help, h("input", { type: "text", autocomplete: "off", maxlength: "200" })),
      this.field("card", ui.card, ui.card_help, h("input", { type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "none", maxlength: "200" })),
      h("div", { class: "kit-row" }, make),
      this.status,
    );
  }

  /** @param {string} name @param {string} label @param {string} help @param {any} input */
  field(name, label, help, input) {
    const id = `${this.uid}-${name}`;
    input.id = id;
    input.dataset.key = `send/${name}`;
    input.classList.add("kit-input");
    input.value = this.typed[name];
    if (help) input.setAttribute("aria-describedby", `${id}-help`);
    input.addEventListener("input", () => {
      this.typed[name] = input.value;
      input.removeAttribute("aria-invalid");
    });
    return h("div", { class: "kit-field" },
      h("label", { for: id, text: label }),
      help && h("p", { id: `${id}-help`, class: "kit-hint", text: help }),
      input,
    );
  }

  /** @param {HTMLElement} el */
  show(el) {
    el.classList.add("kit");
    el.append(this.panel);
    return () => this.panel.parentNode === el && this.panel.remove();
  }
}

export default () => {
  /** @type {Send} */
  let send;
  return {
    /** @param {{model: Model}} page */
    initialize({ model }) {
      send = new Send(model);
    },
    /** @param {{el: HTMLElement}} view */
    render({ el }) {
      return send.show(el);
    },
  };
};
