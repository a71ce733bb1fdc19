// Refusals by reason, since the nodes started.

import { byId, el, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

// What an operator may do about it, in few words; a click shows whom it was, and what decided.
const advice = {
  "bad-credentials": "Unknown user or wrong password",
  "user-disabled": "Enable: akkasocks user set NAME --enable",
  "user-expired": "The user's expires-at is over",
  "too-many-sessions-of-user": "The user's max-sessions is reached",
  "too-many-sessions": "limits.max-sessions is reached",
  "too-many-sessions-from-address": "limits.max-sessions-per-address is reached",
  "special-purpose-address": "Not a public address: egress.allow lets it through",
  "own-endpoint": "One of the proxy's own listeners",
  "name-not-resolved": "The name does not exist, or its servers failed",
  "name-lookup-timed-out": "The name's servers are silent",
  "verification-busy": "More logins than auth.verification can do",
  "registry-unavailable": "No node could be asked for the limit",
  "node-stopping": "The node drains",
  "unknown-protocol": "The first byte is of no protocol of the listener",
  "no-acceptable-method": "The client offers no method of auth.methods",
  "connection-refused": "The destination said no",
  "connect-timed-out": "The destination did not answer",
};

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
    advice[reason] ? el("span", { class: "muted small" }, advice[reason]) : null);
  item.parts = parts;
  return item;
}
