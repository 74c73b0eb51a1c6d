// The panel of one upload under way: what it is doing, how far it is, pause and go on.

import { Lost } from "./hub.js";
import { bytes, say, time } from "./say.js";

export class Sending {
  constructor(panel, row, course, fields) {
    Object.assign(this, { panel, row, course, fields });
    course.hear = (news) => this.#hear(news);
    this.button = panel.querySelector("[data-pause]");
    this.bar = panel.querySelector("[data-progress]");
  }

  async run(refuse) {
    this.panel.hidden = false;
    this.row.hidden = true;
    this.fields.freeze(true);
    this.panel.scrollIntoView({ block: "nearest" });
    addEventListener("beforeunload", warn);
    try {
      const made = await this.#send();
      removeEventListener("beforeunload", warn);
      this.#say("done");
      location.assign(new URL(made.page_url).pathname + new URL(made.page_url).search);
    } catch (error) {
      removeEventListener("beforeunload", warn);
      this.#end();
      refuse(reasonOf(error));
    }
  }

  // Send until all is there; each pause waits for its own end.
  async #send() {
    for (;;) {
      const paused = this.#pausable();
      try {
        return await this.course.send(this.fields.about);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
        this.#say("paused");
        await paused;
      }
    }
  }

  #pausable() {
    this.started = null;
    this.button.hidden = false;
    this.button.textContent = say("pause");
    return new Promise((goOn) => {
      this.button.onclick = () => {
        this.course.pause();
        this.button.textContent = say("goOn");
        this.button.onclick = goOn;
      };
    });
  }

  #hear({ phase, sent, waiting }) {
    const trouble = this.panel.querySelector("[data-trouble]");
    if (waiting !== undefined) {
      trouble.textContent = waiting ? say("offline", { count: waiting }) : "";
      trouble.hidden = !waiting;
    }
    if (phase && phase !== this.phase) this.#say(phase);
    if (phase === "completing") this.#complete();
    else if (sent !== undefined) this.#show(sent, phase === "sending");
  }

  #complete() {
    this.bar.removeAttribute("value");
    this.button.hidden = true;
  }

  #show(sent, isSending) {
    const { size } = this.course;
    this.bar.value = sent / size;
    this.panel.querySelector("[data-figures]").textContent = isSending ? this.#figures(sent, size) : "";
  }

  #figures(sent, size) {
    const now = performance.now();
    this.started ??= { at: now, sent };
    const speed = (sent - this.started.sent) / ((now - this.started.at) / 1000);
    const left = speed > 0 && now - this.started.at > 1500 ? ` · ${say("left", { time: time((size - sent) / speed) })}` : "";
    return `${bytes(sent)} / ${bytes(size)}${left}`;
  }

  #say(phase) {
    this.phase = phase;
    this.panel.querySelector("[data-saying]").textContent = say(phase);
  }

  #end() {
    this.panel.hidden = true;
    this.row.hidden = false;
    this.fields.freeze(false);
  }
}

export function warn(event) {
  event.preventDefault();
}

export function reasonOf(error) {
  const isOut = error.status === 401 || (error.status === 403 && error.code === "not-signed-in");
  return isOut ? say("signedOut") : error instanceof Lost ? say("lost") : error.message;
}
