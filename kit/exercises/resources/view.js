// The board: entries in lanes by type or by how well they are known. Saving, resending, files, feedback and results
// are those of the form that all exercises share. An entry that never leaves the device lives in the notes of this
// tab, under an id of its own, and is in none of the messages that are sent.

import { Form, formView } from "../../views/form.js";
import { section } from "../../views/layout.js";
import { fill, h } from "../../views/parts.js";
import { cleanRow } from "../../views/rows.js";
import { LEADS, alikePanel, boardSection } from "./board.js";

/** @typedef {import("../../views/parts.js").Model} Model */
/** @typedef {Record<string, any>} Row */
/** @typedef {{id: string, label: string}} Lane */
/** @typedef {{type: string, name: string, visibility: string}} Draft */

const LIST = "entries";
const OWN = "own.";
const HOUSE = "shelter";
const NEVER = "never";

export class Board extends Form {
  /** @param {Model} model */
  constructor(model) {
    super(model);
    this.by = "type";
    this.adding = "";
    /** @type {Draft} */
    this.draft = { type: "", name: "", visibility: "" };
    this.moving = "";
    this.leaving = "";
    /** @type {Record<string, any>} what waits for the answer to a question before it is sent */
    this.asked = {};
    /** @type {Map<string, Row>} entries that have left the device and are not saved yet */
    this.sent = new Map();
    /** @type {Map<string, string>} why an entry came back to the device */
    this.returned = new Map();
    /** @type {[string, string][]} */
    this.pairs = [];
    /** @type {Set<string>} pairs that the person keeps apart */
    this.apart = new Set();
    /** @type {any} */
    this.timer = 0;
    this.news = h("p", { class: "kit-hidden", role: "status", "data-news": "" });
    this.panel = h("div");
    this.root.append(this.news);
  }

  start() {
    super.start();
    this.askAlike();
  }

  get says() {
    return /** @type {any} */ (this.page.content).says;
  }

  get list() {
    return /** @type {any} */ (this.items.find((item) => item.id === LIST));
  }

  /** @param {string} id @returns {any} */
  column(id) {
    return this.list.columns.find((/** @type {any} */ one) => one.id === id);
  }

  /** @returns {Lane[]} */
  get lanes() {
    const { options } = this.column(this.by);
    if (this.by === "type") return options;
    return [...[...options].reverse(), { id: "", label: this.says.unplaced }];
  }

  // ---- entries: those of the workshop, and those of this device ----

  /** @param {string} id */
  isOwn(id) {
    return id.startsWith(OWN);
  }

  /** @param {any} item @returns {string[]} */
  rows(item) {
    if (item.id !== LIST) return super.rows(item);
    const own = Object.keys(this.notes.texts).filter((id) => this.isOwn(id) && this.ownRow(id));
    return [...super.rows(item), ...own];
  }

  /** @param {string} id @returns {Row | null} */
  ownRow(id) {
    try {
      const row = JSON.parse(this.notes.get(id) || "null");
      return row && typeof row === "object" ? row : null;
    } catch {
      return null;
    }
  }

  /** @param {string} id @param {Row | null} row */
  keepOwn(id, row) {
    this.notes.set(id, row ? JSON.stringify(row) : "");
    this.returned.delete(id);
  }

  /** @param {any} item */
  value(item) {
    return this.isOwn(item.id) ? this.ownRow(item.id) : super.value(item);
  }

  /** @param {string} id @returns {Row} */
  row(id) {
    return this.value({ id, kind: "row", text: "" }) ?? {};
  }

  /** @param {string} id */
  laneOf(id) {
    return this.row(id)[this.by] ?? "";
  }

  /** @param {string} id */
  label(id) {
    return this.lanes.find((lane) => lane.id === id)?.label ?? this.says.unplaced;
  }

  /** @param {string} id @param {Row} row */
  put(id, row) {
    if (this.isOwn(id)) return this.keepOwn(id, row);
    this.values.set(id, row);
    this.problems.delete(id);
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    this.outbox.put(id, cleanRow(row));
  }

  get isFull() {
    return super.rows(this.list).length >= this.list.most;
  }

  /** @param {boolean} own @returns {string | null} */
  newId(own) {
    if (own) return OWN + Math.random().toString(36).slice(2, 10);
    return this.isFull ? null : this.newRow(this.list);
  }

