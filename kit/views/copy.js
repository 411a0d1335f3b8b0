// "Keep a copy": the person's own words as a text file, made and kept on their device.

import { endPart } from "./layout.js";
import { unfolded } from "./unfold.js";
import { confirmed, download, h } from "./parts.js";

/** @typedef {import("./fields.js").Item} Item */

/**
 * @typedef {object} Written  What the copy is made of; a form is one.
 * @property {string} uid
 * @property {import("./parts.js").Texts} ui
 * @property {Item[]} items
 * @property {{alone: string, content: {title: string, sections: {title?: string, items: Item[]}[]}}} page
 * @property {Record<string, HTMLElement>} regions
 * @property {import("./notes.js").Notes} notes
 * @property {(item: Item) => any} value
 * @property {(item: Item) => string[]} rows
 * @property {(what: string, id: string) => any} find
 * @property {(sentence: string) => void} tell
 */

/** @param {import("./form.js").Form} form */
export function copySection(form) {
  const { ui } = form;
  const journal = form.items.some((item) => item.kind === "journal");
  const notes = journal && tick("notes", ui.copy_notes, true);
  const answers = tick("answers", ui.copy_answers, Boolean(form.page.alone) || !journal);
  const get = h("button", {
    type: "button",
    class: "kit-button",
    "data-key": "copy/get",
    text: ui.copy_get,
    onclick: () => download(plain(form, notes && ticked(notes), ticked(answers)), ui.copy_file),
  });
  return endPart(
    form,
    "copy",
    ui.copy_title,
    h("p", { class: "kit-hint", text: ui.copy_help }),
    notes,
    answers,
    h("div", { class: "kit-row" }, get, journal && eraser(form)),
  );
}

/** @param {string} which @param {string} label @param {boolean} on */
function tick(which, label, on) {
  const box = h("input", { type: "checkbox", "data-key": `copy/${which}` });
  box.checked = on;
  return h("label", { class: "kit-option" }, box, h("span", { text: label }));
}

/** @param {HTMLLabelElement} label */
function ticked(label) {
  return Boolean(label.querySelector("input")?.checked);
}

/** @param {Written} form */
function eraser(form) {
  const { ui } = form;
  return confirmed({
    label: ui.notes_erase,
    question: ui.notes_question,
    yes: ui.notes_yes,
    no: ui.notes_no,
    done: () => {
      form.notes.erase();
      for (const item of form.items) if (item.kind === "journal") form.find("key", item.id).value = "";
      form.tell(ui.notes_gone);
    },
  });
}

/** @param {Written} form @param {boolean} notes @param {boolean} answers @returns {string} What the file says. */
export function plain(form, notes, answers) {
  const lines = [form.page.content.title, ""];
  for (const section of form.page.content.sections) {
    const wanted = section.items.filter((item) => (item.kind === "journal" ? notes : answers));
    const told = wanted.filter((item) => said(form, item)).flatMap((item) => [item.text, `    ${said(form, item)}`, ""]);
    if (told.length) lines.push(section.title ?? "", "", ...told);
  }
  const picture = /** @type {HTMLElement | null} */ (form.regions.picture.querySelector(".kit-result"));
  if (answers && picture) lines.push(unfolded(picture, () => picture.innerText));
  return lines.join("\r\n");
}

/** @param {Written} form @param {Item} item @returns {string} */
function said(form, item) {
  const value = form.value(item);
  if (item.kind === "rows") return form.rows(item).map((id) => toldRow(item, form.value({ ...item, id, kind: "row" }))).join("\r\n    ");
  if (item.kind === "choice") return item.options?.find((one) => one.id === value)?.label ?? "";
  return (item.kind === "journal" ? value : (value?.text ?? "")).trim();
}

/** @param {any} item @param {Record<string, any>} row One row on one line: its fields with their labels. */
function toldRow(item, row) {
  const say = (/** @type {any} */ column, /** @type {any} */ value) =>
    [value].flat().map((one) => column.options?.find((/** @type {any} */ option) => option.id === one)?.label ?? one).join(", ");
  return item.columns
    .filter((/** @type {any} */ column) => row?.[column.id])
    .map((/** @type {any} */ column) => `${column.label}: ${say(column, row[column.id])}`)
    .join("; ");
}
