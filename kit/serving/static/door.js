// The front door works without this script; it adds quick exit and the facilitator's link.

const body = document.body;

// To the other tabs of this browser: whoever sits here goes (kit/views/exit.js says the same).
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("kit-leave") : null;

function leaveAtOnce() {
  document.documentElement.hidden = true;
  tabs?.postMessage("");
  try {
    sessionStorage.clear();
    localStorage.clear();
  } catch {
    // storage may be blocked; there is nothing in it then
  }
  navigator.sendBeacon(body.dataset.exit ?? "");
  // The answer to that may find nobody; the calendar's own clears the cookies.
  location.replace(body.dataset.quiet ? `${body.dataset.quiet}?left` : "about:blank");
}

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-exit-button]"))) {
  button.hidden = false;
  button.addEventListener("click", leaveAtOnce);
}

// Shift three times within two seconds, with no other key in between.
/** @type {number[]} */
let presses = [];
document.addEventListener("keydown", (event) => {
  if (event.key !== "Shift") {
    presses = [];
  } else if (!event.repeat) {
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length === 3) leaveAtOnce();
  }
});

// Another person may have sat at this device: what their page kept in this tab goes when a seat is taken.
for (const form of document.querySelectorAll("form[data-seat]")) {
  form.addEventListener("submit", () => {
    try {
      sessionStorage.clear();
      localStorage.clear();
      window.name = "";
    } catch {
      // storage may be blocked; there is nothing in it then
    }
  });
}

// As the device is passed on, or its seat left in another tab, no words of the first person stay in this one.
for (const form of document.querySelectorAll("form[data-pass]")) {
  form.addEventListener("submit", () => tabs?.postMessage(""));
}
if (document.querySelector("[data-words]")) {
  const vanish = () => {
    document.documentElement.hidden = true;
    location.replace(body.dataset.quiet ?? "about:blank");
  };
  tabs?.addEventListener("message", vanish);
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(location.pathname, { cache: "no-store" }).catch(() => null);
    if (answer && (answer.redirected || answer.status === 403)) vanish();
  });
}

// Pages on the way in leave no trail: the back button does not lead through them again.
for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[data-replace]"))) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.replace(link.href);
  });
}

// The page that is waited for comes by itself once the server is well again.
const again = /** @type {HTMLAnchorElement | null} */ (document.querySelector("a[data-again]"));
if (again) {
  setInterval(async () => {
    const answer = await fetch(again.dataset.again ?? "").catch(() => null);
    if (answer?.ok) location.replace(again.href);
  }, 5000);
}

// The facilitator waits for one phone: the page is loaded anew when it has come, or has not for a minute, and when the
// machine has another address.
const trial = /** @type {HTMLElement | null} */ (document.querySelector("[data-reach]"));
if (trial) {
  const seen = trial.dataset.came !== undefined;
  const late = Boolean(document.getElementById("way-out"));
  const alone = !document.getElementById("trial");
  setInterval(async () => {
    const answer = await fetch(trial.dataset.reach ?? "").catch(() => null);
    const state = answer?.ok ? await answer.json() : null;
    const isLate = state?.late && !state.came && !alone;
    if (state && (state.came !== seen || isLate !== late || state.url !== trial.dataset.url)) location.replace(location.pathname);
  }, 2000);
}

document.getElementById("problem")?.focus();

// The facilitator's key stands behind the # of the link, which browsers send to nobody.
const form = document.getElementById("host-form");
if (form instanceof HTMLFormElement && location.hash.length > 1) {
  const [session, key] = location.hash.slice(1).split(".");
  history.replaceState(null, "", location.pathname);
  for (const [name, value] of [["session", session], ["key", key]]) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value ?? "";
  }
  form.requestSubmit();
}