  // ---- what the person does ----

  /** @param {string} by */
  arrange(by) {
    this.by = by;
    this.adding = this.moving = "";
    this.draw();
  }

  /** @param {string} lane Opens the form for a new entry in this lane. */
  begin(lane) {
    if (this.closed) return;
    this.adding = lane || "-";
    const type = this.by === "type" ? lane : "";
    this.draft = { type, name: "", visibility: type === HOUSE ? NEVER : "partners" };
    this.draw();
    this.find("key", type ? "new/name" : "new/type")?.focus();
  }

  /** @param {string} lane */
  add(lane) {
    const { type, visibility } = this.draft;
    const name = this.draft.name.trim();
    if (!type || !name) return this.announce(this.says.add_needs);
    const id = this.newId(visibility === NEVER);
    if (!id) return this.announce(fill(this.says.full, { most: this.list.most }));
    const known = this.by === "knowledge" && lane ? { knowledge: lane } : {};
    this.adding = "";
    this.put(id, { type, name, visibility, ...known });
    this.draw();
    this.find("key", `${id}/fold`)?.focus();
    this.announce(fill(this.says.added, { name, lane: this.label(this.laneOf(id)) }));
  }

  cancel() {
    const lane = this.adding;
    this.adding = "";
    this.draw();
    this.find("key", `add/${lane}`)?.focus();
  }

  /** @param {any} item @param {string} id @param {string} column @param {any} value @param {boolean} now */
  setField(item, id, column, value, now) {
    if (this.closed) return;
    if (column === "visibility") return this.setVisibility(id, value);
    // An entry always has a type.
    if (column === "type" && !value) return this.draw();
    if (column === "type" || column === "knowledge") return this.place(id, column, value);
    if (this.isOwn(id)) return this.keepOwn(id, { ...this.row(id), [column]: value });
    this.sent.delete(id);
    super.setField(item, id, column, value, now);
  }

  /** @param {string} id @param {string} lane */
  move(id, lane) {
    this.moving = "";
    if (this.closed || lane === this.laneOf(id)) return this.draw();
    this.place(id, this.by, lane);
  }

  /** @param {string} id @param {string} column A lane's column: "type" or "knowledge". @param {string} value */
  place(id, column, value) {
    const row = { ...this.row(id), [column]: value };
    const house = column === "type" && value === HOUSE;
    if (house) for (const leads of LEADS) delete row[leads];
    if (house && !this.isOwn(id)) return this.toDevice(id, row);
    this.put(id, row);
    this.draw();
    const told = this.column(column).options.find((/** @type {Lane} */ one) => one.id === value)?.label ?? this.says.unplaced;
    this.announce(fill(this.says.moved, { name: row.name, lane: told }));
  }

  /** @param {string} id @param {string} visibility */
  setVisibility(id, visibility) {
    if (!this.isOwn(id)) {
      if (visibility === NEVER) return this.toDevice(id, this.row(id));
      if (visibility) this.put(id, { ...this.row(id), visibility });
      return this.draw();
    }
    // Before words leave the device, the person is asked; until then the entry is as it was.
    if (visibility && visibility !== NEVER) this.asked = { id, visibility };
    else this.asked = {};
    this.draw();
    this.find("key", this.asked.id ? `${id}/keep` : `${id}/visibility`)?.focus();
  }

  /** @param {string} id @param {Row} row An entry leaves the workshop and stays in this tab. */
  toDevice(id, row) {
    const own = /** @type {string} */ (this.newId(true));
    this.keepOwn(own, { ...row, visibility: NEVER });
    this.putAway(id);
    this.rename(id, own);
    this.announce(fill(this.says.went_device, { name: row.name }));
  }

  /** The person has agreed that an entry leaves the device. */
  toWorkshop() {
    const { id, visibility } = this.asked;
    if (this.closed) return;
    const sent = this.newId(false);
    if (!sent) return this.announce(fill(this.says.full, { most: this.list.most }));
    /** @type {Row} */
    const row = { ...this.row(id), visibility };
    this.asked = {};
    this.keepOwn(id, null);
    this.put(sent, row);
    this.sent.set(sent, row);
    this.rename(id, sent);
    this.announce(fill(this.says.sent_now, { name: row.name }));
  }

