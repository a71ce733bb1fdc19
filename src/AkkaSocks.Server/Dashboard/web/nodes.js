// The nodes: who is there, what each does, and letting one drain.

import { post } from "./api.js";
import { ask, toast } from "./ask.js";
import { byId, el, reconcile, setText } from "./dom.js";
import * as format from "./format.js";

const unknown = "–";

/** What is known of the cluster: the list of nodes, and each one's latest figures. */
export class Cluster {
  nodes = [];
  #refused = new Map();
  #atDrain = new Map();
  #mayWrite = false;

  set mayWrite(value) {
    this.#mayWrite = value;
    this.paint();
  }

  /** Takes in the list. */
  setNodes(nodes) {
    const latest = new Map(this.nodes.map(node => [node.name, node]));
    this.nodes = nodes.map(node => {
      const told = latest.get(node.name);
      return told?.figures && told.toldAt > Date.now() - 4000
        ? { ...node, figures: told.figures, sessions: told.sessions, toldAt: told.toldAt, refused: told.refused } : node;
    });
    this.paint();
  }

  /** Takes in figures of one node. */
  setFigures(told) {
    const node = this.nodes.find(it => it.name === told.name);
    if (!node) return false;
    Object.assign(node, { sessions: told.sessions, isDraining: told.isDraining, figures: told.figures, toldAt: Date.now() });
    node.refused = this.#refusedPerSecond(told);
    return true;
  }

  /** The nodes added up. */
  get sums() {
    const sum = of => this.nodes.reduce((total, node) => total + (of(node) ?? 0), 0);
    return {
      sessions: sum(node => node.sessions),
      accepted: sum(node => node.figures?.acceptedPerSecond),
      up: sum(node => node.figures?.clientToDestinationPerSecond),
      down: sum(node => node.figures?.destinationToClientPerSecond),
      refused: this.nodes.some(node => node.refused !== undefined && node.refused !== null) ? sum(node => node.refused) : null,
      busiest: Math.max(0, ...this.nodes.flatMap(node => node.figures?.loopsBusy ?? [])),
    };
  }

  /** Refusals of all nodes by reason, most first. */
  get refusals() {
    const all = new Map();
    for (const node of this.nodes)
      for (const [reason, count] of Object.entries(node.figures?.refusals ?? {})) all.set(reason, (all.get(reason) ?? 0) + count);
    return [...all].sort(([a, x], [b, y]) => y - x || a.localeCompare(b));
  }

  paint() {
    const isUp = this.nodes.filter(node => node.state === "up" && !node.isDraining).length;
    setText(byId("cluster-note"), `${isUp} of ${this.nodes.length} take clients`);
    reconcile(byId("nodes"), this.nodes, node => node.address, make, (card, node) => this.#update(card, node));
    this.#offer();
  }

  #refusedPerSecond(told) {
    const total = Object.values(told.figures?.refusals ?? {}).reduce((sum, count) => sum + count, 0);
    const before = this.#refused.get(told.name);
    const at = told.figures?.uptimeSeconds ?? 0;
    if (before && at - before.at >= 0 && at - before.at < 0.5) return before.rate;
    const rate = before && at > before.at ? Math.max(0, total - before.total) / (at - before.at) : null;
    this.#refused.set(told.name, { total, at, rate });
    return rate;
  }

