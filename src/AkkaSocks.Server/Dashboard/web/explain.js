// Why a request is refused, or would be: the sessions that were refused lately, and for each the decision stage by stage.

import { get } from "./api.js";
import { byId, el, foreign, setText } from "./dom.js";
import * as format from "./format.js";

const most = 50;

export class Explain {
  #asked = 0; #isThere = false;

  constructor() {
    byId("why-form").addEventListener("submit", event => {
      event.preventDefault();
      const query = new URLSearchParams({ destination: byId("why-destination").value.trim(), command: byId("why-command").value });
      for (const name of ["user", "from"]) if (byId(`why-${name}`).value.trim()) query.set(name, byId(`why-${name}`).value.trim());
      this.#ask(query);
    });
    byId("why-close").addEventListener("click", () => byId("why").close());
    byId("why").addEventListener("click", event => { if (event.target === byId("why")) byId("why").close(); });
    byId("explain-open").addEventListener("click", () => this.open());
  }

  /** Whether this node explains. */
  set isThere(value) {
    this.#isThere = value;
    byId("explain-open").hidden = !value;
  }

  get isThere() {
    return this.#isThere;
  }

  /** Opens with what was refused lately, for a reason or any. */
  async open(reason = null) {
    this.#show(reason === null ? "Explain a request" : `Refused: ${format.words(reason)}`);
    await this.#list(reason);
  }

  /** Opens with one session that was refused. */
  session(id) {
    this.#show("Explain a refusal");
    byId("why-list").replaceChildren();
    setText(byId("why-note"), "");
    this.#ask(new URLSearchParams({ session: id }));
  }

  #show(title) {
    setText(byId("why-title"), title);
    byId("why-answer").replaceChildren();
    byId("why-form").hidden = !this.#isThere;
    if (!byId("why").open) byId("why").showModal();
  }

  async #list(reason) {
    const asked = ++this.#asked;
    const query = new URLSearchParams({ limit: most });
    if (reason !== null) query.set("reason", reason);
    let list;
    try {
      list = await get(`/v1/refusals?${query}`);
    } catch (problem) {
      setText(byId("why-note"), problem.message);
      return;
    }
    if (asked !== this.#asked) return;
    setText(byId("why-note"), list.items.length
      ? `Refused lately; choose one to see what decided${list.silent.length ? ` without ${list.silent.join(", ")}, which did not answer` : ""}:`
      : reason === null ? "Nobody was refused lately." : "None of those that the nodes remember: each remembers its last 512.");
    byId("why-list").replaceChildren(...list.items.map(it => el("li", {}, this.#choice(it))));
    if (list.items.length && reason !== null) this.#choose(byId("why-list").querySelector("button"), list.items[0]);
  }

  #choice(it) {
    const button = el("button", { type: "button", class: "choice", "aria-pressed": "false" },
      el("span", { class: "mono muted small" }, format.time(new Date(it.time))),
      el("span", {}, it.user === null ? el("span", { class: "mono" }, it.client) : foreign(it.user),
        it.destination === null ? null : [el("span", { class: "muted" }, " to "), foreign(it.destination)]),
      el("span", { class: "muted small" }, format.words(it.reason)));
    button.addEventListener("click", () => this.#choose(button, it));
    return button;
  }

  #choose(button, it) {
    for (const other of byId("why-list").querySelectorAll("[aria-pressed=true]")) other.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    for (const name of ["user", "destination"]) byId(`why-${name}`).value = it[name] ?? "";
    byId("why-from").value = it.client.slice(0, it.client.lastIndexOf(":")).replace(/[[\]]/g, "");
    if (this.#isThere) this.#ask(new URLSearchParams({ session: it.id }));
    else byId("why-answer").replaceChildren(told(it));
  }

  async #ask(query) {
    const asked = ++this.#asked;
    try {
      const explained = await get(`/v1/explain?${query}`);
      if (asked === this.#asked) byId("why-answer").replaceChildren(...answer(explained));
    } catch (problem) {
      if (asked === this.#asked) byId("why-answer").replaceChildren(el("p", { class: "problem" }, problem.message));
    }
  }
}

function answer(explained) {
  return [
    explained.session && explained.steps.length ? told(explained.session) : null,
    el("p", { class: explained.allowed ? "verdict good" : "verdict bad" },
      el("strong", {}, explained.allowed ? "Allowed" : `Refused: ${format.words(explained.reason)}`), el("span", {}, foreign(explained.words))),
    facts(explained),
    explained.steps.length ? el("ol", { class: "steps" }, explained.steps.map(step)) : null,
  ].filter(Boolean);
}

function facts(explained) {
  const rows = [
    explained.place && ["Decided by", el("span", {}, el("code", {}, `${explained.place.key}${explained.place.value === null ? "" : ` = ${explained.place.value}`}`),
      el("span", { class: "muted" }, ` ${place(explained.place)}`))],
    explained.mend && ["What helps", explained.mend],
    explained.clientSees && ["The client sees", explained.clientSees],
    ["Explained by", explained.node],
  ].filter(Boolean);
  return el("dl", { class: "facts" }, rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))));
}

function step(it) {
  return el("li", { class: it.passed ? "good" : "bad" },
    el("span", { class: "mark", role: "img", "aria-label": it.passed ? "passed" : "refused" }, it.passed ? "✓" : "✗"),
    el("strong", {}, it.stage), el("span", {}, foreign(it.words), it.place ? el("span", { class: "muted small" }, ` ${it.place.key}, ${place(it.place)}`) : null));
}

// What happened then; below it stands what would happen now.
function told(session) {
  return el("p", { class: "muted" }, `At ${format.time(new Date(session.time))} node `, foreign(session.node), ` refused it: ${session.words}. The same request now:`);
}

const place = it => it.source === "reference.conf" ? "by default" : it.line === null ? it.source : `${it.source}, line ${it.line}`;
