// Bans, where this node knows of them: a list of whatever fields they have.

import { get } from "./api.js";
import { byId, el, foreign, setText } from "./dom.js";
import * as format from "./format.js";

const refreshEvery = 5000;

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

    const items = bans.items ?? [];
    const fields = [...new Set(items.flatMap(Object.keys))];
    byId("bans-head").replaceChildren(el("tr", {}, ...fields.map(field => el("th", { scope: "col" }, title(field)))));
    byId("bans-rows").replaceChildren(...items.map(ban => el("tr", {}, ...fields.map(field => el("td", {}, foreign(text(ban[field])))))));
    byId("bans-empty").hidden = items.length > 0;
    setText(byId("bans-note"), format.count(bans.total ?? items.length));
  }
}

const title = field => field.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().replace(/^./, letter => letter.toUpperCase());

const text = value => value === null || value === undefined ? "–" : typeof value === "object" ? JSON.stringify(value) : String(value);
