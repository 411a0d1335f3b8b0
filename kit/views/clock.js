// A block's clock: it counts on by itself from what the server told, and says once, politely, that the end is near.

import { fill, h } from "./parts.js";

/** @typedef {{until: number, left: number, sent: number}} Told */
/** @typedef {import("./parts.js").Texts} Texts */

// Seconds before the end at which it is said once that little time is left.
const NEAR = 120;

export class Clock {
  constructor() {
    this.face = h("span", { class: "kit-clock", "data-clock": "" });
    this.word = h("span", { class: "kit-hidden", role: "status" });
    this.element = h("span", {}, this.face, this.word);
    /** @type {Told} */
    this.told = { until: 0, left: 0, sent: 0 };
    this.from = 0;
    /** @type {Texts} */
    this.ui = {};
    this.on = false;
    /** The end for which it was said. */
    this.saidFor = -1;
    this.timer = setInterval(() => this.draw(), 1000);
  }

  /** @param {Told} told @param {Texts} ui @param {boolean} on  `on`: whether a block is on at all */
  set(told, ui, on) {
    if (told.sent !== this.told.sent || told.until !== this.told.until || told.left !== this.told.left) this.from = performance.now();
    this.told = told;
    this.ui = ui;
    this.on = on;
    this.draw();
  }

  /** Seconds that are left; below 0 they are over. */
  get seconds() {
    const { until, left, sent } = this.told;
    return until ? until - sent - Math.floor((performance.now() - this.from) / 1000) : left;
  }

  draw() {
    const { ui, seconds } = this;
    const left = seconds < 0 ? ui.clock_over : seconds < 60 ? ui.clock_soon : fill(ui.clock_left, { n: Math.ceil(seconds / 60) });
    const text = !this.on ? "" : this.told.until ? left : fill(ui.clock_paused, { left });
    if (this.face.textContent !== text) this.face.textContent = text;
    if (!this.on || !this.told.until || seconds > NEAR || seconds <= 0) return;
    if (this.saidFor !== this.told.until) this.word.textContent = ui.clock_said;
    this.saidFor = this.told.until;
  }

  stop() {
    clearInterval(this.timer);
  }
}
