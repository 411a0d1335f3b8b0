// What a view from another package is written with. Its `view.js` needs no build step: this file, built into one
// script, stands before it, and the names below are those of the object `kit` (kit/views/scripts.py).

export { Answers } from "./answers.js";
export { copySection } from "./copy.js";
export { field } from "./fields.js";
export { filesSection } from "./files.js";
export { Form, formView } from "./form.js";
export { head, result, section } from "./layout.js";
export { announcer, confirmed, download, fill, h, keepKeys, unique } from "./parts.js";
export { rowField, rows } from "./rows.js";