  #update(card, node) {
    const { parts } = card;
    const figures = node.figures;
    const state = node.isDraining && node.state === "up" ? "draining" : node.state;
    card.dataset.state = state;
    setText(parts.name, node.name);
    setText(parts.state, node.isSelf ? `${state}, asked` : state);
    setText(parts.address, node.address);
    setText(parts.sessions, format.count(node.sessions));
    setText(parts.down, figures ? format.rate(figures.destinationToClientPerSecond) : unknown);
    setText(parts.up, figures ? format.rate(figures.clientToDestinationPerSecond) : unknown);
    setText(parts.accepted, figures ? `${format.perSecond(figures.acceptedPerSecond)}/s` : unknown);
    setText(parts.memory, figures ? format.bytes(figures.memoryBytes) : unknown);
    setText(parts.cores, figures ? figures.processors.toFixed(2) : unknown);
    setText(parts.about, figures ? `${figures.version}, up ${format.duration(figures.uptimeSeconds)}` : "has told nothing of itself yet");
    reconcile(parts.loops, (figures?.loopsBusy ?? []).map((busy, index) => ({ busy, index })), loop => loop.index, makeLoop, updateLoop);
    parts.loops.hidden = !figures?.loopsBusy.length;
    parts.drain.hidden = !this.#mayWrite || node.isDraining || !["up", "weakly-up"].includes(node.state);
    parts.drain.onclick = () => drain(node);
    parts.drain.setAttribute("aria-label", `Drain ${node.name}`);
    this.#progress(parts, node);
  }

  #progress(parts, node) {
    parts.progress.hidden = !node.isDraining;
    if (!node.isDraining) return;
    const most = Math.max(this.#atDrain.get(node.name) ?? 0, node.sessions, 1);
    this.#atDrain.set(node.name, most);
    parts.bar.max = most;
    parts.bar.value = most - node.sessions;
    const since = node.figures?.drainingSeconds;
    const until = node.figures?.drainLeftSeconds ?? null;
    setText(parts.left, node.sessions === 0
      ? "No sessions left; it stops"
      : `${format.count(node.sessions)} of ${format.count(most)} left${since ? `, for ${format.duration(since)}` : ""}`
        + (until === null ? "" : `; those that are left then end in ${format.duration(until)}`));
  }

  // The choice of nodes above the sessions.
  #offer() {
    const choice = byId("sessions-node");
    const names = this.nodes.map(node => node.name);
    const offered = [...choice.options].slice(1).map(option => option.value);
    if (names.length === offered.length && names.every((name, i) => name === offered[i])) return;
    const chosen = choice.value;
    choice.replaceChildren(choice.options[0], ...names.map(name => el("option", { value: name }, name)));
    choice.value = names.includes(chosen) ? chosen : "";
  }
}

function make() {
  const part = (name, properties = {}) => el(name, properties);
  const parts = {
    name: part("h3"),
    state: part("span", { class: "pill" }),
    address: part("span", { class: "muted small mono" }),
    sessions: part("strong"),
    down: part("dd"),
    up: part("dd"),
    accepted: part("dd"),
    memory: part("dd"),
    cores: part("dd"),
    loops: part("ul", { class: "loops", "aria-label": "Load of each event loop" }),
    progress: part("div", { class: "progress", role: "status" }),
    bar: part("progress", { "aria-label": "Sessions that have ended" }),
    left: part("span", { class: "small" }),
    about: part("span", { class: "muted small" }),
    drain: part("button", { type: "button", class: "quiet" }),
  };
  parts.drain.append("Drain…");
  parts.progress.append(parts.bar, parts.left);
  const pair = (name, value) => el("div", {}, el("dt", {}, name), value);
  const card = el("li", { class: "card node" },
    el("div", { class: "node-head" }, el("div", {}, parts.name, parts.address), parts.state),
    el("p", { class: "node-sessions" }, parts.sessions, el("span", { class: "muted" }, "sessions")),
    el("dl", {},
      pair("To clients", parts.down), pair("To destinations", parts.up), pair("Connections", parts.accepted),
      pair("Memory", parts.memory), pair("Cores used", parts.cores)),
    parts.loops, parts.progress,
    el("div", { class: "node-foot" }, parts.about, parts.drain));
  card.parts = parts;
  return card;
}

function makeLoop({ index }) {
  const level = el("i");
  const text = el("b");
  const loop = el("li", {}, el("span", {}, `loop ${index}`), el("span", { class: "track" }, level), text);
  loop.parts = { level, text };
  return loop;
}

function updateLoop(loop, { busy }) {
  loop.parts.level.style.width = `${Math.min(busy, 1) * 100}%`;
  loop.parts.level.className = busy > 0.85 ? "hot" : "";
  setText(loop.parts.text, format.percent(busy));
}

async function drain(node) {
  const sessions = node.sessions === 1 ? "the session it has" : `the ${format.count(node.sessions)} sessions it has`;
  const isSure = await ask({
    title: `Drain ${node.name}?`,
    text: `It takes no new sessions any more, waits for ${sessions} until cluster.drain-timeout is over, and stops. `
      + "This is not taken back: its supervisor has to start it again.",
    yes: `Drain ${node.name}`,
  });
  if (!isSure) return;
  try {
    await post("/v1/drain", { node: node.name });
    toast(`${node.name} drains.`);
  } catch (problem) {
    toast(`${node.name} does not drain: ${problem.message}`, true);
  }
}
