// What a person alone keeps in this tab, where the address is this machine's own.

import { readCarried } from "./carry.js";

const KEPT = "kit-kept";

/** @param {string} text A document (carry.js); throws where the browser keeps nothing. */
export function keep(text) {
  sessionStorage.setItem(KEPT, text);
}

/** @returns {import("./carry.js").Carried | null} */
export function kept() {
  try {
    const found = readCarried(sessionStorage.getItem(KEPT) ?? "");
    return typeof found === "string" ? null : found;
  } catch {
    return null;
  }
}

export function drop() {
  try {
    sessionStorage.removeItem(KEPT);
  } catch {
    // Then there is nothing in it.
  }
}
