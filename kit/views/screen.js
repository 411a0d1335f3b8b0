// The room screen: large, quiet, and only told what was revealed.

import { Clock } from "./clock.js";
import { h } from "./parts.js";

/** @typedef {import("./parts.js").Model} Model */

/** @param {{model: Model, el: HTMLElement}} page */
function render({ model, el }) {
  document.documentElement.classList.add("kit-page");
  el.classList.add("kit", "kit-screen");
  const invite = h("section", { class: "kit-screen-invite" });
  const progress = h("div", { class: "kit-count", role: "status" });
  const result = h("section", { class: "kit-group", "aria-live": "polite" });
  const title = h("h1");
  const clock = new Clock();
  const block = h("span");
  const now = h("p", { class: "kit-screen-now" }, block, " · ", clock.element);
  el.append(title, now, invite, progress, result);
  let drawn = "";
  let said = "";
  let shown = "";

  const draw = () => {
    const page = model.get("page");
    document.documentElement.lang = page.lang;
    document.title = "Atelier · Workshop";
    title.textContent = page.title;
    el.classList.toggle("kit-screen-told", page.html.length > 0);
    if (said !== page.progress.join("\n")) {
      progress.replaceChildren(...page.progress.map((/** @type {string} */ text) => h("p", { text })));
      said = page.progress.join("\n");
    }
    block.textContent = page.block;
    now.hidden = !page.block;
    clock.set(page.clock ?? { until: 0, left: 0, sent: 0 }, page.ui, Boolean(page.clock));
    const way = `${page.lang}/${page.link}/${page.notice}/${page.html.length > 0}/${page.closed}`;
    if (way !== drawn) {
      // Nobody can join what has ended.
      invite.replaceChildren(...(page.closed ? [] : invitation(page)));
      invite.hidden = page.closed;
      drawn = way;
    }
    const body = page.html ? `<h2></h2>${page.html}` : "";
    if (shown !== page.heading + page.html) {
      result.innerHTML = body;
      const heading = result.querySelector("h2");
      if (heading) heading.textContent = page.heading;
      // A result that is called like its exercise is not called so twice.
      const same = result.querySelector(".kit-summary > h3:first-child");
      if (same?.textContent === page.heading) same.remove();
      shown = page.heading + page.html;
    }
  };
  model.on("change:page", draw);
  draw();
}

/** @param {any} page */
function invitation(page) {
  const qr = h("div", { class: page.html ? "kit-qr kit-qr-small" : "kit-qr" });
  qr.innerHTML = page.qr;
  return [
    qr,
    h(
      "div",
      {},
      h("p", { text: page.ui.how }),
      h("p", { class: "kit-link", translate: "no", text: page.link }),
      h("p", { class: "kit-code" }, `${page.ui.code} `, h("strong", { translate: "no", text: page.code })),
      page.notice ? h("p", { class: "kit-problem", role: "status", text: page.notice }) : "",
    ),
  ];
}

export default { render };
