// The sentence beside every tick that lets others see a text.

import { h } from "./parts.js";

/**
 * What sharing means: in full where it is asked first on a page, in short after that.
 *
 * @param {{ui: import("./parts.js").Texts, shareTold?: boolean}} sheet @param {string} id
 */
export function shareHelp(sheet, id) {
  const text = sheet.shareTold ? sheet.ui.share_again : sheet.ui.share_help;
  sheet.shareTold = true;
  return h("p", { id, class: "kit-hint", text });
}
