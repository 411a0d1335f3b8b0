// One's own answers as a document (kit/transfer.py tells its shape): what a page gives, and what it takes back.

import { cleanRow, sameRow } from "./rows.js";
import { same } from "./fields.js";

/** @typedef {import("./fields.js").Item} Item */
/** @typedef {Record<string, Record<string, any>>} BySlug  answers (or notes), by exercise and item */
/**
 * @typedef {object} Carried
 * @property {string} person    a random number of the file, nobody's
 * @property {number} edition   grows with every change
 * @property {string} lang
 * @property {BySlug} answers
 * @property {BySlug} notes     never sent: from the device to the device
 * @property {Record<string, number>} versions  of the exercises that were answered; of an old copy nobody knows
 */

const FORMAT = "collaboration-kit-answers";
const VERSION = 1;
const PERSON = /^[0-9a-f]{32}$/;
const ROW = /^r[0-9a-z]{4}$/;

/** @returns {Carried} */
export function nothingCarried() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const person = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { person, edition: 0, lang: "", answers: {}, notes: {}, versions: {} };
}

/** @param {Carried} carried @param {boolean} notes @returns {string} */
export function writeCarried(carried, notes) {
  const { person, edition, lang, answers, versions } = carried;
  const told = { format: FORMAT, version: VERSION, person, edition, exercises: answers, lang, versions };
  return JSON.stringify(notes ? { ...told, notes: carried.notes } : told, null, 1);
}

/** @param {string} text @returns {Carried | "bad" | "newer"} */
export function readCarried(text) {
  /** @type {any} */
  let told = null;
  try {
    told = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return "bad";
  }
  if (!isMap(told) || told.format !== FORMAT || !(told.version >= 1) || !isMap(told.exercises)) return "bad";
  if (told.version > VERSION) return "newer";
  const { person, edition } = told;
  return {
    person: PERSON.test(person) ? person : nothingCarried().person,
    edition: Number.isSafeInteger(edition) && edition > 0 ? edition : 0,
    lang: String(told.lang ?? ""),
    answers: maps(told.exercises),
    notes: isMap(told.notes) ? maps(told.notes) : {},
    versions: isMap(told.versions) ? numbers(told.versions) : {},
  };
}

/** @param {any} form @param {Record<string, any>} answers Whether all of them can be shown on this page. */
export function shows(form, answers) {
  return Object.entries(answers).every(([id, value]) => fits(form, id, value));
}

/** @param {any} form What stands on the page, saved or not. @returns {Record<string, any>} */
export function givenIn(form) {
  const given = [...form.values].map(([id, value]) => [id, tidied(form, id, value)]);
  return Object.fromEntries(given.filter(([, value]) => value));
}

/** @param {any} form @returns {Record<string, string>} */
export function notesIn(form) {
  return Object.fromEntries(Object.entries(form.notes.texts).filter(([, text]) => text));
}

/**
 * Puts a copy in the place of what stands on the page. Each answer goes the way of one that is given now, so the
 * kernel checks it alike.
 *
 * @param {any} form @param {Record<string, any>} answers @param {Record<string, any>} notes
 * @returns {{taken: number, left: string[]}} How many were put there, and the ids of those that cannot be shown.
 */
export function putInto(form, answers, notes) {
  const fitting = Object.entries(answers).filter(([id, value]) => fits(form, id, value));
  const texts = Object.entries(notes).filter(([, text]) => typeof text === "string" && text);
  const before = new Map([...form.stored].map(([id, { value }]) => [id, value]));
  form.wipe();
  for (const [id, value] of fitting) form.values.set(id, value);
  for (const [id, text] of texts) form.notes.set(id, text);
  for (const id of new Set([...before.keys(), ...form.values.keys()])) {
    const value = form.values.get(id) ?? null;
    if (!alike(form, id, value, before.get(id) ?? null)) sendAgain(form, id, value);
  }
  form.draw();
  const left = Object.keys(answers).filter((id) => !fitting.some(([one]) => one === id));
  return { taken: fitting.length + texts.length, left };
}

/** @param {any} form @param {string} id @param {any} value */
function sendAgain(form, id, value) {
  const item = itemOf(form, id);
  if (item?.kind === "text") form.commit(item);
  else form.outbox.put(id, item?.kind === "rows" && value ? cleanRow(value) : value);
}

/** @param {any} form @param {string} id @returns {Item | undefined} The item, or the list that a row is in. */
function itemOf(form, id) {
  const at = id.lastIndexOf(".");
  const list = at > 0 && ROW.test(id.slice(at + 1)) ? id.slice(0, at) : "";
  return form.items.find((/** @type {Item} */ one) => one.id === id || (one.kind === "rows" && one.id === list));
}

/** @param {any} form @param {string} id @param {any} value */
function tidied(form, id, value) {
  const kind = value && itemOf(form, id)?.kind;
  if (kind === "choice") return value;
  if (kind === "text") return value.text?.trim() ? value : null;
  return kind === "rows" ? cleanRow(value) : null;
}

/** @param {any} form @param {string} id @param {any} value Whether it can be shown; whether it is allowed, the kernel says. */
function fits(form, id, value) {
  const item = itemOf(form, id);
  if (item?.kind === "choice") return Boolean(item.options?.some((one) => one.id === value));
  if (!isMap(value)) return false;
  if (item?.kind === "text") return typeof value.text === "string" && typeof (value.share ?? false) === "boolean";
  const simple = (/** @type {any} */ one) => ["string", "boolean"].includes(typeof one) || (Array.isArray(one) && one.every((part) => typeof part === "string"));
  return item?.kind === "rows" && id !== item.id && Object.values(value).every(simple);
}

/** @param {any} form @param {string} id @param {any} value @param {any} other */
function alike(form, id, value, other) {
  const kind = itemOf(form, id)?.kind;
  return kind === "text" ? same(value, other) : kind === "rows" ? sameRow(value, other) : value === other;
}

/** @param {any} one */
function isMap(one) {
  return one !== null && typeof one === "object" && !Array.isArray(one);
}

/** @param {Record<string, any>} told @returns {BySlug} */
function maps(told) {
  return Object.fromEntries(Object.entries(told).filter(([, own]) => isMap(own)));
}

/** @param {Record<string, any>} told @returns {Record<string, number>} */
function numbers(told) {
  return Object.fromEntries(Object.entries(told).filter(([, one]) => Number.isSafeInteger(one) && one > 0));
}
