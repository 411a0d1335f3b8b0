// A list of rows: each row a fold with the same fields, a button for a new one, nothing that needs dragging.

import { fill, h } from "./parts.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {import("./fields.js").Option} Option */
/** @typedef {{id: string, kind: "text" | "date" | "choice" | "choices", label: string, hint?: string, limit: number, options?: Option[]}} Column */

/**
 * @typedef {object} List  What a list asks of the form that it stands in, beside what any field asks.
 * @property {(item: Item) => string[]} rows      ids of the rows that are shown, in order
 * @property {(item: Item) => void} addRow
 * @property {(item: Item, id: string) => void} removeRow
 * @property {(item: Item, id: string, column: string, value: any, now: boolean) => void} setField
 * @property {(id: string) => void} commitRow
 * @property {Set<string>} unfolded               ids of the rows that stand open
 */

/** @typedef {import("./fields.js").Sheet & List} Sheet */

const KEY_LENGTH = 4;
const LONG_FIELD = 120;

/** The key of a row that comes after all others; null when there is no further one. @param {string[]} ids */
export function nextKey(ids) {
  const last = Math.max(-1, ...ids.map((id) => parseInt(id.slice(-KEY_LENGTH), 36)));
  const key = (last + 1).toString(36).padStart(KEY_LENGTH, "0");
  return key.length > KEY_LENGTH ? null : `r${key}`;
}

/** What is sent of a row: filled fields only, white space as the store keeps it. @param {Record<string, any>} row */
export function cleanRow(row) {
  const tidy = (/** @type {any} */ value) => (typeof value === "string" ? value.trim().replace(/\s+/g, " ") : value);
  const filled = Object.entries(row)
    .map(([name, value]) => [name, tidy(value)])
    .filter(([name, value]) => name !== "share" && value && value.length);
  return filled.length ? { ...Object.fromEntries(filled), share: Boolean(row.share) } : null;
}

/** Whether two rows say the same. @param {any} a @param {any} b */
export function sameRow(a, b) {
  const flat = (/** @type {any} */ row) => JSON.stringify(row && Object.entries(row).sort(([x], [y]) => (x < y ? -1 : 1)));
  return flat(a) === flat(b);
}

/** @param {Sheet} sheet @param {Item & {columns?: Column[], row?: string, add?: string, most?: number}} item */
export function rows(sheet, item) {
  const { ui, uid } = sheet;
  const ids = sheet.rows(item);
  const full = ids.length >= (item.most ?? 0);
  const title = `${uid}-${item.id}-title`;
  const add = h("div", { class: "kit-row" }, h("button", {
    type: "button",
    class: "kit-button",
    "data-key": `${item.id}/add`,
    "aria-disabled": full || sheet.closed ? "true" : null,
    text: item.add,
    onclick: () => !sheet.closed && !full && sheet.addRow(item),
  }));
  return h(
    "div",
    { class: "kit-card kit-rows", "data-item": item.id, role: "group", "aria-labelledby": title },
    h("p", { class: "kit-asked", id: title, text: item.text }),
    // While the list is empty, what begins it comes first.
    ids.length === 0 && add,
    item.hint && h("p", { class: "kit-hint", text: item.hint }),
    ids.length === 0 && h("p", { class: "kit-hint", text: ui.rows_none }),
    ...ids.map((id, place) => rowFold(sheet, item, id, place + 1)),
    ids.length > 0 && add,
    full && h("p", { class: "kit-note", text: fill(ui.rows_full, { n: item.most ?? 0 }) }),
  );
}

/** @param {Sheet} sheet @param {any} item @param {string} id @param {number} number */
function rowFold(sheet, item, id, number) {
  const { ui } = sheet;
  const name = `${item.row} ${number}`;
  const values = () => sheet.value({ id, kind: "row", text: "" }) ?? {};
  const head = h("summary", { "data-key": `${id}/fold`, text: rowHeadline(item, name, values()) });
  const relabel = () => (head.textContent = rowHeadline(item, name, values()));
  const fold = h(
    "details",
    { class: "kit-details kit-one-row", "data-item": id },
    head,
    h(
      "div",
      { class: "kit-fields", role: "group", "aria-label": name },
      ...item.columns.map((/** @type {Column} */ column) => rowField(sheet, item, id, column, relabel)),
      item.share && rowSharing(sheet, item, id),
      h("div", { class: "kit-below" }, rowRemove(sheet, item, id, name), h("span", { class: "kit-state", "data-state": id })),
      h("p", { class: "kit-problem", id: `${sheet.uid}-${id}-problem`, "data-problem": id, hidden: true }),
    ),
  );
  fold.open = sheet.unfolded.has(id);
  fold.addEventListener("toggle", () => sheet.unfolded[fold.open ? "add" : "delete"](id));
  fold.querySelector("summary").setAttribute("aria-description", ui.rows_fold);
  return fold;
}

