// Files that go out and come in: one button each; what came in is shown before anything is kept.

import { endPart, result } from "./layout.js";
import { fill, h } from "./parts.js";

/** @typedef {{gives: {id: string, label: string}[], takes: {id: string, label: string, accept: string}[]}} Offered */

const LARGEST_FILE = 1_500_000; // bytes that a message may carry

/**
 * The section of a form where files are taken away and brought along; null where an exercise has none.
 *
 * @param {any} form
 */
export function filesSection(form) {
  const { gives, takes } = /** @type {Offered} */ (form.page.files ?? { gives: [], takes: [] });
  if (!gives.length && !takes.length) return null;
  const { ui } = form;
  form.regions.taken ??= h("div", { class: "kit-taken" });
  return endPart(
    form,
    "files",
    ui.files_title,
    takes.length > 0 && h("div", { class: "kit-row" }, ...takes.map((one) => takeButton(form, one))),
    form.regions.taken,
    gives.length > 0 && h("p", { class: "kit-hint", text: ui.files_help }),
    gives.length > 0 && h("div", { class: "kit-row" }, ...gives.map((one) => giveButton(form, one))),
  );
}

/** @param {any} form @param {{id: string, label: string}} one */
function giveButton(form, { id, label }) {
  const onclick = () => {
    form.commitAll();
    form.tell(form.ui.files_wait);
    form.model.send({ kind: "give", what: id });
  };
  return h("button", { type: "button", class: "kit-button", "data-key": `give/${id}`, text: label, onclick });
}

/** @param {any} form @param {{id: string, label: string, accept: string}} one */
function takeButton(form, { id, label, accept }) {
  const ask = (/** @type {string} */ name, /** @type {ArrayBuffer[]} */ buffers) => {
    form.commitAll();
    form.tell(form.ui.files_wait);
    form.model.send({ kind: "take", what: id, name }, undefined, buffers);
  };
  const pick = h("input", { type: "file", accept, hidden: true, "data-pick": id, tabindex: "-1", "aria-label": label });
  pick.addEventListener("change", async () => {
    const [file] = pick.files ?? [];
    pick.value = "";
    if (!file) return;
    if (file.size > LARGEST_FILE) return form.tell(fill(form.ui.files_large, { n: LARGEST_FILE / 1e6 }));
    ask(file.name, [await file.arrayBuffer()]);
  });
  const button = h("button", {
    type: "button",
    class: "kit-button",
    "data-key": `take/${id}`,
    "aria-disabled": form.closed ? "true" : null,
    text: label,
    onclick: () => !form.closed && (accept ? pick.click() : ask("", [])),
  });
  return accept ? h("span", {}, button, pick) : button;
}

/**
 * What the form has to do with a message about files; true when it was one.
 *
 * @param {any} form @param {any} message @param {DataView[]} buffers
 */
export function hearFiles(form, message, buffers) {
  const { ui } = form;
  if (message.kind === "file") {
    saveFile(message, buffers);
    form.tell(ui.files_given);
  } else if (message.kind === "taken") showTaken(form, message);
  else if (message.kind === "kept") putAwayTaken(form, ui.files_kept);
  else if (message.kind === "not_taken") {
    putAwayTaken(form, message.message);
    tellNotTaken(form, message.message);
  } else return false;
  return true;
}

/** @param {{name: string, media: string}} message @param {DataView[]} buffers */
export function saveFile({ name, media }, buffers) {
  const url = URL.createObjectURL(new Blob([/** @type {any} */ (buffers[0])], { type: media }));
  const link = h("a", { href: url, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** @typedef {{id: string, label: string, options: [string, string][], chosen: string, fold: string}} Choice */

/** @param {any} form @param {{html: string, count: number, choices: Choice[], again: boolean}} message */
function showTaken(form, { html, count, choices, again }) {
  const { ui } = form;
  const here = again ? document.activeElement?.getAttribute("data-key") : null;
  const open = form.regions.taken.querySelector("details[data-choices]")?.open ?? false;
  const keep = h("button", {
    type: "button",
    class: "kit-button kit-main",
    "data-key": "take/keep",
    text: fill(ui.files_keep, { n: count }),
    onclick: () => (form.tell(ui.files_wait), form.model.send({ kind: "keep" })),
  });
  const leave = h("button", {
    type: "button",
    class: "kit-button",
    "data-key": "take/leave",
    text: ui.files_leave,
    onclick: () => (form.model.send({ kind: "leave" }), putAwayTaken(form, ui.files_left)),
  });
  const told = /** @type {HTMLElement} */ (result(html));
  const asks = fileChoices(form, choices, open);
  form.regions.taken.replaceChildren(...[told, asks, h("div", { class: "kit-row" }, count > 0 && keep, leave)].filter(Boolean));
  form.tell(again ? fill(ui.files_again, { n: count }) : ui.files_seen);
  const heading = told.querySelector("h1, h2, h3, h4");
  heading?.setAttribute("tabindex", "-1");
  // Whoever has just chosen goes on choosing.
  const kept = here ? /** @type {HTMLElement | null} */ (form.find("key", here)) : null;
  (kept ?? /** @type {HTMLElement | null} */ (heading))?.focus();
}

/**
 * What nobody should guess about a file: one list of options for each; what few need stands in a fold.
 *
 * @param {any} form @param {Choice[]} choices @param {boolean} open
 */
function fileChoices(form, choices, open) {
  if (!choices?.length) return null;
  const heading = `${form.uid}-choices`;
  const folds = [...new Set(choices.map((one) => one.fold).filter(Boolean))];
  const plain = choices.filter((one) => !one.fold);
  return h(
    "div",
    { class: "kit-choices", role: "group", "aria-labelledby": plain.length ? heading : null },
    plain.length > 0 && h("p", { class: "kit-list-title", id: heading, text: form.ui.files_choices }),
    ...plain.map((one) => fileChoice(form, one)),
    ...folds.map((fold) =>
      h(
        "details",
        { class: "kit-details", "data-choices": "", open },
        h("summary", { text: fold }),
        ...choices.filter((one) => one.fold === fold).map((one) => fileChoice(form, one)),
      ),
    ),
  );
}

/** @param {any} form @param {Choice} one */
function fileChoice(form, { id, label, options, chosen }) {
  const onchange = (/** @type {any} */ event) => {
    form.tell(form.ui.files_wait);
    form.model.send({ kind: "choose", id, option: event.target.value });
  };
  const list = options.map(([option, text]) => h("option", { value: option, selected: option === chosen, text }));
  const select = h("select", { class: "kit-select", "data-key": `choice/${id}`, onchange }, ...list);
  return h("label", { class: "kit-choice-line" }, h("span", { text: label }), select);
}

/** @param {any} form @param {string} sentence */
function putAwayTaken(form, sentence) {
  // The button that was pressed is about to go.
  if (form.regions.taken?.contains(document.activeElement)) form.find("key", "files")?.focus();
  form.regions.taken?.replaceChildren();
  form.tell(sentence);
}

/** @param {any} form @param {string} sentence */
function tellNotTaken(form, sentence) {
  form.regions.taken?.replaceChildren(h("p", { class: "kit-problem", text: sentence }));
}
