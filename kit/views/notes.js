// Journal notes: they live in this browser tab and are never sent anywhere.

export class Notes {
  /** @param {string} slug */
  constructor(slug) {
    this.key = `kit-notes-${slug}`;
    /** @type {Record<string, string>} */
    this.texts = {};
    this.kept = true;
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
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.texts));
    } catch {
      this.kept = false;
    }
  }

  erase() {
    this.texts = {};
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
