// Refusals by reason, since the nodes started.

import { get } from "./api.js";
import { byId, el, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

// What each reason means, in the node's own words.
const words = new Map();

/** Learns what the reasons mean. */
export async function learnReasons() {
  try {
    for (const it of (await get("/v1/reasons")).items) words.set(it.reason, it);
  } catch {
    // A node of an older version has no words for them: then the reasons stand alone.
  }
}

/** @param onChosen called with the reason that was clicked. */
export function showRefusals(refusals, onChosen) {
  const total = refusals.reduce((sum, [, count]) => sum + count, 0);
  const most = refusals[0]?.[1] ?? 1;
  setText(byId("refusals-note"), total ? `${format.count(total)} since start` : "");
  reconcile(byId("refusals-rows"), refusals.map(([reason, count]) => ({ reason, count })), it => it.reason, it => make(it, onChosen), (item, { count }) => {
    setText(item.parts.count, format.count(count));
    item.parts.level.style.width = `${count / most * 100}%`;
  });
  const empty = byId("refusals-empty");
  empty.hidden = refusals.length > 0;
  if (!empty.hidden) setText(empty, "Nobody has been refused since the nodes started.");
}

function make({ reason }, onChosen) {
  const parts = { count: el("b"), level: el("i", { class: "warn" }) };
  const item = el("li", {},
    el("div", {}, el("button", { type: "button", class: "name", title: "Show whom, and why", onclick: () => onChosen(reason) }, format.words(reason)), parts.count),
    el("span", { class: "track" }, parts.level),
    words.has(reason) ? el("span", { class: "muted small" }, words.get(reason).words) : null);
  item.parts = parts;
  return item;
}
