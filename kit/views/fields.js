// How one question looks: native fields with a label, a line that tells its state, a place for a problem.

import { fill, h } from "./parts.js";
import { rows } from "./rows.js";
import { shareHelp } from "./share.js";

/**
 * @typedef {object} Option
 * @property {string} id
 * @property {string} label
 */

/**
 * @typedef {object} Item
 * @property {string} id
 * @property {"choice" | "text" | "journal" | "rows" | "row"} kind
 * @property {string} text
 * @property {string} [hint]
 * @property {Option[]} [options]
 * @property {string[]} [apart]
 * @property {string | null} [about]
 * @property {number} [limit]
 * @property {boolean} [share]
 */

/**
 * @typedef {object} Sheet  What a field asks of the form that it stands in.
 * @property {string} uid
 * @property {import("./parts.js").Texts} ui
 * @property {boolean} closed
 * @property {(item: Item) => any} value
 * @property {(item: Item, value: any) => void} choose
 * @property {(item: Item, text: string) => void} type
 * @property {(item: Item, share: boolean) => void} share
 * @property {(item: Item) => void} commit
 * @property {(item: Item) => void} clear
 */

const ONE_LINE = 80;
const NEARLY_FULL = 20;

/** @param {string} text Characters as people (and Python) count them. */
export function length(text) {
  return [...text].length;
}

/** @param {any} a @param {any} b Two texts with their consent, or null; the store squeezes white space. */
export function same(a, b) {
  if (!a || !b) return a === b;
  return squeezed(a.text) === squeezed(b.text) && a.share === b.share;
}

/** @param {string} text */
function squeezed(text) {
  return text.trim().replace(/\s+/g, " ");
}

/** @param {Sheet} sheet @param {Item} item @param {Item | undefined} rated A choice that rates this text. */
export function field(sheet, item, rated) {
  if (item.kind === "choice") return choice(sheet, item);
  if (item.kind === "rows") return rows(/** @type {any} */ (sheet), item);
  return item.kind === "text" ? freeText(sheet, item, rated) : journal(sheet, item);
}

/** @param {Sheet} sheet @param {Item} item @param {boolean} [inner] */
function choice(sheet, item, inner = false) {
  const { uid, ui, closed } = sheet;
  const set = h(
    "fieldset",
    {
      class: inner ? "kit-inner" : "kit-card",
      role: "radiogroup",
      "data-item": item.id,
      "aria-describedby": ids(uid, item, item.hint ? ["hint", "problem"] : ["problem"]),
      "aria-disabled": closed ? "true" : null,
    },
    h("legend", { text: item.text }),
    hint(sheet, item),
  );
  set.append(h("div", { class: "kit-options" }, ...(item.options ?? []).map((one) => radio(sheet, item, one))));
  const clear = h("button", {
    type: "button",
    class: "kit-quiet",
    "data-clear": item.id,
    "data-key": `${item.id}/clear`,
    "aria-label": `${ui.clear} — ${item.text}`,
    hidden: true,
    text: ui.clear,
    onclick: () => sheet.clear(item),
  });
  set.append(below(item, clear), problem(sheet, item));
  return set;
}

/** @param {Sheet} sheet @param {Item} item @param {Option} option */
function radio(sheet, item, option) {
  const input = h("input", {
    type: "radio",
    name: `${sheet.uid}-${item.id}`,
    value: option.id,
    "data-key": `${item.id}/${option.id}`,
    "aria-disabled": sheet.closed ? "true" : null,
    onclick: (/** @type {Event} */ event) => sheet.closed && event.preventDefault(),
    onchange: () => sheet.choose(item, option.id),
  });
  input.checked = sheet.value(item) === option.id;
  const apart = item.apart?.includes(option.id) ? " kit-apart" : "";
  return h("label", { class: `kit-option${apart}` }, input, h("span", { text: option.label }));
}

