// How the board looks: lanes with entries, each entry a fold with its fields and a button to move it.

import { field } from "../../views/fields.js";
import { fill, h } from "../../views/parts.js";
import { rowField } from "../../views/rows.js";
import { draggable } from "./drag.js";

/** Fields that would lead to the door of a house that people flee to. */
export const LEADS = ["page", "line"];
/** @type {Record<string, string[]>} Fields that an entry does not ask first: a fold for each of these. */
const FOLDED = {
  service: ["organization", "offers", "served", "languages", "interpreting", "access"],
  way: ["who_can_come", "refer", "waiting", "line", "page"],
  check: ["checked", "checked_by"],
};

/** @typedef {import("./view.js").Board} Board */
/** @typedef {import("./view.js").Lane} Lane */

/** @param {Board} board @param {any} section @param {number} level */
export function boardSection(board, { id, title, lead, items }, level) {
  const { says, uid } = board;
  const types = /** @type {any} */ (board.page.content.sections.find((one) => one.id === "types"));
  const heading = `${uid}-${id}`;
  const known = board.lanes.filter((lane) => lane.id || board.rows(board.list).some((one) => !board.laneOf(one)));
  return h(
    "section",
    { class: "kit-section", "aria-labelledby": heading },
    h(`h${level}`, { id: heading, text: title }),
    h("p", { class: "kit-lead", text: lead }),
    h("p", { class: "kit-hint", text: items[0].hint }),
    arrangement(board),
    h("p", { class: "kit-hint", text: board.by === "type" ? `${types.lead} ${says.drag}` : says.drag }),
    h("p", { class: "kit-note kit-unkept", hidden: board.notes.kept, text: says.device_unkept }),
    board.isFull && h("p", { class: "kit-note", text: fill(says.full, { most: board.list.most }) }),
    board.panel,
    h("div", { class: `kit-lanes kit-by-${board.by}` }, ...known.map((lane) => boardLane(board, lane, level + 1))),
  );
}

/** @param {Board} board */
function arrangement(board) {
  const { says } = board;
  const one = (/** @type {string} */ by, /** @type {string} */ text) =>
    h("button", {
      type: "button",
      class: "kit-button",
      "aria-pressed": String(board.by === by),
      "data-key": `by/${by}`,
      text,
      onclick: () => board.arrange(by),
    });
  return h(
    "div",
    { class: "kit-row kit-arrange", role: "group", "aria-label": says.board_view },
    one("type", says.by_type),
    one("knowledge", says.by_knowledge),
  );
}

/** @param {Board} board @param {Lane} lane @param {number} level */
function boardLane(board, lane, level) {
  const { says, uid } = board;
  const key = lane.id || "-";
  const heading = `${uid}-lane-${key}`;
  const ids = board.rows(board.list).filter((id) => board.laneOf(id) === lane.id);
  const title = h(`h${level}`, { id: heading, text: lane.label });
  const item = board.items.find((one) => board.by === "type" && one.id === `know_${lane.id}`);
  const asked = item ? field(board, item, undefined) : null;
  // The heading stands in the question's legend: it names the lane and the question alike.
  asked?.querySelector("legend").replaceChildren(title);
  return h(
    "section",
    { class: "kit-lane", "data-lane": lane.id, "aria-labelledby": heading },
    asked || title,
    h("ul", { class: "kit-entries" }, ...ids.map((id) => boardEntry(board, id))),
    ids.length === 0 && board.by !== "type" && h("p", { class: "kit-hint", text: says.lane_empty }),
    board.adding === key
      ? newEntry(board, lane)
      : h("button", {
          type: "button",
          class: "kit-quiet",
          "data-key": `add/${key}`,
          "aria-label": fill(says.add_here, { lane: lane.label }),
          "aria-disabled": board.closed || board.isFull ? "true" : null,
          text: board.list.add,
          onclick: () => board.begin(lane.id),
        }),
  );
}

