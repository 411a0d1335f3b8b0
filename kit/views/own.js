// One's own: the word card, erasing everything, passing the device on, leaving.

import { confirmed, fill, h } from "./parts.js";

export class Own {
  /** @param {{page: import("./room.js").Page, ui: import("./parts.js").Texts, model: import("./parts.js").Model, go: () => void}} room */
  constructor(room) {
    this.room = room;
    /** @type {{lang: string, box: HTMLElement} | null} */
    this.asked = null;
  }

  card() {
    const { ui, page } = this.room;
    if (!page.card) return null;
    return h(
      "details",
      { class: "kit-details", "data-key": "card" },
      h("summary", { "data-key": "fold/card", text: ui.card }),
      h("p", { text: ui.card_help }),
      h("p", { class: "kit-words", translate: "no", text: page.card }),
      h("p", { class: "kit-hint", text: ui.card_care }),
    );
  }

  /** Made once for each language: news do not take a question away from somebody who is answering it. */
  eraser() {
    const { ui, page } = this.room;
    if (this.asked?.lang !== page.lang) {
      const box = confirmed({
        label: ui.erase,
        question: ui.erase_question,
        yes: ui.erase_yes,
        no: ui.erase_no,
        done: () => {
          document.dispatchEvent(new CustomEvent("kit:erase"));
          this.room.model.send({ kind: "erase" });
        },
      });
      this.asked = { lang: page.lang, box };
    }
    return this.asked.box;
  }

  /** The page leaves no trail: Back does not lead to it from where the next person sits. */
  handOver() {
    const { ui, page } = this.room;
    const to = page.pass_url;
    if (!to) return [];
    const onclick = (/** @type {Event} */ event) => {
      event.preventDefault();
      location.replace(to);
    };
    return [h("p", { text: ui.hand_over_help }), h("p", {}, h("a", { class: "kit-button", href: to, "data-key": "pass", text: ui.hand_over, onclick }))];
  }

  data() {
    const { ui, page } = this.room;
    const go = !page.alone && h("button", {
      type: "button",
      class: "kit-button",
      "data-key": "leave",
      text: ui.leave,
      onclick: () => this.room.go(),
    });
    return h(
      "details",
      { class: "kit-details", "data-key": "data" },
      h("summary", { "data-key": "fold/data", text: page.alone ? ui.erase_own : ui.data }),
      h("p", { text: page.alone ? ui.erase_alone : ui.erase_help }),
      page.days && h("p", { text: fill(ui.keep_days, { days: page.days }) }),
      this.eraser(),
      ...this.handOver(),
      go && h("p", { text: ui.leave_help }),
      go,
    );
  }
}
