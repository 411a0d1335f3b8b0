// Stands in for the package sanitize-html: widget labels may carry a little formatting and nothing more.

const TAGS = new Set(["A", "ABBR", "B", "BR", "CODE", "EM", "I", "LI", "OL", "SPAN", "STRONG", "UL"]);
const DROPPED = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "TEXTAREA", "OPTION", "IFRAME", "OBJECT", "SVG", "MATH"]);
const ATTRIBUTE = /^(?:class|title|lang|aria-[a-z]+)$/;
const LINK = /^(?:https?:|mailto:|tel:|#|\/(?!\/))/i;

/** The text with the allowed tags and attributes only. No image and no style: nothing is loaded from elsewhere. */
export default function sanitize(html: string): string {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const element of [...body.querySelectorAll("*")]) clean(element);
  return body.innerHTML;
}

function clean(element: Element): void {
  const tag = element.tagName.toUpperCase();
  if (DROPPED.has(tag)) return element.remove();
  if (!TAGS.has(tag)) return element.replaceWith(...element.childNodes);
  for (const { name, value } of [...element.attributes]) {
    const allowed = ATTRIBUTE.test(name) || (tag === "A" && name === "href" && LINK.test(value.trim()));
    if (!allowed) element.removeAttribute(name);
  }
}
