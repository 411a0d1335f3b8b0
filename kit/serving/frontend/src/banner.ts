// The notice that the connection is away: late enough not to flicker, gone as soon as it is back.

import { message, type Saying } from "./say";

const GRACE = 1_500; // ms

export class Banner {
  #timer = 0;

  /** Is in the page from the start and empty: a screen reader announces what is put into it. */
  get #region(): HTMLElement {
    return document.getElementById("kit-connection")!;
  }

  away(): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.show("away"), GRACE);
  }

  show(saying: Saying): void {
    clearTimeout(this.#timer);
    this.#region.replaceChildren(message(saying));
    this.#region.querySelector("button")?.addEventListener("click", () => location.reload());
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#region.replaceChildren();
  }
}
