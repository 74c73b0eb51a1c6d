// What a page asks of the hub: answers come in order, what fails is told with a way to try again,
// and a form is sent once, with the token that is good now.

const words = document.getElementById("failed").content.firstElementChild;
const PATIENCE = 3; // failures in a row of what asks again by itself
const told = new WeakMap(); // element → what is said of its failure
const failures = new WeakMap();
const latest = new WeakMap(); // element that replaces its requests → the newest
const asksByItself = (ctx) => ctx.sourceEvent?.type === "every";

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (!asksByItself(ctx)) forget(target);
  if (!target.getAttribute?.("hx-sync")?.endsWith("replace")) return;
  latest.get(target)?.request.abort(); // htmx forgets all but one of those under way
  latest.set(target, ctx);
});

document.addEventListener("htmx:after:request", ({ target, detail: { ctx } }) => {
  if (ctx.response.status >= 400) return fail(target, ctx);
  failures.delete(target);
  return forget(target);
});

document.addEventListener("htmx:error", ({ target, detail: { ctx } }) => {
  const isReplaced = latest.has(target) && latest.get(target) !== ctx;
  if (ctx && ctx.text === undefined && !isReplaced) fail(target, ctx);
});

function fail(element, ctx) {
  failures.set(element, (failures.get(element) ?? 0) + 1);
  if (asksByItself(ctx) && failures.get(element) < PATIENCE) return;
  if (told.get(element)?.isConnected) return;
  const said = document.importNode(words, true); // or its link leads nowhere
  const [sentence, signIn, again] = said.children;
  const isOut = ctx.response?.status === 401;
  sentence.textContent = sentenceOf(ctx, said.dataset);
  signIn.hidden = !isOut;
  signIn.search = new URLSearchParams({ next: location.pathname + location.search });
  again.hidden = asksByItself(ctx);
  again.addEventListener("click", () => askAgain(element, ctx));
  told.set(element, said);
  put(said, element, asksByItself(ctx));
}

// The hub's own sentence is plain text; what else stands before it may answer pages of its own.
function sentenceOf({ response, text }, { silent, broken, refused }) {
  if (!response) return silent;
  const isOurs = response.headers.get("Content-Type")?.startsWith("text/plain");
  return (isOurs && text) || (response.status >= 500 ? broken : refused);
}

function put(said, element, isFirst) {
  if (element.matches("form, ul, ol")) element.after(said);
  else if (element.matches("tr")) element.lastElementChild.append(said);
  else if (isFirst) element.prepend(said);
  else element.append(said);
  if (element.matches("form")) said.scrollIntoView({ block: "nearest" });
}

function forget(element) {
  const said = told.get(element);
  if (said?.contains(document.activeElement)) element.querySelector("a, button:not([hidden]), input:not([type=hidden])")?.focus();
  said?.remove();
}

function askAgain(element, { request, target, swap }) {
  if (element.matches("form")) element.requestSubmit();
  else htmx.ajax("GET", request.action, { source: element, target, swap });
}

// --- Focus: it stays in what is put in place of the link that had it ---

let left = null;

document.addEventListener("htmx:before:swap", ({ target }) => {
  left = target.matches?.(".more") && target.contains(document.activeElement) ? target.previousElementSibling : null;
});

document.addEventListener("htmx:after:swap", () => {
  const next = left?.nextElementSibling;
  left = null;
  (next?.querySelector("h2 a, th a") ?? next?.querySelector("a, button, summary"))?.focus({ preventScroll: true });
});

// --- Forms ---

const going = new WeakSet();
const isPost = (form) => form.getAttribute("method") === "post";
export const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];

// Before anybody else hears of it.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!isPost(form)) return;
  if (going.has(form) || form.classList.contains("htmx-request")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  const field = form.elements.namedItem("csrfmiddlewaretoken");
  if (field) field.value = token() ?? field.value; // whoever signed in elsewhere has another
}, { capture: true });

// After everybody else: a form that leaves the page leaves it once.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || !isPost(event.target)) return;
  going.add(event.target);
  setTimeout(() => going.delete(event.target), 10_000); // it was stopped, or led to a download
});

addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const form of document.forms) going.delete(form);
});