/** @param {any} item @param {string} name @param {Record<string, any>} values What tells a row from the others. */
function rowHeadline(item, name, values) {
  const first = item.columns
    .map((/** @type {Column} */ { id, kind, options }) =>
      kind === "choice" ? options?.find((one) => one.id === values[id])?.label : kind === "text" ? values[id] : "")
    .find(Boolean);
  return first ? `${name}. ${first}` : name;
}

/** @param {Sheet} sheet @param {any} item @param {string} id @param {string} name */
function rowRemove(sheet, item, id, name) {
  return h("button", {
    type: "button",
    class: "kit-quiet",
    "data-key": `${id}/remove`,
    "aria-label": `${sheet.ui.rows_remove} — ${name}`,
    "aria-disabled": sheet.closed ? "true" : null,
    text: sheet.ui.rows_remove,
    onclick: () => !sheet.closed && sheet.removeRow(item, id),
  });
}

/** @param {Sheet} sheet @param {any} item @param {string} id @param {Column} column @param {() => void} relabel */
export function rowField(sheet, item, id, column, relabel) {
  const at = `${sheet.uid}-${id}-${column.id}`;
  const help = column.hint && h("p", { class: "kit-hint", id: `${at}-hint`, text: column.hint });
  const set = (/** @type {any} */ value, now = true) => (sheet.setField(item, id, column.id, value, now), relabel());
  if (column.kind === "choices") return rowChoices(sheet, id, column, set, help);
  const input = column.kind === "choice" ? rowSelect(sheet, id, column, set) : rowLine(sheet, id, column, set);
  for (const [name, value] of [["id", at], ["data-key", `${id}/${column.id}`]]) input.setAttribute(name, value);
  input.setAttribute("aria-describedby", [help && `${at}-hint`, `${sheet.uid}-${id}-problem`].filter(Boolean).join(" "));
  return h("div", { class: "kit-field" }, h("label", { for: at, text: column.label }), help, input);
}

/** @param {Sheet} sheet @param {string} id @param {Column} column @param {(value: any, now?: boolean) => void} set */
function rowLine(sheet, id, column, set) {
  const long = column.kind === "text" && column.limit > LONG_FIELD;
  const input = h(long ? "textarea" : "input", {
    type: long ? null : column.kind,
    rows: long ? 2 : null,
    autocomplete: "off",
    maxlength: column.kind === "text" ? column.limit : null,
    readonly: sheet.closed,
    oninput: () => set(input.value.toWellFormed?.() ?? input.value, false),
    onblur: () => sheet.commitRow(id),
  });
  input.value = sheet.value({ id, kind: "row", text: "" })?.[column.id] ?? "";
  return input;
}

/** @param {Sheet} sheet @param {string} id @param {Column} column @param {(value: any) => void} set */
function rowSelect(sheet, id, column, set) {
  const input = h(
    "select",
    { disabled: sheet.closed, onchange: () => set(input.value) },
    h("option", { value: "", text: sheet.ui.rows_choose }),
    ...(column.options ?? []).map((one) => h("option", { value: one.id, text: one.label })),
  );
  input.value = sheet.value({ id, kind: "row", text: "" })?.[column.id] ?? "";
  return input;
}

/**
 * @param {Sheet} sheet @param {string} id @param {Column} column @param {(value: any) => void} set
 * @param {HTMLElement | undefined | "" } help
 */
function rowChoices(sheet, id, column, set, help) {
  const chosen = () => new Set(sheet.value({ id, kind: "row", text: "" })?.[column.id] ?? []);
  const box = (/** @type {Option} */ { id: option, label }) => {
    const input = h("input", {
      type: "checkbox",
      "data-key": `${id}/${column.id}/${option}`,
      disabled: sheet.closed,
      onchange: () => {
        const now = chosen();
        now[input.checked ? "add" : "delete"](option);
        set((column.options ?? []).map((one) => one.id).filter((one) => now.has(one)));
      },
    });
    input.checked = chosen().has(option);
    return h("label", { class: "kit-option" }, input, h("span", { text: label }));
  };
  const options = h("div", { class: "kit-options" }, ...(column.options ?? []).map(box));
  return h("fieldset", { class: "kit-field" }, h("legend", { text: column.label }), help, options);
}

/** @param {Sheet} sheet @param {any} item @param {string} id */
function rowSharing(sheet, item, id) {
  // In full in each row: they are folded, and nobody knows which is opened first.
  const help = `${sheet.uid}-${id}-share`;
  const box = h("input", {
    type: "checkbox",
    "data-key": `${id}/share`,
    "data-share": id,
    "aria-describedby": help,
    disabled: sheet.closed,
    onchange: () => sheet.setField(item, id, "share", box.checked, true),
  });
  box.checked = Boolean(sheet.value({ id, kind: "row", text: "" })?.share);
  const label = h("label", { class: "kit-option" }, box, h("span", { text: sheet.ui.rows_share }));
  return h("div", { class: "kit-share" }, label, h("p", { id: help, class: "kit-hint", text: sheet.ui.share_help }));
}
