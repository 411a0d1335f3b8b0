// Small parts that every view is built from. A view imports them, and is built into one module ahead.

/**
 * @typedef {object} Model  What a page gives a view to talk through (anywidget's front-end model).
 * @property {(name: string) => any} get
 * @property {(content: object) => void} send
 * @property {(name: string, handler: (...args: any[]) => void) => void} on
 * @property {(name: string, handler: (...args: any[]) => void) => void} off
 */

// What appears under a pointer takes no press for so long (milliseconds): a second click belongs to the first.
export const SETTLE = 600;

/** @typedef {Record<string, string>} Texts */
/** @typedef {Node | string | null | undefined | false} Child */

// Elements that take keys: JupyterLab must not take the arrows and letters that are meant for them.
const TAKES_KEYS = new Set(["button", "input", "textarea", "select", "summary"]);

/** @param {HTMLElement} element */
export function keepKeys(element) {
  element.dataset.lmSuppressShortcuts = "true";
}

/**
 * One element. Attributes: `on…` functions become listeners, true/false sets or leaves out,
 * `text` sets the text; everything else is an attribute.
 *
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  if (TAKES_KEYS.has(tag)) keepKeys(element);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") element.textContent = value;
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child)));
  return element;
}

/** An address to be typed: where it has to be broken, after a slash or a dot, so that a code stays whole. @param {string} link @param {string} kind its class beside `kit-link` */
export function address(link, kind = "") {
  return h("p", { class: `kit-link ${kind}`.trim(), translate: "no" }, ...link.split(/(?<=[/.])(?!\/)/).map((text) => h("span", { text })));
}

/** A heading, or another element that has no key of its own, takes the focus. @param {Element | null | undefined} element @param {boolean} [preventScroll] */
export function focusOn(element, preventScroll = true) {
  if (!element?.matches("button")) element?.setAttribute("tabindex", "-1");
  /** @type {HTMLElement | null | undefined} */ (element)?.focus({ preventScroll });
}

/**
 * A sentence with its details: fill("{done} of {all}", {done: 2, all: 5}).
 *
 * @param {string | undefined} sentence
 * @param {Record<string, string | number>} [details]
 */
export function fill(sentence, details = {}) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => String(details[name] ?? whole));
}

/**
 * Writes to a live region once a pause has come, so that a reader hears the last word only.
 *
 * @param {HTMLElement} region
 * @param {number} [pause] milliseconds
 */
export function announcer(region, pause = 900) {
  let timer = 0;
  return {
    /** @param {string} sentence @param {boolean} [now] */
    say(sentence, now = false) {
      clearTimeout(timer);
      const write = () => {
        if (region.textContent !== sentence) region.textContent = sentence;
      };
      if (now) write();
      else timer = setTimeout(write, pause);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

/**
 * A button that asks once more, in place: no dialog, so that quick exit stays in reach. The question takes no answer
 * at once, since it appears where a finger has just been.
 *
 * @param {{label: string, question: string, yes: string, no: string, done: () => void, kind?: string, key?: string}} asked
 * `key` names its buttons (data-key), so that the focus finds them again.
 */
export function confirmed({ label, question, yes, no, done, kind = "", key }) {
  const box = h("div", { class: "kit-confirm" });
  const named = (/** @type {string} */ end) => (key ? key + end : null);
  const button = h("button", { type: "button", class: `kit-button ${kind}`, "data-key": named(""), text: label, onclick: ask });
  box.append(button);

  function ask() {
    const asked = performance.now();
    const settled = () => performance.now() - asked > SETTLE;
    const keep = h("button", { type: "button", class: "kit-button", "data-key": named("/no"), text: no, onclick: () => settled() && back() });
    const go = h("button", {
      type: "button",
      class: "kit-button kit-danger",
      "data-key": named("/yes"),
      text: yes,
      onclick: () => {
        if (!settled()) return;
        back();
        done();
      },
    });
    for (const one of [keep, go]) {
      one.setAttribute("aria-disabled", "true");
      setTimeout(() => one.removeAttribute("aria-disabled"), SETTLE);
    }
    const group = h("div", { class: "kit-ask", role: "group", "aria-label": question }, h("p", { text: question }));
    group.append(h("div", { class: "kit-row" }, keep, go));
    group.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") back();
    });
    box.replaceChildren(group);
    keep.focus();
  }

  function back() {
    box.replaceChildren(button);
    button.focus();
  }
  return box;
}

/** @param {string} text @param {string} name Saves a text as a file on this device. */
export function download(text, name) {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  const link = h("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A short id for elements of one view: two views on a page never share one. */
export function unique() {
  return `kit-${Math.random().toString(36).slice(2, 8)}`;
}
