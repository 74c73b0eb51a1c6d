// The columns of the table of many uploads: what may be said of each adapter in it.

import { split } from "./fields.js";
import { element, say } from "./say.js";

const asText = (value) => value;
const asWords = (text) => split(text);
const asNumber = (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? null : Number(text));

// `parse` makes what the hub is told of what stands in the field.
export const COLUMNS = [
  { name: "title", kind: "text", parse: asText, most: 120 },
  { name: "adapter", kind: "text", parse: asText, most: 80, hint: "ink-wash" },
  { name: "base", kind: "select", parse: asText },
  { name: "kind", kind: "select", parse: asText },
  { name: "trigger_words", kind: "text", parse: asWords, most: 1000 },
  { name: "weight_low", kind: "number", parse: asNumber },
  { name: "weight_high", kind: "number", parse: asNumber },
  { name: "licence", kind: "text", parse: asText, most: 120 },
  { name: "tags", kind: "text", parse: asWords, most: 1000 },
  { name: "content_level", kind: "select", parse: asText },
];
export const columnNamed = (name) => COLUMNS.find((column) => column.name === name);

// What is said of a version, as text again.
export const textOf = (value) =>
  value === null || value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value);

// A field of a column; a select offers what the form's own does.
export function fieldOf(column, form, attributes = {}) {
  if (column.kind === "select") {
    const options = form.elements.namedItem(column.name).options;
    const groups = form.elements.namedItem(column.name).querySelectorAll("optgroup");
    const select = element("select", attributes);
    if (groups.length) select.append(options[0].cloneNode(true), ...[...groups].map((group) => group.cloneNode(true)));
    else select.append(...[...options].map((option) => option.cloneNode(true)));
    return select;
  }
  const more = column.kind === "number" ? { type: "number", step: "0.05", min: -4, max: 4 } : { type: "text", maxlength: column.most };
  return element("input", { ...more, placeholder: column.hint, autocomplete: "off", ...attributes });
}

export const labelOf = (column) => say(`column_${column.name}`);