/** @param {Board} board @param {string} id */
function boardEntry(board, id) {
  const { says, uid } = board;
  const row = board.row(id);
  const own = board.isOwn(id);
  const name = h("span", { class: "kit-entry-name", text: row.name });
  const fields = h("div", { class: "kit-fields", role: "group", "aria-label": row.name });
  // A full board has thousands of fields; those of a folded entry are made when it is opened.
  const makeFields = () => fields.childElementCount || fields.append(...entryFields(board, id, name), leaving(board, id));
  const head = h("summary", { "data-key": `${id}/fold`, onclick: makeFields }, name);
  const named = (/** @type {string} */ column) =>
    board.column(column).options.find((/** @type {Lane} */ one) => one.id === row[column])?.label;
  // What the lane does not say already.
  const about = [named(board.by === "type" ? "knowledge" : "type"), own ? says.device : named("visibility")];
  const fold = h("details", {}, head, fields);
  fold.open = board.unfolded.has(id);
  if (fold.open) makeFields();
  fold.addEventListener("toggle", () => (board.unfolded[fold.open ? "add" : "delete"](id), fold.open && makeFields()));
  return h(
    "li",
    { class: own ? "kit-entry kit-entry-own" : "kit-entry", "data-item": id },
    fold,
    h(
      "div",
      { class: "kit-below" },
      h("span", { class: own ? "kit-place" : "kit-hint", text: about.filter(Boolean).join(" · ") }),
      !own && h("span", { class: "kit-state", "data-state": id }),
      moveButton(board, id),
    ),
    own && h("p", { class: "kit-hint", text: row.type === "shelter" ? `${says.shelter_note} ${says.device_note}` : says.device_note }),
    board.moving === id && moveMenu(board, id),
    board.asked.id === id && sendQuestion(board, id),
    h("p", { class: "kit-problem", id: `${uid}-${id}-problem`, "data-problem": id, hidden: !board.returned.has(id), text: board.returned.get(id) }),
  );
}

/** @param {Board} board @param {string} id @param {HTMLElement} name */
function entryFields(board, id, name) {
  const house = board.row(id).type === "shelter";
  const columns = board.list.columns.filter((/** @type {any} */ column) => !(house && LEADS.includes(column.id)));
  const relabel = () => (name.textContent = board.row(id).name ?? "");
  const input = (/** @type {any} */ column, changed = relabel) => rowField(/** @type {any} */ (board), board.list, id, column, changed);
  const folded = Object.values(FOLDED).flat();
  return [
    ...columns.filter((/** @type {any} */ column) => !folded.includes(column.id)).map((/** @type {any} */ column) => input(column)),
    ...Object.entries(FOLDED).map(([part, ids]) =>
      fieldFold(board, id, part, columns.filter((/** @type {any} */ column) => ids.includes(column.id)), input)),
  ];
}

/**
 * Fields of an entry under one heading, which says how many of them are filled in.
 * @param {Board} board @param {string} id @param {string} part @param {any[]} columns
 * @param {(column: any, changed: () => void) => HTMLElement} input
 */
function fieldFold(board, id, part, columns, input) {
  const head = h("summary", { "data-key": `${id}/more/${part}` });
  const count = () => {
    const filled = columns.filter((column) => board.row(id)[column.id]?.length).length;
    head.textContent = board.says[`more_${part}`] + (filled ? ` (${filled})` : "");
  };
  const fold = h("details", { class: "kit-details" }, head, h("div", { class: "kit-fields" }, ...columns.map((column) => input(column, count))));
  const key = `${id}/${part}`;
  fold.open = board.unfolded.has(key);
  fold.addEventListener("toggle", () => board.unfolded[fold.open ? "add" : "delete"](key));
  count();
  return fold;
}

