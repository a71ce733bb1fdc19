// Users with what they use of what they may: those with most sessions, or those that are searched for.

import { get } from "./api.js";
import { byId, el, foreign, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const most = 12;
const refreshEvery = 4000;
const typing = 250;

export class Users {
  #timer; #asked = 0; #onChosen;

  /** @param onChosen called with the name of a user whose sessions are to be shown. */
  constructor(onChosen) {
    this.#onChosen = onChosen;
    let pause;
    byId("users-search").addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => this.refresh(), typing);
    });
    byId("users-filters").addEventListener("submit", event => event.preventDefault());
  }

  open() {
    this.close();
    this.refresh();
    this.#timer = setInterval(() => { if (!document.hidden) this.refresh(); }, refreshEvery);
  }

  close() {
    clearInterval(this.#timer);
  }

  async refresh() {
    const asked = ++this.#asked;
    const text = byId("users-search").value.trim();
    const query = new URLSearchParams({ limit: most });
    if (text) query.set("q", text);
    try {
      const busiest = text ? null : await get(`/v1/users?${query}&sort=-sessions`);
      const page = busiest?.items.length ? busiest : await get(`/v1/users?${query}`);
      if (asked === this.#asked) this.#show(page, text);
    } catch (problem) {
      if (asked === this.#asked) setText(byId("users-note"), problem.message);
    }
  }

  #show(page, text) {
    setText(byId("users-note"), `${format.count(page.total)}`);
    reconcile(byId("users-rows"), page.items, user => user.name, user => this.#make(user), update);
    const empty = byId("users-empty");
    empty.hidden = page.items.length > 0;
    if (!empty.hidden) {
      empty.replaceChildren(...(text ? ["No name has that in it."]
        : ["There are no users. Add one: ", el("code", {}, "akkasocks user add NAME --max-sessions 4")]));
    }
  }

  #make(user) {
    const parts = { tags: el("span", { class: "muted small" }), use: el("b"), level: el("i") };
    const name = el("button", { type: "button", class: "name", title: "Show its sessions", onclick: () => this.#onChosen(user.name) }, foreign(user.name));
    const item = el("li", {}, el("div", {}, name, parts.tags, parts.use), el("span", { class: "track" }, parts.level));
    item.parts = parts;
    return item;
  }
}

function update(item, user) {
  const { parts } = item;
  const share = user.maxSessions ? user.sessions / user.maxSessions : 0;
  setText(parts.use, user.maxSessions ? `${format.count(user.sessions)} of ${format.count(user.maxSessions)}` : format.count(user.sessions));
  parts.level.style.width = `${Math.min(share, 1) * 100}%`;
  parts.level.className = share >= 1 ? "hot" : "";
  const isOver = user.expiresAt !== null && Date.parse(user.expiresAt) <= Date.now();
  setText(parts.tags, !user.enabled ? "disabled" : isOver ? "expired" : user.maxSessions ? "" : "no limit");
}
