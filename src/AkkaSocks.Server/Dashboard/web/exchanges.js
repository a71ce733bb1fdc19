// Exchanges that the nodes look into, as they end: found by the node that is asked, of all nodes.

import { download, follow, get } from "./api.js";
import { toast } from "./ask.js";
import { byId, el, foreign, offerNodes, reconcile, setText } from "./dom.js";
import { ExchangeDetail, status } from "./exchange.js";
import * as format from "./format.js";

const kept = 500;
const atFirst = 100;
const typing = 300;
const askAgain = 30_000;
const filters = ["host", "user", "method", "status", "node"];

const columns = [
  { name: "Time", cell: it => el("time", { datetime: it.started, class: "mono" }, format.time(new Date(it.started))) },
  { name: "Method", cell: it => foreign(it.method, { class: "foreign mono" }) },
  { name: "Status", cell: it => status(it) },
  { name: "URL", cell: () => "" },
  { name: "Type", cell: it => it.contentType === null ? "" : foreign(it.contentType.split(";")[0]) },
  { name: "Size", isNumber: true, cell: it => format.bytes(it.responseBytes) },
  { name: "Took", isNumber: true, cell: it => format.duration(it.milliseconds / 1000) },
  { name: "User", cell: it => it.user === null ? el("span", { class: "muted" }, "–") : foreign(it.user) },
  { name: "Node", cell: it => it.node },
];

export class Exchanges {
  #all = []; #isPaused = false; #pending = false; #lost = 0; #new = 0; #silent = []; #following = null; #detail = new ExchangeDetail(); #isAllowed = true; #again;

