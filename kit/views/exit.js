// Quick exit: leave at once, and take along what this browser tab keeps.

const CHANNEL = "kit-leave";
const PRESSES = 3;
const WITHIN = 2_000;

/**
 * Hides the page before anything else; then forgets, tells the server, and goes.
 *
 * @param {{exit_url?: string, neutral_url: string}} page
 */
export function leave({ exit_url, neutral_url }) {
  document.documentElement.hidden = true;
  document.documentElement.style.setProperty("display", "none", "important");
  document.dispatchEvent(new CustomEvent("kit:leave"));
  attempt(() => new BroadcastChannel(CHANNEL).postMessage(""));
  for (const forget of [() => sessionStorage.clear(), () => localStorage.clear(), () => (window.name = "")]) {
    attempt(forget);
  }
  // A notebook would ask "Leave site?" because it changed; nothing may be asked now.
  if (document.querySelector(".jp-LabShell") && !document.body.dataset.voila) {
    addEventListener("beforeunload", (event) => (event.returnValue = ""));
  }
  if (exit_url) attempt(() => navigator.sendBeacon(exit_url));
  attempt(() => /** @type {any} */ (window).kitPage?.leave());
  // The answer to the beacon may find nobody; the calendar's own clears the cookies.
  location.replace(exit_url ? `${neutral_url}?left` : neutral_url);
}

/**
 * What another tab of this browser leaves, or passes on, is left here too: nothing of the person stays in sight.
 *
 * @param {() => void} forget what is to be done first
 * @param {{neutral_url: string}} page @param {AbortSignal} signal
 */
export function onLeftElsewhere(forget, { neutral_url }, signal) {
  attempt(() => {
    const channel = new BroadcastChannel(CHANNEL);
    signal.addEventListener("abort", () => channel.close());
    channel.addEventListener("message", () => {
      document.documentElement.hidden = true;
      document.documentElement.style.setProperty("display", "none", "important");
      document.dispatchEvent(new CustomEvent("kit:leave"));
      attempt(forget);
      location.replace(neutral_url);
    });
  });
}

/** @param {() => unknown} step Storage may be blocked, a page may lack a part: leaving goes on. */
function attempt(step) {
  try {
    step();
  } catch {
    // Nothing may hold the person back.
  }
}

/**
 * Calls `done` when Shift alone is pressed three times within two seconds.
 *
 * @param {() => void} done @param {AbortSignal} signal
 */
export function onThreeShifts(done, signal) {
  /** @type {number[]} */
  let pressed = [];
  const key = (/** @type {KeyboardEvent} */ event) => {
    if (event.repeat) return;
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) {
      pressed = [];
      return;
    }
    pressed = [...pressed, event.timeStamp].filter((time) => event.timeStamp - time <= WITHIN).slice(-PRESSES);
    if (pressed.length === PRESSES) done();
  };
  addEventListener("keydown", key, { capture: true, signal });
  addEventListener("pointerdown", () => (pressed = []), { capture: true, signal });
}