/** @param {Board} board @param {string} id */
function moveButton(board, id) {
  const { says } = board;
  const button = h("button", {
    type: "button",
    class: "kit-button kit-move",
    "data-key": `${id}/move`,
    "aria-label": fill(says.move, { name: board.row(id).name }),
    "aria-expanded": String(board.moving === id),
    "aria-disabled": board.closed ? "true" : null,
    onclick: () => !board.closed && board.open(board.moving === id ? "" : "moving", id),
  }, h("span", { "aria-hidden": "true", text: "⠿ " }), says.move_go);
  draggable(button, {
    can: () => !board.closed,
    name: () => board.row(id).name,
    drop: (lane) => board.move(id, lane),
  });
  return button;
}

/** @param {Board} board @param {string} id */
function moveMenu(board, id) {
  const { says, uid } = board;
  const at = `${uid}-${id}-lane`;
  const lanes = board.lanes.filter((lane) => lane.id);
  const select = h("select", { id: at, "data-key": `${id}/lane` }, ...lanes.map((lane) => h("option", { value: lane.id, text: lane.label })));
  select.value = board.laneOf(id) || lanes[0].id;
  const menu = h(
    "div",
    { class: "kit-ask kit-mild", role: "group", "aria-label": fill(says.move, { name: board.row(id).name }) },
    h("label", { for: at, text: fill(says.move_to, { name: board.row(id).name }) }),
    select,
    h(
      "div",
      { class: "kit-row" },
      h("button", { type: "button", class: "kit-button kit-main", "data-key": `${id}/go`, text: says.move_go, onclick: () => (board.move(id, select.value), board.find("key", `${id}/move`)?.focus()) }),
      h("button", { type: "button", class: "kit-button", "data-key": `${id}/there`, text: says.move_cancel, onclick: back }),
    ),
  );
  function back() {
    board.open("", id);
    board.find("key", `${id}/move`)?.focus();
  }
  menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && back());
  return menu;
}

/** @param {Board} board @param {string} id */
function sendQuestion(board, id) {
  const { says } = board;
  const keep = () => {
    board.asked = {};
    board.draw();
    board.find("key", `${id}/visibility`)?.focus();
  };
  return question(says.send_question, [
    { key: `${id}/send`, text: says.send_confirm, done: () => board.toWorkshop() },
    { key: `${id}/keep`, text: says.send_keep, done: keep },
  ]);
}

/** @param {Board} board @param {string} id The button that removes an entry, or its question. */
function leaving(board, id) {
  const { says } = board;
  const { name } = board.row(id);
  const stay = () => (board.open("", id), board.find("key", `${id}/remove`)?.focus());
  if (board.leaving === id) {
    return question(fill(says.remove_question, { name }), [
      { key: `${id}/gone`, text: says.remove_confirm, done: () => board.removeEntry(id) },
      { key: `${id}/stay`, text: says.remove_keep, done: stay },
    ]);
  }
  return h("div", { class: "kit-row" }, h("button", {
    type: "button",
    class: "kit-button",
    "data-key": `${id}/remove`,
    "aria-disabled": board.closed ? "true" : null,
    text: fill(says.remove, { name }),
    onclick: () => !board.closed && board.open("leaving", id),
  }));
}

/** @param {string} asked @param {{key: string, text: string, done: () => void}[]} answers The last one is the safe one. */
function question(asked, answers) {
  const buttons = answers.map(({ key, text, done }, place) =>
    h("button", { type: "button", class: `kit-button ${place ? "" : "kit-danger"}`, "data-key": key, text, onclick: done }));
  const box = h("div", { class: "kit-ask", role: "group", "aria-label": asked }, h("p", { text: asked }), h("div", { class: "kit-row" }, ...buttons));
  box.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && answers[1].done());
  return box;
}

