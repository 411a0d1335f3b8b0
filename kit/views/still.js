// Under a finger nothing is drawn anew: a button that is replaced between press and release loses its click.

// So often (milliseconds) it is looked whether a press goes on: its end may be told to nobody, as below an open list.
const LOOK = 1_500;
// What loses its click when it is drawn anew. Whoever presses slowly, or on a slow laptop, is waited for.
const PRESSED = ["button", "a", "summary", "label", "input"].map((one) => `${one}:active`).join();
// What a browser makes of a press (the click) comes just after its end.
const AFTER = 50;

/**
 * `draw`, put off while something on the page is pressed.
 *
 * @param {() => void} draw
 * @param {AbortSignal} [signal] when nobody listens any more
 * @returns {() => void}
 */
export function still(draw, signal) {
  let pressed = false;
  let late = false;
  let timer = 0;

  const settle = () => {
    const draws = late;
    pressed = late = false;
    if (draws) draw();
  };
  const look = () => {
    // Whether an open list is pressed, browsers say in ways of their own.
    if (document.querySelector(PRESSED) && !document.querySelector("select:active")) timer = setTimeout(look, LOOK);
    else settle();
  };
  /** @param {() => void} then @param {number} pause */
  const within = (then, pause) => {
    clearTimeout(timer);
    timer = setTimeout(then, pause);
  };
  // The space bar presses a button until it is let go, as a finger does.
  const press = (/** @type {Event} */ event) => {
    if (/** @type {KeyboardEvent} */ (event).key && /** @type {KeyboardEvent} */ (event).key !== " ") return;
    pressed = true;
    within(look, LOOK);
  };
  const end = () => pressed && within(settle, AFTER);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, press, { capture: true, passive: true, signal });
  for (const sign of ["pointerup", "pointercancel", "keyup"]) addEventListener(sign, end, { capture: true, passive: true, signal });
  // Who goes to another window lets go there.
  addEventListener("blur", (event) => event.target === window && end(), { signal });
  signal?.addEventListener("abort", () => clearTimeout(timer));

  return () => {
    if (pressed) late = true;
    else draw();
  };
}
