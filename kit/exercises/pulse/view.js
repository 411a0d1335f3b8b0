// Before and after: the form that all exercises share, with the two moments of a statement side by side.

import { Form, formView } from "../../views/form.js";
import { section } from "../../views/layout.js";
import { h } from "../../views/parts.js";

const MOMENTS = ["before", "now"];

export class Pulse extends Form {
  /** @param {number} level The questions. */
  body(level) {
    const { sections, moments } = /** @type {any} */ (this.page.content);
    return sections.map((/** @type {any} */ one) => {
      const part = section(this, one, level);
      const sets = MOMENTS.map((moment) => part.querySelector(`[data-item="${moment}_${one.id}"]`));
      if (sets.every(Boolean)) part.append(h("div", { class: "kit-pair" }, ...sets.map((set, at) => named(set, moments[at]))));
      return part;
    });
  }

  /** What is asked weeks later is counted once it is begun: nobody lacks it today. @param {any} item */
  counts(item) {
    const isToday = (/** @type {any} */ one) => MOMENTS.some((moment) => one.id.startsWith(`${moment}_`));
    const isBegun = (/** @type {any} */ one) => one.kind === "choice" && !isToday(one) && this.values.get(one.id);
    return isToday(item) || this.items.some(isBegun);
  }
}

/** A choice that shows the moment only: the statement stands above; who hears the page hears both. */
function named(/** @type {any} */ set, /** @type {string} */ moment) {
  const legend = set.querySelector("legend");
  const whole = legend.textContent;
  legend.replaceChildren(h("span", { "aria-hidden": "true", text: moment }), h("span", { class: "kit-hidden", text: whole }));
  return set;
}

export default formView(Pulse);