/** @param {Board} board @param {Lane} lane The form for a new entry: nothing of it is sent before it is on the board. */
function newEntry(board, lane) {
  const { says, uid, draft } = board;
  const note = h("p", { class: "kit-note", hidden: draft.type !== "shelter", text: says.shelter_note });
  const who = newPick(board, "visibility", () => {});
  const type = newPick(board, "type", () => {
    if (draft.type === "shelter") draft.visibility = who.value = "never";
    note.hidden = draft.type !== "shelter";
  });
  const fields = Object.entries({ type, name: newName(board, lane), visibility: who });
  return h(
    "div",
    { class: "kit-ask kit-mild", role: "group", "aria-label": fill(says.add_title, { lane: lane.label }) },
    ...fields.map(([id, input]) =>
      h("div", { class: "kit-field" }, h("label", { for: `${uid}-new-${id}`, text: board.column(id).label }), input)),
    h("p", { class: "kit-hint", text: board.column("visibility").hint }),
    note,
    h(
      "div",
      { class: "kit-row" },
      h("button", { type: "button", class: "kit-button kit-main", "data-key": "new/add", text: says.add_go, onclick: () => board.add(lane.id) }),
      h("button", { type: "button", class: "kit-button", "data-key": "new/cancel", text: says.add_cancel, onclick: () => board.cancel() }),
    ),
  );
}

/** @param {Board} board @param {"type" | "visibility"} id @param {() => void} after */
function newPick(board, id, after) {
  const { draft, ui, uid } = board;
  const options = board.column(id).options.map((/** @type {Lane} */ one) => h("option", { value: one.id, text: one.label }));
  const select = h(
    "select",
    { id: `${uid}-new-${id}`, "data-key": `new/${id}`, onchange: () => ((draft[id] = select.value), after()) },
    id === "type" && h("option", { value: "", text: ui.rows_choose }),
    ...options,
  );
  select.value = draft[id];
  return select;
}

/** @param {Board} board @param {Lane} lane */
function newName(board, lane) {
  const { draft, uid } = board;
  const input = h("input", {
    id: `${uid}-new-name`,
    type: "text",
    autocomplete: "off",
    "data-key": "new/name",
    maxlength: board.column("name").limit,
    oninput: () => (draft.name = input.value.toWellFormed?.() ?? input.value),
    // What has focus next must not be pressed by the same key.
    onkeydown: (/** @type {KeyboardEvent} */ event) => event.key === "Enter" && (event.preventDefault(), board.add(lane.id)),
  });
  input.value = draft.name;
  return input;
}

/** @param {Board} board Entries that look alike, each pair with two buttons; null where there is none. */
export function alikePanel(board) {
  const { says, uid } = board;
  const ids = new Set(board.rows(board.list));
  const pairs = board.pairs.filter((pair) => !board.apart.has(pair.join()) && pair.every((id) => ids.has(id)));
  if (!pairs.length || board.closed) return null;
  const named = (/** @type {[string, string]} */ [one, other]) => {
    const [first, second] = [board.row(one), board.row(other)];
    const type = board.column("type").options.find((/** @type {Lane} */ lane) => lane.id === first.type)?.label;
    return fill(first.name === second.name ? says.alike_same : says.alike_pair, { one: first.name, name: first.name, other: second.name, type });
  };
  const line = (/** @type {[string, string]} */ pair) =>
    h("li", {}, h("p", { text: named(pair) }), h("div", { class: "kit-row" }, ...[
      ["merge", says.alike_merge, () => board.merge(pair)],
      ["apart", says.alike_apart, () => board.keepApart(pair)],
    ].map(([key, text, done]) => h("button", {
      type: "button", class: "kit-button", "data-key": `${key}/${pair.join("/")}`, "aria-label": `${text} – ${named(pair)}`, text, onclick: done,
    }))));
  return h(
    "div",
    { class: "kit-panel kit-alike", role: "group", "aria-labelledby": `${uid}-alike` },
    h("p", { class: "kit-list-title", id: `${uid}-alike`, text: says.alike }),
    h("p", { class: "kit-hint", text: says.alike_lead }),
    h("ul", { class: "kit-entries" }, ...pairs.map(line)),
  );
}
