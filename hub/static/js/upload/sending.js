// The panel of an upload under way: what it is doing, how far it is, pause and go on.

import { Course } from "./course.js";
import { bytes, say, time } from "./say.js";

export class Sending {
  constructor(panel, row, chosen, { fields, user, uploads }) {
    Object.assign(this, { panel, row, chosen, fields });
    this.course = new Course({
      file: chosen.file, config: chosen.config, user, uploads, told: (news) => this.#hear(news),
    });
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
      const made = await this.#course();
      removeEventListener("beforeunload", warn);
      this.#say("done");
      location.assign(new URL(made.page_url).pathname + new URL(made.page_url).search);
    } catch (error) {
      removeEventListener("beforeunload", warn);
      this.#end();
      refuse(error.status === 401 || (error.status === 403 && error.code === "not-signed-in") ? say("signedOut") : error.message);
    }
  }

  async #course() {
    const { chosen, course, fields } = this;
    const team = fields.get("team");
    if (chosen.found) {
      course.upload = chosen.found.upload;
      this.#say("resuming", { here: course.upload.parts_here.length, parts: course.upload.parts });
    } else {
      this.#say("hashing");
      chosen.hashing = (done) => this.#show(done / chosen.file.size, "");
      const sha256 = await chosen.sha256;
      chosen.hashing = null;
      this.#say("opening");
      await course.open(team, sha256, fields.all);
    }
    await this.#send();
    this.#say("completing");
    this.bar.removeAttribute("value");
    this.button.hidden = true;
    return course.complete(team, fields.declared);
  }

  // Send until all is there; each pause waits for its own end.
  async #send() {
    if (this.course.upload.known) return this.#say("known");
    this.started = null;
    for (;;) {
      this.#say("sending");
      const paused = this.#pausable();
      try {
        return await this.course.send();
      } catch (error) {
        if (error.name !== "AbortError") throw error;
        this.course.upload.parts_here = [...this.course.sender.here];
        this.#say("paused");
        await paused;
      }
    }
  }

  #pausable() {
    this.button.hidden = false;
    this.button.textContent = say("pause");
    return new Promise((goOn) => {
      this.button.onclick = () => {
        this.course.pause();
        this.started = null;
        this.button.textContent = say("goOn");
        this.button.onclick = goOn;
      };
    });
  }

  #hear({ sent, waiting }) {
    const trouble = this.panel.querySelector("[data-trouble]");
    if (waiting !== undefined) {
      trouble.textContent = waiting ? say("offline", { count: waiting }) : "";
      trouble.hidden = !waiting;
    }
    if (sent === undefined) return;
    const { size } = this.chosen.file;
    const now = performance.now();
    this.started ??= { at: now, sent };
    const speed = (sent - this.started.sent) / ((now - this.started.at) / 1000);
    const left = speed > 0 && now - this.started.at > 1500 ? ` · ${say("left", { time: time((size - sent) / speed) })}` : "";
    this.#show(sent / size, `${bytes(sent)} / ${bytes(size)}${left}`);
  }

  #show(share, figures) {
    this.bar.value = share;
    this.panel.querySelector("[data-figures]").textContent = figures;
  }

  #say(name, facts) {
    this.panel.querySelector("[data-saying]").textContent = say(name, facts);
    this.#show(0, "");
  }

  #end() {
    this.panel.hidden = true;
    this.row.hidden = false;
    this.fields.freeze(false);
  }
}

function warn(event) {
  event.preventDefault();
}

