// The door, on the console: lock it, say how many people are expected, see who comes twice and whether it is a crowd.

import { fill, h, unique } from "./parts.js";

/** @typedef {{locked: boolean, expected: number, most: number, rush: boolean, again: [string, number][]}} DoorNow */

export class Door {
  /** @param {{ask: (message: object) => void, tell: (sentence: string) => void}} console */
  constructor(console) {
    this.console = console;
    const name = unique();
    this.title = `${name}-door`;
    this.help = `${name}-expected-help`;
    /** @type {HTMLElement} */
    this.element = h("section", { class: "kit-card kit-door-keeping", "aria-labelledby": this.title });
    // It stays, so that what is being typed is not lost when somebody joins.
    this.number = h("input", { type: "number", id: `${name}-expected`, min: "1", inputmode: "numeric", required: true, "aria-describedby": this.help, "data-key": "expected", oninput: () => (this.typing = true) });
    this.drawn = "";
    this.noted = 0;
    this.typing = false;
    this.rush = false;
  }

  /** @param {any} page */
  draw(page) {
    const { ui } = page;
    /** @type {DoorNow} */
    const now = page.door;
    this.element.hidden = page.closed;
    const drawn = JSON.stringify([now, page.lang, page.closed]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    // What is being typed stays; what another trainer has noted is taken over where nothing is.
    if (now.expected !== this.noted && !this.typing) this.number.value = String(now.expected);
    this.noted = now.expected;
    this.number.max = String(now.most);
    const rush = fill(ui.rush, { n: now.expected });
    this.element.replaceChildren(
      h("h2", { id: this.title, text: ui.door_title }),
      ...(now.rush ? [h("p", { class: "kit-problem", text: rush })] : []),
      h("p", { text: now.locked ? ui.door_locked : ui.door_open }),
      h("button", {
        type: "button",
        class: "kit-button",
        "data-key": "lock",
        text: now.locked ? ui.door_unlock : ui.door_lock,
        onclick: () => this.console.ask({ kind: "lock", locked: !now.locked }),
      }),
      this.expecting(ui),
      ...(now.again.length ? [h("h3", { text: ui.door_again }), h("ul", {}, ...now.again.map(([label, n]) => h("li", { text: fill(ui.door_again_line, { label, n }) })))] : []),
    );
    // Said once, and not each time that somebody joins.
    if (now.rush && !this.rush) this.console.tell(rush);
    this.rush = now.rush;
  }

  /** @param {Record<string, string>} ui */
  expecting(ui) {
    /** @param {SubmitEvent} event */
    const note = (event) => {
      event.preventDefault();
      this.typing = false;
      this.console.ask({ kind: "expect", people: this.number.valueAsNumber });
    };
    return h(
      "form",
      { onsubmit: note },
      h("label", { for: this.number.id, text: ui.expected }),
      h("p", { class: "kit-hint", id: this.help, text: ui.expected_help }),
      h("div", { class: "kit-row" }, this.number, h("button", { type: "submit", class: "kit-button", "data-key": "expect", text: ui.expect })),
    );
  }
}
