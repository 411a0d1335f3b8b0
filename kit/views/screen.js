// The room screen: large, quiet, and only told what was revealed.

import { Clock } from "./clock.js";
import { fill, h } from "./parts.js";
import { drawn as drawSlide, slidesIn } from "./slides.js";

/** @typedef {import("./parts.js").Model} Model */

// Milliseconds in which what was asked for here comes back.
const ECHO = 10_000;

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
  /** @type {import("./slides.js").Slide[]} */
  let slides = [];
  let html = "";
  let at = 0;
  let asked = 0; // the slide that the kernel told last
  /** @type {[number, number][]} the slides that were asked for here, and when */
  let sent = [];

  /** Whether what the kernel tells is the echo of a key that was pressed here: later ones may be under way. @param {number} slide */
  const isEcho = (slide) => {
    sent = sent.filter(([, when]) => performance.now() - when < ECHO);
    const place = sent.findIndex(([one]) => one === slide);
    sent = place < 0 ? [] : sent.slice(place + 1);
    return place >= 0;
  };

  /** Turned here, it is turned for the console too, where this browser may do that. @param {number} to */
  const turn = (to) => {
    if (to < 0 || to >= slides.length || to === at) return;
    at = to;
    sent.push([to, performance.now()]);
    model.send({ kind: "slide", slide: to });
    draw();
  };
  document.addEventListener("keydown", (event) => {
    const to = { ArrowRight: at + 1, PageDown: at + 1, " ": at + 1, ArrowLeft: at - 1, PageUp: at - 1, Home: 0, End: slides.length - 1 }[event.key];
    if (to === undefined || !slides.length || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    turn(to);
  });

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
    if (html !== page.html) {
      html = page.html;
      slides = slidesIn(html);
      at = page.slide;
      sent = [];
    } else if (asked !== page.slide && !isEcho(page.slide)) at = page.slide;
    asked = page.slide;
    at = Math.max(0, Math.min(at, slides.length - 1));
    el.classList.toggle("kit-screen-slides", slides.length > 0);
    if (slides.length) {
      const place = `${page.heading}/${at}/${page.html}`;
      if (shown === place) return;
      shown = place;
      const of = h("p", { class: "kit-slide-of" }, h("span", { text: page.heading }), h("span", { text: fill(page.ui.slide_at, { n: at + 1, all: slides.length }) }));
      const slide = drawSlide(slides[at], 2);
      result.replaceChildren(of, slide);
      // On a wall of another shape than most it may have to be scrolled, by keyboard too.
      if (slide.scrollHeight > slide.clientHeight) slide.tabIndex = 0;
      return;
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
