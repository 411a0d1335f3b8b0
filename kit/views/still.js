// Under a finger nothing is drawn anew: a button that is replaced between press and release loses its click.

// How long a press holds news back at most (milliseconds): its end may be told to nobody, as below an open list.
const LONGEST = 1_500;
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
  /** @param {number} pause */
  const within = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(settle, pause);
  };
  // The space bar presses a button until it is let go, as a finger does.
  const press = (/** @type {Event} */ event) => {
    if (/** @type {KeyboardEvent} */ (event).key && /** @type {KeyboardEvent} */ (event).key !== " ") return;
    pressed = true;
    within(LONGEST);
  };
  const end = () => pressed && within(AFTER);
  for (const sign of ["pointerdown", "keydown"]) addEventListener(sign, press, { capture: true, passive: true, signal });
  for (const sign of ["pointerup", "pointercancel", "keyup"]) addEventListener(sign, end, { capture: true, passive: true, signal });
  signal?.addEventListener("abort", () => clearTimeout(timer));

  return () => {
    if (pressed) late = true;
    else draw();
  };
}