  constructor() {
    byId("exchanges-head").append(...columns.map(({ name, isNumber }) => el("th", { scope: "col", class: isNumber ? "number" : null }, name)));
    let pause;
    for (const name of filters) {
      byId(`exchanges-${name}`).addEventListener(name === "node" ? "change" : "input", () => {
        clearTimeout(pause);
        pause = setTimeout(() => this.open(), typing);
      });
    }
    byId("exchanges-filters").addEventListener("submit", event => event.preventDefault());
    byId("exchanges-pause").addEventListener("click", event => {
      this.#isPaused = !this.#isPaused;
      this.#new = 0;
      event.currentTarget.setAttribute("aria-pressed", this.#isPaused);
      setText(event.currentTarget, this.#isPaused ? "Resume" : "Pause");
      this.#paint();
    });
    byId("exchanges-har").addEventListener("click", () => this.#export());
  }

  /** Whether this node tells of them. */
  set isThere(value) {
    byId("exchanges").hidden = byId("nav-exchanges").hidden = !value;
  }

  /** The choice of nodes. */
  offer(nodes) {
    offerNodes(byId("exchanges-node"), nodes);
  }

  /** Begins to follow them, with the filter of the moment. */
  async open() {
    this.close();
    if (byId("exchanges").hidden) return;
    const following = this.#following = new AbortController();
    this.#lost = 0;
    this.#showInterception(false);

    // The list comes once the stream stands, so that nothing ends between the two.
    if (await this.#fill(following.signal))
      follow(`/v1/exchanges/events?${this.#query()}`, (kind, told) => this.#on(kind, told), isLive => isLive && this.#fill(following.signal), following.signal);
    else if (!following.signal.aborted && this.#isAllowed) this.#again = setTimeout(() => this.open(), askAgain);
  }

  close() {
    clearTimeout(this.#again);
    this.#following?.abort();
  }

  /** Shows the list; false when there is none to follow. */
  async #fill(signal) {
    let page;
    try {
      page = await get(`/v1/exchanges?limit=${atFirst}&${this.#query()}`);
    } catch (problem) {
      if (!signal.aborted) this.#refuse(problem);
      return false;
    }
    if (signal.aborted) return false;
    if (page.isCaptured) this.#showInterception(true);
    [this.#all, this.#silent] = [page.items, page.silent];
    if (page.isCaptured || page.silent.length) {
      byId("exchanges-filters").hidden = byId("exchanges-table").hidden = false;
      this.#paint();
      return true;
    }
    this.#tellHow();
    return false;
  }

  #query() {
    return new URLSearchParams(filters.map(name => [name, byId(`exchanges-${name}`).value.trim()]).filter(([, text]) => text !== ""));
  }

  #on(kind, told) {
    if (kind === "exchange") {
      if (this.#all.some(it => it.id === told.id && it.started === told.started)) return;
      this.#all.unshift(told);
      this.#new++;
      if (this.#all.length > kept) this.#all.length = kept;
    } else if (kind === "lost") {
      this.#lost += told.count;
    } else if (kind === "silent") {
      this.#silent = told.silent;
    }
    this.#later();
  }

  // However many end, they are painted twice a second.
  #later() {
    if (this.#pending) return;
    this.#pending = true;
    setTimeout(() => {
      this.#pending = false;
      this.#paint();
    }, 500);
  }

  #paint() {
    setText(byId("exchanges-note"), [
      this.#isPaused ? `paused${this.#new ? `, ${format.count(this.#new)} new` : ""}` : "",
      this.#lost ? `${format.count(this.#lost)} more were too fast to show` : "",
      this.#silent.length ? `without ${this.#silent.join(", ")}, which did not answer` : "",
    ].filter(Boolean).join("; "));
    if (this.#isPaused) return;
    reconcile(byId("exchanges-rows"), this.#all, it => `${it.id} ${it.started}`, it => this.#row(it), () => {});
    this.#say(this.#all.length ? []
      : [`${this.#query().size ? "No exchange fits" : "Nothing has been looked into yet"}. Exchanges appear here when they are over.`]);
  }

  #row(it) {
    const shown = el("button", { type: "button", class: "name url", onclick: () => this.#detail.open(it) }, foreign(it.url));
    shown.title = it.session;
    const why = it.rule !== null ? foreign(`rule ${it.rule}`, { class: "foreign tag" }) : it.error !== null ? foreign(format.words(it.error), { class: "foreign tag bad" }) : null;
    const edited = it.edits?.length ? foreign(`edited by ${it.edits.join(", ")}`, { class: "foreign tag" }) : null;
    return el("tr", {}, ...columns.map(({ name, isNumber, cell }) =>
      el("td", { class: isNumber ? "number" : null, "data-name": name }, ...(name === "URL" ? [shown, why, edited] : [cell(it)]))));
  }

  #refuse(problem) {
    const isFilter = problem.status === 400;
    this.#isAllowed = problem.status !== 403;
    byId("exchanges-table").hidden = byId("exchanges-filters").hidden = !isFilter;
    setText(byId("exchanges-note"), isFilter ? problem.message : "");
    this.#say(isFilter ? [] : [problem.message]);
  }

  #tellHow() {
    byId("exchanges-table").hidden = byId("exchanges-filters").hidden = true;
    this.#say(["Nothing is looked into. To see exchanges here, write down whose traffic it may be and restart the nodes: ",
      el("code", {}, "akkasocks.mitm { enabled = on, scope.include = [\"*.example.test\"] }"),
      ". The README says under “Looking inside” what that means for the people whose traffic it is."]);
  }

  #say(words) {
    byId("exchanges-empty").hidden = words.length === 0;
    byId("exchanges-empty").replaceChildren(...words);
  }

  // Whoever looks at it is to know. What other nodes are set to is seen by what they have captured.
  async #showInterception(isSomewhere) {
    const notice = byId("intercepting");
    try {
      const told = await get("/v1/interception");
      notice.hidden = !told.enabled && !isSomewhere;
      notice.replaceChildren(
        el("strong", {}, "Interception is on."),
        ...(told.enabled
          ? [" This node opens what passes to ", foreign(told.include.join(", ")), `: passwords, messages and pages of ${told.users.includes("*") ? "everybody" : "the users in scope"} are in the clear here. `,
            told.keyLog ? "The secrets of its TLS are written to a file (mitm.key-log). " : ""]
          : [" Not at this node, but at others of the cluster. "]),
        el("a", { href: "#exchanges" }, "Exchanges"));
    } catch {
      // A node of an older version does not look into anything.
      notice.hidden = true;
    }
  }

  async #export() {
    const button = byId("exchanges-har");
    button.disabled = true;
    try {
      await download(`/v1/exchanges/har?${this.#query()}`, "akkasocks.har");
    } catch (problem) {
      toast(`There is no archive: ${problem.message}`, true);
    } finally {
      button.disabled = false;
    }
  }
}
