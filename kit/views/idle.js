// A page that nobody touches: its server ends it one day, and says how long it waits. The person is told before.

const LEAD = 180; // seconds before the end in which there is time to act …
const HALF = 0.5; // … or half of a wait that is shorter than twice that

export class Idle {
  /**
   * @param {number} limit  seconds without anything that the server waits; 0: for ever
   * @param {(left: number) => void} near  called when the end is near, with the seconds that are left (0: it is over)
   */
  constructor(limit, near) {
    this.limit = limit;
    this.near = near;
    this.since = Date.now();
    this.told = false;
    /** @type {any} */
    this.timer = 0;
    this.watch();
  }

  /** Something was done that the server sees. */
  touch() {
    this.since = Date.now();
    this.told = false;
    this.watch();
  }

  /** A page in the background sleeps, and so do its clocks: called also when it is looked at again. */
  watch() {
    clearTimeout(this.timer);
    if (!this.limit || this.told) return;
    const quiet = (Date.now() - this.since) / 1000;
    const first = this.limit - Math.min(LEAD, this.limit * HALF);
    if (quiet < first) this.timer = setTimeout(() => this.watch(), (first - quiet) * 1000 + 50);
    else {
      this.told = true;
      this.near(Math.max(0, this.limit - quiet));
    }
  }

  stop() {
    clearTimeout(this.timer);
    this.limit = 0;
  }
}
