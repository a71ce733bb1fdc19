// The table of sessions: found, ordered and paged by the node, which may have a hundred thousand of them.

import { get, remove } from "./api.js";
import { toast } from "./ask.js";
import { byId, el, foreign, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const pageSize = 20;
const refreshEvery = 2000;
const typing = 200;

const columns = [
  { name: "User", cell: session => session.user === null ? el("span", { class: "muted" }, "–") : foreign(session.user) },
  { name: "Client", cell: session => el("span", { class: "mono" }, session.client) },
  { name: "Destination", cell: destination },
  { name: "Node", cell: session => session.node },
  { name: "Via", cell: via },
  { name: "Up", sort: "clientToDestination", isNumber: true, cell: session => format.bytes(session.clientToDestination) },
  { name: "Down", sort: "destinationToClient", isNumber: true, cell: session => format.bytes(session.destinationToClient) },
  { name: "Age", sort: "age", isNumber: true, cell: session => format.duration(session.ageSeconds) },
];

export class Sessions {
  #order = "-destinationToClient"; #after = []; #next = null; #mayWrite = false; #asked = 0; #isAsking = false; #timer; #listener = null; #ending = new Set();

  constructor() {
    byId("sessions-head").append(
      ...columns.map(column => this.#heading(column)), el("th", {}, el("span", { class: "visually-hidden" }, "Actions")));
    let pause;
    byId("sessions-search").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => this.#start(), typing);
    });
    byId("sessions-node").addEventListener("change", () => this.#start());
    byId("sessions-filters").addEventListener("submit", event => event.preventDefault());
    byId("sessions-first").addEventListener("click", () => this.#start());
    byId("sessions-back").addEventListener("click", () => this.#go(() => this.#after.pop()));
    byId("sessions-next").addEventListener("click", () => this.#go(() => this.#next && this.#after.push(this.#next)));
    this.#showOrder();
  }

  set mayWrite(value) {
    this.#mayWrite = value;
  }

  /** Where a client could connect: for whoever sees no sessions yet. */
  set listener(value) {
    this.#listener = value;
  }

  /** Begins to follow what there is. */
  open() {
    this.close();
    this.refresh();
    this.#timer = setInterval(() => {
      if (byId("sessions-live").checked && !document.hidden && !this.#isAsking) this.refresh();
    }, refreshEvery);
  }

  close() {
    clearInterval(this.#timer);
  }

  /** Shows only the sessions of a user, or with any other text. */
  search(text) {
    byId("sessions-search").value = text;
    this.#start();
    byId("sessions").scrollIntoView();
  }

  async refresh() {
    const asked = ++this.#asked;
    this.#isAsking = true;
    const query = new URLSearchParams({ limit: pageSize, sort: this.#order });
    const text = byId("sessions-search").value.trim();
    if (text) query.set("q", text);
    if (byId("sessions-node").value) query.set("node", byId("sessions-node").value);
    if (this.#after.length) query.set("after", this.#after.at(-1));
    try {
      const page = await get(`/v1/sessions?${query}`);
      if (asked === this.#asked) this.#show(page, text);
    } catch (problem) {
      if (asked === this.#asked) setText(byId("sessions-note"), problem.message);
    } finally {
      if (asked === this.#asked) this.#isAsking = false;
    }
  }

  #start() {
    this.#after = [];
    this.refresh();
  }

  #go(step) {
    step();
    this.refresh();
  }

  #show(page, text) {
    this.#next = page.next;
    const rows = byId("sessions-rows");
    for (const ended of [...this.#ending].filter(id => !page.items.some(session => session.id === id))) this.#ending.delete(ended);
    reconcile(rows, page.items, session => session.id, session => this.#row(session), (row, session) => this.#update(row, session));
    const from = this.#after.length * pageSize;
    setText(byId("sessions-note"), `${format.count(page.total)}${text || byId("sessions-node").value ? " found" : ""}`
      + (page.silent.length ? `; without ${page.silent.join(", ")}, which did not answer` : ""));
    setText(byId("sessions-page"), page.items.length ? `${format.count(from + 1)}–${format.count(from + page.items.length)}` : "");
    byId("sessions-first").disabled = byId("sessions-back").disabled = this.#after.length === 0;
    byId("sessions-next").disabled = page.next === null;
    byId("sessions-pager").hidden = page.next === null && this.#after.length === 0;
    this.#showEmpty(page, text);
  }

  #showEmpty(page, text) {
    const empty = byId("sessions-empty");
    empty.hidden = page.items.length > 0;
    if (!empty.hidden) {
      const hint = text || byId("sessions-node").value
        ? ["No session fits. Search for less, or at all nodes."]
        : this.#after.length ? ["This page has emptied meanwhile; go back."]
        : ["Nobody is connected. Try: ", el("code", {}, `curl -x socks5h://${this.#listener ?? "HOST:PORT"} https://example.com/`)];
      empty.replaceChildren(...hint);
    }
  }

  #heading({ name, sort, isNumber }) {
    if (!sort) return el("th", { scope: "col" }, name);
    const button = el("button", { type: "button", onclick: () => this.#orderBy(sort) }, name);
    return el("th", { scope: "col", class: isNumber ? "number" : null, "data-sort": sort }, button);
  }

  #orderBy(sort) {
    this.#order = this.#order === `-${sort}` ? sort : `-${sort}`;
    this.#showOrder();
    this.#start();
  }

  #showOrder() {
    for (const heading of byId("sessions-head").querySelectorAll("[data-sort]")) {
      const { sort } = heading.dataset;
      heading.setAttribute("aria-sort", this.#order === sort ? "ascending" : this.#order === `-${sort}` ? "descending" : "none");
    }
  }

  #row(session) {
    const end = el("button", { type: "button", class: "kill", onclick: () => this.#end(session.id) }, "End");
    end.setAttribute("aria-label", `End session ${session.id}`);
    const row = el("tr", {}, ...columns.map(({ isNumber, name }) => el("td", { class: isNumber ? "number" : null, "data-name": name })), el("td", { class: "action" }, end));
    row.title = session.id;
    return row;
  }

  #update(row, session) {
    columns.forEach((column, i) => {
      const shown = column.cell(session);
      if (typeof shown === "string") setText(row.cells[i], shown);
      else if (row.cells[i].textContent !== shown.textContent) row.cells[i].replaceChildren(shown);
    });
    row.dataset.stage = session.stage;
    const end = row.querySelector(".kill");
    end.hidden = !this.#mayWrite;
    end.disabled = this.#ending.has(session.id);
  }

  async #end(id) {
    this.#ending.add(id);
    const row = [...byId("sessions-rows").children].find(it => it.dataset.key === id);
    row?.classList.add("ended");
    row?.querySelector(".kill").setAttribute("disabled", "");
    try {
      await remove(`/v1/sessions/${encodeURIComponent(id)}`);
      toast(`Session ${id} was ended.`);
    } catch (problem) {
      this.#ending.delete(id);
      row?.classList.remove("ended");
      toast(problem.status === 404 ? `Session ${id} had ended already.` : `Session ${id} goes on: ${problem.message}`, problem.status !== 404);
    }
    this.refresh();
  }
}

function destination(session) {
  if (session.destination === null) return el("span", { class: "muted" }, session.stage);
  const address = session.address && !session.destination.startsWith(session.address.slice(0, session.address.lastIndexOf(":")))
    ? el("span", { class: "muted small" }, ` ${session.address}`) : null;
  return el("span", {}, foreign(session.destination), address, session.stage === "relaying" ? null : el("span", { class: "muted" }, ` ${session.stage}`));
}

function via(session) {
  return el("span", {}, session.listener, el("span", { class: "muted" }, ` ${session.protocol ?? ""}`));
}
