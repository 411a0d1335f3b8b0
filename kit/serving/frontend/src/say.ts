// Every sentence that the page can say stands in the HTML, in every language, as
// <template id="kit-say-…">. A style of the page shows that of <html lang>, or all where it is none of these.

export type Saying = "away" | "dead" | "trouble";

export function message(saying: Saying): DocumentFragment {
  const template = document.getElementById(`kit-say-${saying}`) as HTMLTemplateElement;
  return document.importNode(template.content, true);
}