  /** @param {string} id @param {string} why The workshop cannot take an entry: it is not lost, and not sent again. */
  comesBack(id, why) {
    const own = /** @type {string} */ (this.newId(true));
    this.keepOwn(own, { ...this.sent.get(id), visibility: NEVER });
    this.sent.delete(id);
    this.returned.set(own, why);
    this.putAway(id);
    this.rename(id, own);
    this.announce(why);
  }

  /** @param {string} id @param {string} next An entry goes on under another id, and the person stays where they are. */
  rename(id, next) {
    const key = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.key ?? "";
    for (const open of [...this.unfolded].filter((one) => one === id || one.startsWith(`${id}/`))) {
      this.unfolded.delete(open);
      this.unfolded.add(next + open.slice(id.length));
    }
    this.moving = "";
    this.draw();
    const same = key.startsWith(`${id}/`) && this.find("key", next + key.slice(id.length));
    (same || this.find("key", `${next}/fold`))?.focus();
  }

  /** @param {string} id Takes an entry out of the workshop. */
  putAway(id) {
    clearTimeout(this.typing.get(id));
    this.typing.delete(id);
    this.problems.delete(id);
    this.values.set(id, null);
    if (this.outbox.waiting.has(id) || this.stored.get(id)?.value) this.outbox.put(id, null);
  }

  /** @param {string} id */
  removeEntry(id) {
    const { name } = this.row(id);
    const lane = this.laneOf(id);
    if (this.isOwn(id)) this.keepOwn(id, null);
    else this.putAway(id);
    this.leaving = "";
    this.draw();
    (this.find("key", `add/${lane || "-"}`) ?? this.find("key", `by/${this.by}`))?.focus();
    this.announce(fill(this.says.removed, { name }));
  }

  /** @param {string} key @param {string} id A question of an entry's card opens ("moving", "leaving") or closes (""). */
  open(key, id) {
    this.moving = key === "moving" ? id : "";
    this.leaving = key === "leaving" ? id : "";
    this.draw();
    this.find("key", key === "moving" ? `${id}/lane` : `${id}/stay`)?.focus();
  }

  // ---- entries that look alike ----

  askAlike() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.model.send({ kind: "alike" }), 300);
  }

  /** @param {[string, string]} pair */
  merge([keep, drop]) {
    this.commitAll();
    this.model.send({ kind: "merge", keep, drop });
  }

  /** @param {[string, string]} pair */
  keepApart(pair) {
    this.apart.add(pair.join());
    this.drawAlike();
    this.announce(this.says.kept_apart);
    this.find("key", `by/${this.by}`)?.focus();
  }

  /** What says the same stays: a button that is replaced under a finger loses the tap. */
  drawAlike() {
    const part = alikePanel(this);
    if (part?.outerHTML === this.panel.firstElementChild?.outerHTML) return;
    this.panel.replaceChildren(...(part ? [part] : []));
  }

  /** @param {any} message @param {DataView[]} buffers */
  receive(message, buffers) {
    if (message?.kind === "alike") {
      this.pairs = message.pairs;
      return this.drawAlike();
    }
    if (message?.kind === "merged") {
      this.find("key", `${message.id}/fold`)?.focus();
      return this.announce(fill(this.says.merged, { name: this.row(message.id).name }));
    }
    super.receive(message, buffers);
    if (message?.kind === "saved") this.sent.delete(message.item);
    if (message?.kind === "refused" && !message.again && this.sent.has(message.item)) this.comesBack(message.item, message.message);
    const touched = message?.kind === "answers" || (message?.kind === "saved" && message.item.startsWith(`${LIST}.`));
    if (touched) this.askAlike();
  }

  // ---- drawing ----

  /** @param {number} level The questions. */
  body(level) {
    const { sections } = this.page.content;
    return sections
      .filter((one) => one.id !== "types")
      .map((one) => (one.id === "board" ? boardSection(this, one, level) : section(this, one, level)));
  }

  draw() {
    super.draw();
    this.drawAlike();
  }

  /** @param {string} sentence What has just happened, said in a region of its own: "saved" comes right after it. */
  announce(sentence) {
    this.news.textContent = sentence;
  }

  wipe() {
    this.adding = this.moving = this.leaving = "";
    this.asked = {};
    super.wipe();
  }

  close() {
    clearTimeout(this.timer);
    super.close();
  }
}

export default formView(Board);
