// What is asked before a copy takes the place of what stands on a page, and what is told of it after; and the boxes to
// tick beside it.

import { h, unique } from "./parts.js";

/**
 * @param {import("./parts.js").Texts} ui @param {() => void} go @param {() => void} stay
 * @returns {HTMLElement} A question with two answers; Escape is the careful one.
 */
export function insteadOf(ui, go, stay) {
  const keep = h("button", { type: "button", class: "kit-button", "data-key": "keep/stay", text: ui.bring_no, onclick: stay });
  const take = h("button", { type: "button", class: "kit-button kit-danger", "data-key": "keep/go", text: ui.bring_yes, onclick: go });
  const box = h("div", { class: "kit-ask", role: "group", "aria-label": ui.bring_question }, h("p", { text: ui.bring_question }), h("div", { class: "kit-row" }, take, keep));
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && keep.click());
  return box;
}

/** @param {string} title @param {(string | undefined)[]} names What was left out, as far as it has a name. @returns {HTMLElement[]} */
export function leftOut(title, names) {
  const lines = names.filter(Boolean).map((text) => h("li", { text }));
  if (!lines.length) return [];
  return [h("details", { class: "kit-details" }, h("summary", { "data-key": "keep/left", text: title }), h("ul", { class: "kit-list" }, ...lines))];
}

/**
 * @param {{key: string, label: string, on: boolean, help?: string}} what @param {(on: boolean) => void} changed
 * @returns {HTMLElement}
 */
export function tick({ key, label, on, help }, changed) {
  const id = unique();
  const box = h("input", { type: "checkbox", "data-key": key, onchange: () => changed(box.checked) });
  box.checked = on;
  const named = h("label", { class: "kit-option" }, box, h("span", { text: label }));
  if (!help) return named;
  box.setAttribute("aria-describedby", id);
  return h("div", {}, named, h("p", { id, class: "kit-hint", text: help }));
}
