// Sentences of the page's language, and elements made of them. Text is only ever set as text.

const sentences = JSON.parse(document.getElementById("sentences").textContent);

export const say = (name, facts = {}) =>
  sentences[name].replace(/\{(\w+)\}/g, (hole, fact) => String(facts[fact] ?? hole));

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const UNITS = ["B", "kB", "MB", "GB"];

export function bytes(amount) {
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(unit && amount < 100 ? 1 : 0)} ${UNITS[unit]}`;
}

export function time(seconds) {
  if (seconds < 90) return say("seconds", { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 5400) return say("minutes", { count: Math.round(seconds / 60) });
  return say("hours", { count: (seconds / 3600).toFixed(1) });
}
