// The dashboard: asks for the token, and then shows what the API of this node tells of the whole cluster.

import { Actors } from "./actors.js";
import { ApiError, follow, get, token } from "./api.js";
import { Bans } from "./bans.js";
import { byId, setText } from "./dom.js";
import { Events } from "./events.js";
import { Exchanges } from "./exchanges.js";
import { Explain } from "./explain.js";
import { Figures } from "./figures.js";
import { Log } from "./log.js";
import { Cluster } from "./nodes.js";
import { learnReasons, showRefusals } from "./refusals.js";
import { Sessions } from "./sessions.js";
import { Users } from "./users.js";

const nodesEvery = 5000;
const paintEvery = 1000;

const cluster = new Cluster();
const figures = new Figures();
const sessions = new Sessions();
const users = new Users(name => sessions.search(name));
const explain = new Explain();
const events = new Events(session => explain.session(session));
const bans = new Bans();
const actors = new Actors();
const exchanges = new Exchanges();
const log = new Log();
let stop = null;

async function open() {
  let self, description;
  try {
    [self, description] = await Promise.all([get("/v1/node"), get("/openapi/v1.json")]);
  } catch (problem) {
    showDoor(problem);
    return;
  }
  byId("door").hidden = true;
  byId("view").hidden = byId("forget").hidden = byId("sections").hidden = false;
  setText(byId("footer-version"), `AkkaSocks ${self.node.figures?.version ?? ""}, as ${self.node.name} sees it`
    + (self.mayWrite ? "" : ", with a token that may only look"));
  document.title = `AkkaSocks · ${self.node.name}`;
  cluster.mayWrite = sessions.mayWrite = bans.mayWrite = self.mayWrite;
  explain.isThere = "/v1/explain" in description.paths;
  bans.isThere = "/v1/bans" in description.paths;
  actors.isThere = "/v1/actors" in description.paths;
  exchanges.isThere = "/v1/exchanges" in description.paths;
  log.isThere = "/v1/log" in description.paths && self.mayWrite;
  sessions.listener = self.listeners[0]?.endpoint;
  run();
}

function run() {
  const ended = new AbortController();
  const timers = [setInterval(refreshNodes, nodesEvery), setInterval(paint, paintEvery)];
  stop = () => {
    ended.abort();
    timers.forEach(clearInterval);
    [sessions, users, bans, actors, exchanges, log].forEach(part => part.close());
    byId("intercepting").hidden = byId("view").hidden = byId("forget").hidden = byId("sections").hidden = byId("link-state").hidden = byId("banner").hidden = true;
    stop = null;
  };
  refreshNodes();
  fillCharts();
  learnReasons();
  [sessions, users, bans, actors, exchanges, log].forEach(part => part.open());
  follow("/v1/events", onEvent, onState, ended.signal);
}

function onEvent(kind, told) {
  if (kind === "figures") {
    if (!cluster.setFigures(told)) refreshNodes();
  } else if (kind === "lost") {
    events.lose(told.count);
  } else {
    events.add(kind, told);
    if (kind === "node-changed") refreshNodes();
    if (kind.startsWith("ban-")) bans.open();
    if (kind === "user-changed" || kind === "user-removed") users.refresh();
  }
}

function onState(isLive, problem, pause) {
  const state = byId("link-state");
  state.hidden = false;
  state.dataset.live = isLive;
  setText(state, isLive ? "Live" : "Not live");
  byId("banner").hidden = isLive;
  if (isLive) return;
  if (problem.needsToken) {
    stop?.();
    showDoor(problem);
  } else {
    setText(byId("banner"), `${problem.message} Figures stand still; trying again in ${pause} s. Any other node shows the same dashboard.`);
  }
}

async function refreshNodes() {
  try {
    cluster.setNodes((await get("/v1/nodes")).items);
  } catch {
    // The stream of events says so.
  }
}

async function fillCharts() {
  try {
    figures.fill(await get("/v1/history"));
  } catch {
    // A node of an older version remembers nothing: then they begin now.
  }
}

function paint() {
  if (!cluster.nodes.length || document.hidden && !cluster.nodes.some(node => node.toldAt)) return;
  if (byId("link-state").dataset.live !== "true") return;
  cluster.paint();
  figures.add(cluster.sums);
  showRefusals(cluster.refusals, reason => explain.open(reason));
  actors.offer(cluster.nodes);
  exchanges.offer(cluster.nodes);
  log.offer(cluster.nodes);
}

function showDoor(problem) {
  byId("door").hidden = false;
  const shown = byId("door-problem");
  const isFirst = !(problem instanceof ApiError) || problem.kind === "token-missing" || !token.get();
  shown.hidden = isFirst && problem?.kind !== "no-token-configured";
  setText(shown, problem?.kind === "token-wrong"
    ? "This is not a token of this node. Look at admin.token in its configuration, or AKKASOCKS_ADMIN_TOKEN in its environment."
    : problem?.message ?? "");
  byId("token").focus();
}

byId("door-form").addEventListener("submit", event => {
  event.preventDefault();
  token.set(byId("token").value.trim());
  byId("token").value = "";
  open();
});
byId("forget").addEventListener("click", () => {
  token.forget();
  stop?.();
  showDoor(null);
});
byId("theme").addEventListener("click", () => globalThis.turnTheme());
addEventListener("keydown", event => {
  const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || byId("view").hidden) return;
  event.preventDefault();
  byId("sessions-search").focus();
  byId("sessions").scrollIntoView({ block: "start" });
});

if (token.get()) open();
else showDoor(null);
