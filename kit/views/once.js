// One press, one deed: two clicks on one spot never do two things.

import { SETTLE } from "./parts.js";

// After that long without an answer, the page can be used again.
const PATIENCE = 8_000;

/** The buttons below `root` rest from each press until it was answered and the page stands still. */
export class OneAtATime {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.waiting = false;
    this.timer = 0;
    /** @type {Element[]} those that rest now */
    this.resting = [];
    // What is drawn meanwhile rests, too.
    this.watch = new MutationObserver(() => this.rest());
    root.addEventListener("click", (event) => this.press(event), { capture: true });
  }

  /** @param {Event} event */
  press(event) {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    this.begin(SETTLE);
  }

  /** Something was sent, and is answered by `done`. */
  wait() {
    this.waiting = true;
    this.begin(PATIENCE);
  }

  done() {
    if (!this.waiting) return;
    this.waiting = false;
    this.begin(SETTLE);
  }

  /** @param {number} pause */
  begin(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), pause);
    this.rest();
    this.watch.observe(this.root, { childList: true, subtree: true });
  }

  rest() {
    for (const one of this.root.querySelectorAll("button:not([aria-disabled])")) {
      one.setAttribute("aria-disabled", "true");
      this.resting.push(one);
    }
  }

  end() {
    this.waiting = false;
    this.watch.disconnect();
    for (const one of this.resting) one.removeAttribute("aria-disabled");
    this.resting = [];
  }
}
