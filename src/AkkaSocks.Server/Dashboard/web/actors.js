// The actors of a node: of each type what it does, what each type of messages costs, and the tree with the depth of the mailboxes.

import { get } from "./api.js";
import { byId, el, foreign, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const refreshEvery = 4000;

const columns = [
  { name: "Type", cell: type => format.words(type.type) },
  { name: "Live", cell: type => format.count(type.live) },
  { name: "Messages/s", cell: type => type.perSecond === null ? "–" : format.perSecond(type.perSecond) },
  { name: "Handling", title: "How long one takes for a message, on average", cell: type => micros(type.handlingMicroseconds) },
  { name: "Waiting", title: "How long a message waits for one, on average", cell: type => micros(type.waitingMicroseconds) },
  { name: "Busy", title: "Of one core", cell: busy },
  { name: "Queued", title: "Messages that wait now", cell: type => format.count(type.waiting) },
  { name: "Peak", title: "Messages that waited for one of them at most, of late", cell: type => format.count(type.peak) },
  { name: "Messages", cell: type => format.count(type.messages) },
  { name: "Failures", cell: type => count(type.failures) },
  { name: "Restarts", cell: type => count(type.restarts) },
];

const messageColumns = [
  { name: "Actor", cell: it => format.words(it.actor) },
  { name: "Message", isText: true, cell: it => it.message },
  { name: "Messages/s", cell: it => it.perSecond === null ? "–" : format.perSecond(it.perSecond) },
  { name: "Busy", title: "Of one core", cell: it => it.busy === null ? "–" : bar(it.busy) },
  { name: "Handling p50", title: "How long half of them take at most", cell: it => micros(it.handlingMedianMicroseconds) },
  { name: "p99", title: "How long 99 of 100 take at most", cell: it => micros(it.handlingP99Microseconds) },
  { name: "Waiting p50", title: "How long half of them wait at most", cell: it => micros(it.waitingMedianMicroseconds) },
  { name: "p99", title: "How long 99 of 100 wait at most", cell: it => micros(it.waitingP99Microseconds) },
  { name: "Timed", title: "How many the times are taken from", cell: it => format.count(it.timed) },
  { name: "About", title: "Messages since the start, by those that were timed", cell: it => format.count(it.handled) },
  { name: "Failures", cell: it => count(it.failures) },
];

export class Actors {
  #timer; #closed = new Set();

  constructor() {
    byId("actors-head").append(...headings(columns));
    byId("actors-messages-head").append(...headings(messageColumns));
    byId("actors-node").addEventListener("change", () => this.#refresh());
    byId("actors-tree").addEventListener("keydown", event => this.#key(event));
  }

  /** Whether this node tells of them. */
  set isThere(value) {
    byId("actors").hidden = byId("nav-actors").hidden = !value;
  }

  /** The choice of nodes. */
  offer(nodes) {
    const choice = byId("actors-node");
    const names = nodes.map(node => node.name);
    if (names.join() === [...choice.options].map(option => option.value).join()) return;
    const chosen = choice.value || nodes.find(node => node.isSelf)?.name;
    choice.replaceChildren(...names.map(name => el("option", { value: name }, name)));
    choice.value = names.includes(chosen) ? chosen : names[0];
  }

  open() {
    this.close();
    if (byId("actors").hidden) return;
    this.#refresh();
    this.#timer = setInterval(() => { if (!document.hidden) this.#refresh(); }, refreshEvery);
  }

  close() {
    clearInterval(this.#timer);
  }

  async #refresh() {
    let answer;
    try {
      const node = byId("actors-node").value;
      answer = await get(`/v1/actors?depth=4&top=25${node ? `&node=${encodeURIComponent(node)}` : ""}`);
    } catch (problem) {
      setText(byId("actors-note"), problem.message);
      return;
    }

    const types = answer.types.filter(type => type.started > 0).sort((a, b) => load(b) - load(a) || b.messages - a.messages);
    reconcile(byId("actors-types"), types, type => type.type, () => emptyRow(columns), (row, type) => show(row, columns, type));
    byId("actors-profile").hidden = answer.messages.length === 0;
    reconcile(byId("actors-messages"), answer.messages, it => `${it.actor} ${it.message}`, () => emptyRow(messageColumns), (row, it) => show(row, messageColumns, it));
    const rows = [];
    for (const root of answer.items) this.#flatten(root, 1, rows);
    reconcile(byId("actors-tree"), rows, row => row.path, row => this.#make(row), update);
    const first = byId("actors-tree").firstElementChild;
    if (first && !byId("actors-tree").querySelector("[tabindex='0']")) first.tabIndex = 0;
    const live = answer.types.reduce((sum, type) => sum + type.live, 0);
    const known = answer.types.length ? `${format.count(live)} alive` : "not measured, metrics.actors is off";
    setText(byId("actors-note"), `${known}${answer.isCut ? "; those with most messages waiting are shown" : ""}`);
  }

  #flatten(actor, level, rows) {
    const isClosed = this.#closed.has(actor.path);
    rows.push({
      path: actor.path, level, isClosed, hasChildren: actor.items.length > 0, name: actor.path.split("/").filter(Boolean).pop() ?? "/",
      type: actor.type, state: actor.state ?? "", mailbox: actor.mailbox, age: actor.ageSeconds, children: actor.children,
    });
    if (!isClosed) for (const child of actor.items) this.#flatten(child, level + 1, rows);
  }

  #make(row) {
    const parts = { twist: el("span", { class: "twist", "aria-hidden": "true" }), type: el("span", { class: "muted" }), depth: el("b"), state: el("span", { class: "muted" }), age: el("span", { class: "muted" }) };
    const item = el("div", { role: "treeitem", "aria-level": row.level, tabindex: "-1" }, parts.twist, foreign(row.name), parts.type, parts.state, parts.age, parts.depth);
    item.style.paddingInlineStart = `${(row.level - 1) * 18 + 12}px`;
    item.parts = parts;
    item.addEventListener("click", () => this.#turn(item));
    return item;
  }

  #turn(item, isClosed = !this.#closed.has(item.dataset.key)) {
    if (!item.hasAttribute("aria-expanded")) return;
    this.#closed[isClosed ? "add" : "delete"](item.dataset.key);
    this.#refresh();
  }

  #key(event) {
    const items = [...byId("actors-tree").children];
    const at = items.indexOf(document.activeElement);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = items[at + step];
      if (!next) return;
      items[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      this.#turn(items[at], event.key === "ArrowLeft");
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#turn(items[at]);
    }
  }
}

const load = type => (type.perSecond ?? 0) * (type.handlingMicroseconds ?? 0) / 1e6;

const micros = value => value === null ? "–" : value < 1000 ? `${value < 10 ? value.toFixed(1) : Math.round(value)} µs` : `${(value / 1000).toFixed(1)} ms`;

const count = value => value ? el("span", { class: "reason" }, format.count(value)) : "0";

function busy(type) {
  return type.perSecond === null || type.handlingMicroseconds === null ? "–" : bar(load(type));
}

function bar(share) {
  const level = el("i");
  level.style.width = `${Math.min(share, 1) * 100}%`;
  const percent = share * 100;
  return el("span", { class: "busy" }, el("span", { class: "track" }, level), `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`);
}

const classOf = (column, i) => i && !column.isText ? "number" : null;

const headings = columns => columns.map((column, i) => el("th", { scope: "col", class: classOf(column, i), title: column.title }, column.name));

const emptyRow = columns => el("tr", {}, ...columns.map((column, i) => el("td", { class: classOf(column, i) })));

function show(row, columns, item) {
  columns.forEach((column, i) => {
    const shown = column.cell(item);
    if (typeof shown === "string") setText(row.cells[i], shown);
    else row.cells[i].replaceChildren(shown);
  });
}

function update(item, row) {
  const { parts } = item;
  if (row.hasChildren) item.setAttribute("aria-expanded", !row.isClosed);
  else item.removeAttribute("aria-expanded");
  setText(parts.twist, row.hasChildren ? row.isClosed ? "▸" : "▾" : "");
  setText(parts.type, row.type.split(".").pop());
  setText(parts.state, [row.state, row.children ? `${format.count(row.children)} below` : ""].filter(Boolean).join(", "));
  setText(parts.age, row.age === null ? "" : format.duration(row.age));
  setText(parts.depth, format.count(row.mailbox));
  parts.depth.className = row.mailbox > 0 ? "waiting" : "";
  parts.depth.title = "Messages that wait in its mailbox";
}
