// Bans of the whole cluster, where this node knows of them.

import { get } from "./api.js";
import { byId, el, foreign, setText } from "./dom.js";
import * as format from "./format.js";

const refreshEvery = 5000;

const columns = [
  { name: "Address", cell: ban => ban.address ?? el("span", { class: "muted" }, "any") },
  { name: "User", cell: ban => ban.user === null ? el("span", { class: "muted" }, "any") : foreign(ban.user) },
  { name: "Cause", cell: ban => ban.cause },
  { name: "Reason", cell: ban => ban.reason === null ? el("span", { class: "muted" }, "–") : foreign(ban.reason) },
  { name: "Ends in", cell: ban => format.duration(ban.expiresInSeconds) },
];

export class Bans {
  #timer;

  /** Whether this node tells of them. */
  set isThere(value) {
    byId("bans").hidden = byId("nav-bans").hidden = !value;
  }

  open() {
    this.close();
    if (byId("bans").hidden) return;
    this.#refresh();
    this.#timer = setInterval(() => { if (!document.hidden) this.#refresh(); }, refreshEvery);
  }

  close() {
    clearInterval(this.#timer);
  }

  async #refresh() {
    let bans;
    try {
      bans = await get("/v1/bans?limit=100");
    } catch (problem) {
      setText(byId("bans-note"), problem.message);
      return;
    }

    byId("bans-head").replaceChildren(el("tr", {}, ...columns.map(column => el("th", { scope: "col" }, column.name))));
    byId("bans-head").hidden = bans.items.length === 0;
    byId("bans-rows").replaceChildren(...bans.items.map(ban => el("tr", {}, ...columns.map(column => el("td", {}, column.cell(ban))))));
    byId("bans-empty").hidden = bans.items.length > 0;
    setText(byId("bans-note"), `${format.count(bans.items.length)}${bans.next ? " and more" : ""}`);
  }
}
