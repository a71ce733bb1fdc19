// What happens, newest first.

import { byId, el, foreign, setText } from "./dom.js";
import * as format from "./format.js";

const most = 200;
const kept = 400;

export class Events {
  #all = []; #isPaused = false; #lost = 0; #pending = false; #onWhy;

  /** @param onWhy called with the id of a session of which somebody wants to know why it was refused. */
  constructor(onWhy) {
    this.#onWhy = onWhy;
    byId("events-kind").addEventListener("change", () => this.#paint());
    byId("events-pause").addEventListener("click", event => {
      this.#isPaused = !this.#isPaused;
      event.currentTarget.setAttribute("aria-pressed", this.#isPaused);
      setText(event.currentTarget, this.#isPaused ? "Resume" : "Pause");
      this.#paint();
    });
  }

  add(kind, happened) {
    this.#all.push({ kind, happened });
    if (this.#all.length > kept) this.#all.shift();
    this.#later();
  }

  lose(count) {
    this.#lost += count;
    this.#later();
  }

  // However much happens, it is painted twice a second.
  #later() {
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      if (!this.#isPaused) this.#paint();
    }, 500);
  }

  #paint() {
    const kinds = byId("events-kind").value.split(" ");
    const shown = this.#all.filter(it => kinds[0] === "" || kinds.includes(it.kind)).slice(-most).reverse();
    const rows = byId("events-rows");
    const known = new Map([...rows.children].map(row => [row.event, row]));
    rows.replaceChildren(...shown.map(it => known.get(it) ?? row(it, this.#onWhy)));
    byId("events-empty").hidden = shown.length > 0;
    setText(byId("events-note"), this.#isPaused ? "paused" : this.#lost ? `${format.count(this.#lost)} more were too fast to show` : "");
  }
}

function row(it, onWhy) {
  const { kind, happened } = it;
  const at = new Date(happened.time);
  const item = el("li", { "data-kind": kind },
    el("time", { datetime: happened.time, class: "mono muted" }, format.time(at)),
    el("div", {}, ...words(kind, happened), kind === "session-refused" && happened.session ? why(happened.session, onWhy) : null));
  item.event = it;
  return item;
}

function why(session, onWhy) {
  return el("button", { type: "button", class: "why", "aria-label": `Why session ${session} was refused`, onclick: () => onWhy(session) }, "why?");
}

function words(kind, happened) {
  const who = happened.user ? foreign(happened.user) : el("span", { class: "mono" }, happened.client ?? "");
  const where = happened.destination ? [" to ", foreign(happened.destination)] : [];
  const at = el("span", { class: "muted" }, ` ${happened.node}`);
  switch (kind) {
    case "session-started":
      return [who, ...where, el("span", { class: "muted" }, " opened,"), at];
    case "session-ended":
      return [who, ...where, el("span", { class: "muted" },
        ` ${format.words(happened.end)}${happened.reason ? ` (${format.words(happened.reason)})` : ""}, `
        + `${format.bytes(happened.clientToDestination + happened.destinationToClient)} in ${format.duration(happened.durationSeconds)},`), at];
    case "session-refused":
      return [who, ...where, el("strong", { class: "reason" }, ` ${format.words(happened.reason ?? "refused")}`), el("span", { class: "muted" }, ","), at];
    case "node-changed":
      return ["node ", el("strong", {}, happened.node), ` ${format.words(happened.reason)}`];
    case "user-changed":
      return ["user ", who, " changed"];
    case "user-removed":
      return ["user ", who, " removed"];
    case "ban-added":
    case "ban-ended":
      return [happened.user ? foreign(happened.user) : "everybody", " at ", happened.client ?? "any address",
        kind === "ban-added" ? el("strong", { class: "reason" }, ` banned (${happened.reason})`) : " is banned no more"];
    default:
      return [format.words(kind), " ", who, at];
  }
}
