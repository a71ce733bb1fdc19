// Bans of the whole cluster, where this node knows of them.

import { get, post, remove } from "./api.js";
import { ask, toast } from "./ask.js";
import { byId, el, foreign, reconcile, setText } from "./dom.js";
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
  #timer; #mayWrite = false;

  constructor() {
    byId("bans-form").addEventListener("submit", event => {
      event.preventDefault();
      this.#add();
    });
  }

  set mayWrite(value) {
    this.#mayWrite = value;
    byId("bans-form").hidden = !value;
  }

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

    byId("bans-head").replaceChildren(el("tr", {}, ...columns.map(column => el("th", { scope: "col" }, column.name)),
      el("th", {}, el("span", { class: "visually-hidden" }, "Actions"))));
    byId("bans-head").hidden = bans.items.length === 0;
    reconcile(byId("bans-rows"), bans.items, ban => ban.id, ban => this.#row(ban), update);
    byId("bans-empty").hidden = bans.items.length > 0;
    setText(byId("bans-note"), `${format.count(bans.items.length)}${bans.next ? " and more" : ""}`);
  }

  #row(ban) {
    const lift = this.#mayWrite
      ? el("button", { type: "button", class: "lift", "aria-label": `Lift the ban of ${ban.user ?? "everybody"} at ${ban.address ?? "any address"}`, onclick: () => this.#lift(ban) }, "Lift")
      : null;
    return el("tr", {}, ...columns.map(() => el("td")), el("td", { class: "action" }, lift));
  }

  async #lift(ban) {
    try {
      await remove(`/v1/bans/${encodeURIComponent(ban.id)}`);
      toast("The ban was lifted.");
    } catch (problem) {
      toast(problem.status === 404 ? "The ban had ended already." : `The ban stays: ${problem.message}`, problem.status !== 404);
    }
    this.#refresh();
  }

  async #add() {
    const fields = {};
    for (const name of ["user", "address", "duration", "reason"]) {
      const value = byId(`ban-${name}`).value.trim();
      if (value) fields[name] = value;
    }
    if (!fields.user && !fields.address) {
      toast("Say whom: a user, an address, or both.", true);
      byId("ban-address").focus();
      return;
    }
    const whom = [fields.user, fields.address && `at ${fields.address}`].filter(Boolean).join(" ");
    if (!await ask({ title: `Ban ${whom}?`, text: "The sessions it has end at once, at every node, and it gets no new ones until the ban ends or is lifted.", yes: "Ban" })) return;
    try {
      await post("/v1/bans", fields);
      byId("bans-form").reset();
      toast(`${whom} is banned.`);
    } catch (problem) {
      toast(`Nobody is banned: ${problem.message}`, true);
    }
    this.#refresh();
  }
}

function update(row, ban) {
  columns.forEach((column, i) => {
    const shown = column.cell(ban);
    if (typeof shown === "string") setText(row.cells[i], shown);
    else if (row.cells[i].textContent !== shown.textContent) row.cells[i].replaceChildren(shown);
  });
}
