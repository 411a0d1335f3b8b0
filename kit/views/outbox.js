// Changes on their way to the store: kept by item, latest wins, sent again until an answer comes.

/**
 * @typedef {object} Waiting
 * @property {any} value
 * @property {number} n      number of this change
 * @property {number} sent   number of the change that is under way (0: none)
 * @property {number} tries
 * @property {any} timer
 */

const UNSENT = "kit-unsent-";
const FIRST_WAIT = 4_000;
const LONGEST_WAIT = 30_000;

export class Outbox {
  /**
   * @param {(message: {kind: "answer", item: string, value: any, revision: number, n: number}) => void} send
   * @param {(item: string) => number} revision the newest one known here
   * @param {(item: string) => void} changed
   */
  constructor(send, revision, changed) {
    this.send = send;
    this.revision = revision;
    this.changed = changed;
    this.count = 0;
    /** @type {Map<string, Waiting>} */
    this.waiting = new Map();
  }

  /** @param {string} item @param {any} value Takes a change; sends it unless an older one is under way. */
  put(item, value) {
    const entry = this.waiting.get(item) ?? { value, n: 0, sent: 0, tries: 0, timer: 0 };
    entry.value = value;
    entry.n = ++this.count;
    this.waiting.set(item, entry);
    if (!entry.sent) this.post(item);
    this.changed(item);
  }

  /** @param {string} item */
  post(item) {
    const entry = this.waiting.get(item);
    if (!entry) return;
    entry.sent = entry.n;
    entry.tries += 1;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.again(item), Math.min(FIRST_WAIT * entry.tries, LONGEST_WAIT));
    try {
      this.send({ kind: "answer", item, value: entry.value, revision: this.revision(item), n: entry.n });
    } catch {
      // The line is down; the timer or the next "connected" sends it again.
    }
  }

  /** @param {string} item */
  again(item) {
    this.post(item);
    this.changed(item);
  }

  /** The line is back: send everything at once, without waiting for the timers. */
  resend() {
    for (const item of this.waiting.keys()) this.post(item);
  }

  /**
   * An answer came for change `n`. True when nothing newer waits for this item.
   *
   * @param {string} item @param {number} n
   */
  settle(item, n) {
    const entry = this.waiting.get(item);
    if (!entry) return true;
    if (n !== entry.n) {
      if (n === entry.sent) this.post(item);
      return false;
    }
    this.drop(item);
    return true;
  }

  /** @param {string} item */
  drop(item) {
    clearTimeout(this.waiting.get(item)?.timer);
    this.waiting.delete(item);
    this.changed(item);
  }

  /** @param {string} item @returns {"" | "saving" | "late"} */
  state(item) {
    const entry = this.waiting.get(item);
    return entry ? (entry.tries > 1 ? "late" : "saving") : "";
  }

  get size() {
    return this.waiting.size;
  }

  get late() {
    return [...this.waiting.values()].some((entry) => entry.tries > 1);
  }

  /**
   * Leaves what is under way to this tab's next page; false when the browser does not let it.
   *
   * @param {string} slug
   */
  leave(slug) {
    const left = [...this.waiting].map(([item, { value }]) => [item, value, this.revision(item)]);
    try {
      if (left.length) sessionStorage.setItem(UNSENT + slug, JSON.stringify(left));
    } catch {
      return false;
    }
    return true;
  }

  /**
   * Sends what was left, unless it was changed elsewhere since.
   *
   * @param {string} slug @param {(item: string, value: any) => void} found
   */
  takeUp(slug, found) {
    for (const [item, value, revision] of leftBehind(slug)) {
      if (this.revision(item) > revision) continue;
      found(item, value);
      this.put(item, value);
    }
  }

  stop() {
    for (const entry of this.waiting.values()) clearTimeout(entry.timer);
    this.waiting.clear();
  }
}

/**
 * What this very page has left before it was loaded anew, told once: item, value, and the revision that
 * it had changed. Somebody who comes to the page by another way may be somebody else.
 *
 * @param {string} slug @returns {[string, any, number][]}
 */
function leftBehind(slug) {
  const [way] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  try {
    const left = JSON.parse(sessionStorage.getItem(UNSENT + slug) ?? "[]");
    sessionStorage.removeItem(UNSENT + slug);
    return way?.type === "reload" && Array.isArray(left) ? left : [];
  } catch {
    return [];
  }
}
