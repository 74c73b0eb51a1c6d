// What the hub is asked, and what its refusals say.

import { token as tokenNow } from "../asking.js";

export class Refusal extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.code = body.code ?? "";
  }
  // A refusal of a kind that the same request may not meet again.
  get passing() {
    return this.status === 429 || this.status >= 500;
  }
}

// The connection is gone: nobody has answered.
export class Lost extends Error {}

// A cookie that is not read leaves what the page came with.
const token = () => tokenNow() ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

export async function refusalIn(response) {
  const body = await response.json().catch(() => ({}));
  return new Refusal(response.status, body);
}

export async function ask(address, body, method = body === undefined ? "GET" : "POST") {
  const response = await reach(address, {
    method,
    headers: {
      Accept: "application/json",
      ...(method === "GET" ? {} : { "Content-Type": "application/json", "X-CSRFToken": token() }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw await refusalIn(response);
  return response.status === 204 ? null : response.json();
}

const reach = (address, options) =>
  fetch(address, options).catch((error) => {
    throw new Lost(error.message);
  });

// fetch cannot tell how much of a body has left; XMLHttpRequest can.
export function put(address, blob, { direct, signal, sent }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    if (!direct) {
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("Content-Type", "application/octet-stream");
    }
    request.upload.addEventListener("progress", (event) => sent(event.loaded));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // an object store answers XML: its status says enough
      }
      return reject(new Refusal(request.status, body));
    });
    request.addEventListener("error", () => reject(new Lost("network")));
    request.addEventListener("abort", () => reject(new DOMException("paused", "AbortError")));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) request.abort();
    else request.send(blob);
  });
}
