// One exchange with all that its node remembers of it.

import { get } from "./api.js";
import { byId, el, foreign } from "./dom.js";
import * as format from "./format.js";

const longestUrl = 8000;
const longestField = 4000;
const longestBody = 20_000;
const mostMessages = 200;
const bytesOfALine = 16;
const linesOfBytes = 32;
const opcodes = { 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong" };

/** The status that the client got; a dash when it got none. */
export function status(it) {
  const level = it.status === 0 || it.status >= 500 ? "bad" : it.status >= 400 ? "poor" : "fine";
  return el("b", { class: `status ${level}` }, it.status === 0 ? "–" : String(it.status));
}

export class ExchangeDetail {
  #asked = 0;

  constructor() {
    byId("exchange-close").addEventListener("click", () => byId("exchange").close());
    byId("exchange").addEventListener("click", event => { if (event.target === byId("exchange")) byId("exchange").close(); });
  }

  /** Shows an exchange of the list. */
  async open(summary) {
    const asked = ++this.#asked;
    byId("exchange-title").replaceChildren(foreign(summary.method, { class: "foreign mono" }), " ", status(summary));
    byId("exchange-url").replaceChildren(foreign(summary.url, {}, { most: longestUrl }));
    byId("exchange-detail").replaceChildren(el("p", { class: "muted" }, "…"));
    if (!byId("exchange").open) byId("exchange").showModal();
    let told;
    try {
      told = await get(`/v1/exchanges/${encodeURIComponent(summary.id)}`);
    } catch (problem) {
      if (asked === this.#asked) this.#say(problem.status === 404 ? `${summary.node} does not remember it any more.` : problem.message);
      return;
    }
    if (asked === this.#asked) this.#show(told);
  }

  #say(text) {
    byId("exchange-detail").replaceChildren(el("p", { class: "muted" }, text));
  }

  #show(told) {
    const it = told.summary;
    byId("exchange-url").replaceChildren(foreign(it.url, {}, { most: longestUrl }));
    byId("exchange-detail").replaceChildren(
      el("dl", { class: "facts" },
        fact("Answer", ...answer(it)),
        // A node of an older version does not tell.
        told.edits?.length ? fact("Changed", ...changes(told.edits)) : "",
        fact("Client", it.user === null ? "" : foreign(it.user), it.user === null ? it.client : ` at ${it.client}`),
        fact("Session", el("span", { class: "mono" }, it.session), ` at ${it.node}`),
        fact("Time", `${new Date(it.started).toLocaleString("en-GB")}, ${it.version}`),
        fact("Took", timings(it))),
      part("Request", told.requestFields, told.requestBody),
      part("Response", told.responseFields, told.responseBody),
      told.messages.length ? messages(told.messages) : "");
  }
}

const fact = (name, ...children) => el("div", {}, el("dt", {}, name), el("dd", {}, ...children));

function answer(it) {
  const words = it.status === 0 ? "none: the client got no answer" : String(it.status);
  return [words,
    it.rule === null ? it.error === null ? ", by the origin" : "" : [", by the rule ", foreign(it.rule)],
    it.error === null ? "" : [": ", foreign(format.words(it.error), { class: "foreign reason" })]].flat();
}

function changes(edits) {
  return edits.flatMap(({ rule, what }, i) => [i > 0 ? "; " : "", format.words(what), " by the rule ", foreign(rule)]);
}

function timings(it) {
  const total = it.milliseconds, first = it.firstByteMilliseconds;
  const waited = el("i", { class: "waited" }), received = el("i", {});
  waited.style.width = `${total > 0 ? (first ?? total) / total * 100 : 100}%`;
  received.style.width = `${total > 0 && first !== null ? (total - first) / total * 100 : 0}%`;
  const words = first === null ? `${format.duration(total / 1000)}, no answer of an origin`
    : `${format.duration(total / 1000)}: ${format.duration(first / 1000)} until the origin's answer began, ${format.duration((total - first) / 1000)} for the rest`;
  return el("span", { class: "timing" }, el("span", { class: "track" }, waited, received), words);
}

function part(name, fields, body) {
  return el("section", { class: "part" },
    el("h3", {}, name),
    fields.length ? el("dl", { class: "fields" }, ...fields.map(field => el("div", {},
      el("dt", {}, foreign(field.name)), el("dd", {}, foreign(field.value, {}, { most: longestField }))))) : el("p", { class: "muted" }, "No fields."),
    ...bodyOf(body));
}

function bodyOf(body) {
  if (body.bytes === 0) return [el("p", { class: "muted" }, "No body.")];
  if (body.text === null && body.base64 === null) return [el("p", { class: "muted" }, `A body of ${format.bytes(body.bytes)}, which is not kept (mitm.capture.level).`)];
  const isCut = !body.isWhole || (body.text?.length ?? 0) > longestBody;
  return [
    el("p", { class: "muted" }, `${body.text === null ? "Binary" : "Body"}, ${format.bytes(body.bytes)}${isCut || body.text === null ? "; its beginning:" : ":"}`),
    el("pre", { tabindex: "0" }, body.text === null ? hex(body.base64) : foreign(body.text, {}, { most: longestBody, hasLines: true })),
  ];
}

// As hexdump prints it: what is shown is of digits alone.
function hex(base64) {
  const bytes = atob(base64.slice(0, Math.ceil(linesOfBytes * bytesOfALine / 3) * 4));
  const lines = [];
  for (let at = 0; at < Math.min(bytes.length, linesOfBytes * bytesOfALine); at += bytesOfALine) {
    const line = [...bytes.slice(at, at + bytesOfALine)].map(it => it.charCodeAt(0).toString(16).padStart(2, "0"));
    lines.push(`${at.toString(16).padStart(4, "0")}  ${line.join(" ")}`);
  }
  return lines.join("\n");
}

function messages(all) {
  return el("section", { class: "part" },
    el("h3", {}, `Messages${all.length > mostMessages ? `, the first ${mostMessages} of ${format.count(all.length)}` : ""}`),
    el("ol", { class: "messages" }, ...all.slice(0, mostMessages).map(it => el("li", { "data-from": it.fromClient ? "client" : "origin" },
      el("span", { class: "muted mono" }, `${it.fromClient ? "↑" : "↓"} ${format.time(new Date(it.time))}`),
      el("span", { class: "muted" }, opcodes[it.opcode] ?? String(it.opcode)),
      it.body.text !== null ? foreign(it.body.text, {}, { most: longestField })
        : el("span", { class: "mono" }, it.body.base64 !== null ? hex(it.body.base64) : format.bytes(it.body.bytes))))));
}
