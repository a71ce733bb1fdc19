// What the nodes write into their logs, newest first.

import { follow, get } from "./api.js";
import { byId, el, foreign, offerNodes, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const kept = 300;
const atFirst = 100;
const longest = 4000;

export class Log {
  #all = []; #isPaused = false; #pending = false; #lost = 0; #silent = []; #following = null;

  constructor() {
    for (const filter of ["log-level", "log-node"]) byId(filter).addEventListener("change", () => this.open());
    byId("log-pause").addEventListener("click", event => {
      this.#isPaused = !this.#isPaused;
      event.currentTarget.setAttribute("aria-pressed", this.#isPaused);
      setText(event.currentTarget, this.#isPaused ? "Resume" : "Pause");
      this.#paint();
    });
  }

  /** Whether this node tells of it, to whoever has this token. */
  set isThere(value) {
    byId("log").hidden = byId("nav-log").hidden = !value;
  }

  /** The choice of nodes. */
  offer(nodes) {
    offerNodes(byId("log-node"), nodes);
  }

  /** Begins to follow it, with the filter of the moment. */
  open() {
    this.close();
    if (byId("log").hidden) return;
    const { signal } = this.#following = new AbortController();
    [this.#all, this.#lost, this.#silent] = [[], 0, []];

    // The last lines come once the stream stands, so that none is missed between the two.
    follow(`/v1/log/events?${this.#query()}`, (kind, told) => this.#on(kind, told), isLive => isLive && this.#fill(signal), signal);
  }

  close() {
    this.#following?.abort();
  }

  async #fill(signal) {
    try {
      const page = await get(`/v1/log?limit=${atFirst}&${this.#query()}`);
      if (signal.aborted) return;
      this.#silent = page.silent;
      page.items.forEach(line => this.#add(line));
      this.#all.sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.number - b.number);
      this.#later();
    } catch (problem) {
      if (!signal.aborted) setText(byId("log-note"), problem.message);
    }
  }

  #query() {
    return new URLSearchParams(["level", "node"].map(name => [name, byId(`log-${name}`).value]).filter(([, text]) => text !== ""));
  }

  #on(kind, told) {
    if (kind === "line") this.#add(told);
    else if (kind === "lost") this.#lost += told.count;
    else if (kind === "silent") this.#silent = told.silent;
    this.#later();
  }

  #add(line) {
    if (this.#all.some(it => keyOf(it) === keyOf(line))) return;
    this.#all.push(line);
    if (this.#all.length > kept) this.#all.shift();
  }

  // However much is written, it is painted twice a second.
  #later() {
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.#paint();
    }, 500);
  }

  #paint() {
    setText(byId("log-note"), [
      this.#isPaused ? "paused" : "",
      this.#lost ? `${format.count(this.#lost)} more were too fast to show` : "",
      this.#silent.length ? `without ${this.#silent.join(", ")}, which did not answer` : "",
    ].filter(Boolean).join("; "));
    if (this.#isPaused) return;
    reconcile(byId("log-rows"), this.#all.toReversed(), keyOf, row, () => {});
    byId("log-empty").hidden = this.#all.length > 0;
  }
}

const keyOf = line => `${line.node} ${line.number} ${line.time}`;

function row(line) {
  return el("li", { "data-level": line.level },
    el("time", { datetime: line.time, class: "mono muted", title: line.time }, format.time(new Date(line.time))),
    el("div", {}, el("strong", {}, foreign(line.node)), ` ${line.level} `, foreign(line.source, { class: "foreign muted" }), " ",
      foreign(line.text, { class: "foreign mono" }, { most: longest, hasLines: true })));
}
