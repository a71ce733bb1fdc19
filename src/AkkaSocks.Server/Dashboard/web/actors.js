// The tree of actors with the depth of their mailboxes, where this node tells of them.

import { get } from "./api.js";
import { byId, el, foreign, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const refreshEvery = 4000;

export class Actors {
  #timer; #closed = new Set();

  constructor() {
    byId("actors-tree").addEventListener("keydown", event => this.#key(event));
  }

  /** Whether this node tells of them. */
  set isThere(value) {
    byId("actors").hidden = byId("nav-actors").hidden = !value;
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
      answer = await get("/v1/actors?depth=4&top=25");
    } catch (problem) {
      setText(byId("actors-note"), problem.message);
      return;
    }

    const rows = [];
    for (const root of answer.items) this.#flatten(root, 1, rows);
    reconcile(byId("actors-tree"), rows, row => row.path, row => this.#make(row), update);
    const first = byId("actors-tree").firstElementChild;
    if (first && !byId("actors-tree").querySelector("[tabindex='0']")) first.tabIndex = 0;
    const live = answer.types.reduce((sum, type) => sum + type.live, 0);
    setText(byId("actors-note"), `of this node, ${format.count(live)} alive${answer.isCut ? "; those with most messages waiting are shown" : ""}`);
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
