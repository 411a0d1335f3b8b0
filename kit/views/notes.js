// Journal notes: they live in this browser tab, or in the page alone, and are never sent anywhere.

export class Notes {
  /** @param {string} slug @param {boolean} [inTab] whether the tab keeps them for the next page */
  constructor(slug, inTab = true) {
    this.key = `kit-notes-${slug}`;
    this.inTab = inTab;
    /** @type {Record<string, string>} */
    this.texts = {};
    this.kept = true;
    /** Who wants to know of every change. */
    this.changed = () => {};
    if (!inTab) return;
    try {
      const found = JSON.parse(sessionStorage.getItem(this.key) ?? "{}");
      if (found && typeof found === "object") this.texts = found;
    } catch {
      this.kept = false;
    }
  }

  /** @param {string} item */
  get(item) {
    return typeof this.texts[item] === "string" ? this.texts[item] : "";
  }

  /** @param {string} item @param {string} text */
  set(item, text) {
    this.texts[item] = text;
    this.changed();
    if (!this.inTab) return;
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.texts));
    } catch {
      this.kept = false;
    }
  }

  erase() {
    this.texts = {};
    if (!this.inTab) return;
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      this.kept = false;
    }
  }

  get empty() {
    return !Object.values(this.texts).some((text) => text.trim());
  }
}
