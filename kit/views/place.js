// Keeping a person's place when a page is drawn anew: what has focus, the caret, what stands where.

import { focusOn } from "./parts.js";

/** @typedef {{key?: string, heading: string, caret: (number | null)[], anchor?: string, top: number}} Place */

const HEADINGS = "h1, h2, h3, h4, h5";

const UNDER_THE_BAR = 96;

/** @param {HTMLElement} root @returns {Place} */
export function rememberPlace(root) {
  const focused = /** @type {any} */ (document.activeElement);
  const key = root.contains(focused) ? focused.dataset.key : undefined;
  const fields = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-item]")]);
  // While the beginning is in sight the reader is at the top, and stays there.
  const scrolled = root.getBoundingClientRect().top < 0;
  const own = key && focused.closest("[data-item]");
  const anchor = scrolled ? (own || fields.find((one) => one.getBoundingClientRect().bottom > UNDER_THE_BAR)) : undefined;
  return {
    key,
    // A heading that somebody was led to has no key: it is known by what it says.
    heading: root.contains(focused) && focused.matches(HEADINGS) ? focused.textContent : "",
    caret: key ? [focused.selectionStart, focused.selectionEnd] : [],
    anchor: anchor?.dataset.item,
    top: anchor?.getBoundingClientRect().top ?? 0,
  };
}

/** @param {HTMLElement} root @param {Place} place */
export function restorePlace(root, { key, heading, caret, anchor, top }) {
  const focused = /** @type {any} */ (key && root.querySelector(`[data-key="${CSS.escape(key)}"]`));
  focused?.focus({ preventScroll: true });
  if (heading && !focused) focusOn(/** @type {HTMLElement[]} */ ([...root.querySelectorAll(HEADINGS)]).find((one) => one.textContent === heading));
  if (typeof caret[0] === "number") focused?.setSelectionRange?.(...caret);
  const moved = anchor && root.querySelector(`[data-item="${CSS.escape(anchor)}"]`);
  if (moved) scroller(moved).scrollBy({ top: moved.getBoundingClientRect().top - top, behavior: "instant" });
}

/** @param {Element} element @returns {Element} */
function scroller(element) {
  for (let up = element.parentElement; up; up = up.parentElement) {
    if (up.scrollHeight > up.clientHeight && /auto|scroll/.test(getComputedStyle(up).overflowY)) return up;
  }
  return document.scrollingElement ?? document.documentElement;
}
