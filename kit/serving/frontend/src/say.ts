// Every sentence that the page can say stands in the HTML, in both languages, as
// <template id="kit-say-…">. The style sheet shows the language of <html lang>.

export type Saying = "away" | "dead" | "trouble";

export function message(saying: Saying): DocumentFragment {
  const template = document.getElementById(`kit-say-${saying}`) as HTMLTemplateElement;
  return document.importNode(template.content, true);
}