/** @param {Sheet} sheet @param {Item} item @param {Item | undefined} rated */
function freeText(sheet, item, rated) {
  const { uid, ui } = sheet;
  const value = sheet.value(item) ?? { text: "", share: false };
  const left = h("span", { id: `${uid}-${item.id}-left`, class: "kit-left" });
  const near = h("span", { class: "kit-hidden", role: "status" });
  const input = writing(sheet, item, value.text, ["hint", "left", "problem"]);
  const inner = rated && choice(sheet, rated, true);
  const grow = () => {
    tellLeft(ui, item, input.value, left, near);
    // A rating makes sense once there is something to rate.
    if (inner && rated) inner.hidden = !input.value.trim() && !sheet.value(rated);
  };
  input.addEventListener("input", grow);
  grow();
  return h(
    "div",
    { class: "kit-card", "data-item": item.id },
    h("label", { class: "kit-asked", for: input.id, text: item.text }),
    hint(sheet, item),
    input,
    below(item, left),
    near,
    problem(sheet, item),
    item.share && sharing(sheet, item, value.share),
    inner,
  );
}

/** @param {Sheet} sheet @param {Item} item */
function journal(sheet, item) {
  const input = writing(sheet, item, sheet.value(item), ["hint", "place"]);
  return h(
    "div",
    { class: "kit-card kit-own", "data-item": item.id },
    h("label", { class: "kit-asked", for: input.id, text: item.text }),
    hint(sheet, item),
    input,
    h("p", { class: "kit-place", id: `${sheet.uid}-${item.id}-place`, text: sheet.ui.journal_place }),
  );
}

/** @param {Sheet} sheet @param {Item} item @param {string} value @param {string[]} described */
function writing(sheet, item, value, described) {
  const line = item.kind === "text" && (item.limit ?? 0) <= ONE_LINE;
  const closed = sheet.closed && item.kind === "text";
  const input = h(line ? "input" : "textarea", {
    id: `${sheet.uid}-${item.id}`,
    type: line ? "text" : null,
    rows: line ? null : item.kind === "journal" ? 4 : 2,
    autocomplete: "off",
    "data-key": item.id,
    "aria-describedby": ids(sheet.uid, item, item.hint ? described : described.slice(1)),
    readonly: closed,
    "aria-disabled": closed ? "true" : null,
    // Half a character (a cut emoji) cannot be sent; older browsers send it whole or not at all.
    oninput: () => sheet.type(item, input.value.toWellFormed?.() ?? input.value),
    onblur: () => sheet.commit(item),
  });
  input.value = value;
  return input;
}

/** @param {Sheet} sheet @param {Item} item @param {boolean} ticked */
function sharing(sheet, item, ticked) {
  const help = `${sheet.uid}-${item.id}-share`;
  const box = h("input", {
    type: "checkbox",
    "data-key": `${item.id}/share`,
    "data-share": item.id,
    "aria-describedby": help,
    "aria-disabled": sheet.closed ? "true" : null,
    onclick: (/** @type {Event} */ event) => sheet.closed && event.preventDefault(),
    onchange: () => sheet.share(item, box.checked),
  });
  box.checked = ticked;
  const label = h("label", { class: "kit-option" }, box, h("span", { text: sheet.ui.share }));
  return h("div", { class: "kit-share" }, label, shareHelp(sheet, help));
}

/** @param {Sheet} sheet @param {Item} item */
function hint(sheet, item) {
  return item.hint && h("p", { class: "kit-hint", id: `${sheet.uid}-${item.id}-hint`, text: item.hint });
}

/** @param {Item} item @param {HTMLElement} first */
function below(item, first) {
  return h("div", { class: "kit-below" }, first, h("span", { class: "kit-state", "data-state": item.id }));
}

/** @param {Sheet} sheet @param {Item} item */
function problem(sheet, item) {
  const id = `${sheet.uid}-${item.id}-problem`;
  return h("p", { class: "kit-problem", id, "data-problem": item.id, hidden: true });
}

/** @param {string} uid @param {Item} item @param {string[]} parts */
function ids(uid, item, parts) {
  return parts.map((part) => `${uid}-${item.id}-${part}`).join(" ");
}

/**
 * The number is seen at every key and read out only near the end, when the live region's text changes.
 *
 * @param {import("./parts.js").Texts} ui @param {Item} item @param {string} typed
 * @param {HTMLElement} left @param {HTMLElement} near
 */
function tellLeft(ui, item, typed, left, near) {
  const rest = (item.limit ?? 0) - length(typed);
  left.textContent = fill(rest < 0 ? ui.over : ui.left, { n: Math.abs(rest) });
  left.classList.toggle("kit-over", rest < 0);
  const step = rest < 0 ? ui.full : rest <= NEARLY_FULL ? ui.nearly_full : "";
  if (near.textContent !== step) near.textContent = step;
}
