// Dragging with a finger, a pen or a mouse: a button is taken, and let go over a lane. Everything that can be done so
// can be done by pressing the button, too.

import { h } from "../../views/parts.js";

/** @typedef {{can: () => boolean, name: () => string, drop: (lane: string) => void}} Dragged */

const FAR_ENOUGH = 8;
const EDGE = 90;
const PACE = 14;

/** @param {HTMLElement} handle @param {Dragged} asked */
export function draggable(handle, asked) {
  handle.addEventListener("pointerdown", (event) => {
    if (asked.can() && event.button === 0) new Drag(handle, asked, event);
  });
}

class Drag {
  /** @param {HTMLElement} handle @param {Dragged} asked @param {PointerEvent} start */
  constructor(handle, asked, start) {
    this.handle = handle;
    this.asked = asked;
    this.start = start;
    this.x = start.clientX;
    this.y = start.clientY;
    this.dragging = false;
    this.frame = 0;
    /** @type {HTMLElement | null} the lane below the pointer */
    this.lane = null;
    this.ghost = h("div", { class: "kit-ghost", "aria-hidden": "true", text: asked.name() });
    this.ends = new AbortController();
    const { signal } = this.ends;
    handle.setPointerCapture(start.pointerId);
    addEventListener("pointermove", (event) => this.go(event), { signal });
    for (const type of ["pointerup", "pointercancel", "blur"]) addEventListener(type, (event) => this.end(event), { signal });
    addEventListener("keydown", (event) => event.key === "Escape" && this.end(event), { signal });
  }

  /** @param {PointerEvent} event */
  go(event) {
    if (event.pointerId !== this.start.pointerId) return;
    [this.x, this.y] = [event.clientX, event.clientY];
    if (!this.dragging && Math.hypot(this.x - this.start.clientX, this.y - this.start.clientY) > FAR_ENOUGH) {
      this.dragging = true;
      this.handle.closest(".kit")?.append(this.ghost);
      this.roll();
    }
    if (!this.dragging) return;
    event.preventDefault();
    this.look();
  }

  /** Near the upper or the lower edge the page goes along. */
  roll() {
    const step = this.y > innerHeight - EDGE ? PACE : this.y < EDGE ? -PACE : 0;
    if (step) {
      scrollBy({ top: step, behavior: "instant" });
      this.look();
    }
    this.frame = requestAnimationFrame(() => this.roll());
  }

  look() {
    const found = document.elementsFromPoint(this.x, this.y).find((one) => one.closest("[data-lane]"));
    this.lane?.classList.remove("kit-over-lane");
    this.lane = /** @type {HTMLElement | null} */ (found?.closest("[data-lane]") ?? null);
    this.lane?.classList.add("kit-over-lane");
    this.ghost.style.translate = `${this.x + 12}px ${this.y + 12}px`;
  }

  /** @param {Event} event Let go over a lane, or given up. */
  end(event) {
    this.ends.abort();
    cancelAnimationFrame(this.frame);
    this.ghost.remove();
    this.lane?.classList.remove("kit-over-lane");
    if (!this.dragging) return;
    // Letting go is not pressing.
    const swallow = (/** @type {Event} */ click) => (click.stopImmediatePropagation(), click.preventDefault());
    addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener("click", swallow, { capture: true }));
    if (event.type === "pointerup" && this.lane) this.asked.drop(this.lane.dataset.lane ?? "");
  }
}
