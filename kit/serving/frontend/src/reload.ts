// A page whose kernel is gone starts over by itself, but never round and round.

const KEY = "kit-reloads";
const WINDOW = 120_000; // ms
const MOST = 3;

/** True when the page is being loaded again; false when it has been tried often enough. */
export function reloadOnce(): boolean {
  const now = Date.now();
  try {
    const recent = (JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as number[]).filter((then) => now - then < WINDOW);
    if (recent.length >= MOST) return false;
    sessionStorage.setItem(KEY, JSON.stringify([...recent, now]));
  } catch {
    return false; // no storage, no memory of the tries: leave it to the person
  }
  // What is unsaved is left to the next page, and nobody is asked whether to go.
  document.dispatchEvent(new CustomEvent("kit:reload"));
  location.reload();
  return true;
}
