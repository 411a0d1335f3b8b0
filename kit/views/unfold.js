// What is folded away is unfolded for a moment: for a copy, and for paper.

/**
 * What `done` returns while every fold in an element stands open.
 *
 * @template T
 * @param {HTMLElement} element @param {() => T} done @returns {T}
 */
export function unfolded(element, done) {
  const shut = open(element);
  try {
    return done();
  } finally {
    shut();
  }
}

/** @param {HTMLElement} element Opens what is shut in it; returns what shuts it again. */
export function open(element) {
  /** @type {HTMLDetailsElement[]} */
  const opened = [];
  // What is made when a fold opens may hold folds.
  for (let more = folded(element); more.length; more = folded(element)) {
    for (const one of more) turn(one, true);
    opened.push(...more);
  }
  return () => {
    for (const one of opened) turn(one, false);
  };
}

/** @param {HTMLElement} element @returns {HTMLDetailsElement[]} */
function folded(element) {
  return [...element.querySelectorAll("details")].filter((one) => !one.open);
}

/** A browser tells of it later; paper does not wait. @param {HTMLDetailsElement} fold @param {boolean} on */
function turn(fold, on) {
  fold.open = on;
  fold.dispatchEvent(new Event("toggle"));
}

/** On paper nothing is folded away, and afterwards the page is as it was. @param {HTMLElement} element @param {AbortSignal} signal */
export function onPaper(element, signal) {
  let shut = () => {};
  addEventListener("beforeprint", () => (shut(), (shut = open(element))), { signal });
  addEventListener("afterprint", () => (shut(), (shut = () => {})), { signal });
}
