// The figures at the top and the two charts: the cluster added up once a second.

import { Chart, Sparkline } from "./chart.js";
import { byId, el, setText } from "./dom.js";
import * as format from "./format.js";

const shown = [
  { name: "Sessions", of: sums => sums.sessions, text: format.count },
  { name: "Connections", unit: "/s", of: sums => sums.accepted, text: format.perSecond },
  { name: "To clients", of: sums => sums.down, text: format.rate },
  { name: "To destinations", of: sums => sums.up, text: format.rate },
  { name: "Refusals", unit: "/s", of: sums => sums.refused, text: format.perSecond },
  { name: "Busiest loop", of: sums => sums.busiest, text: format.percent },
];

// Nodes are told of every 5 s.
const every = 5;
const filled = 180;

// All nodes at so many seconds ago; null where none had told of itself.
function sumsAt(nodes, age) {
  const sums = { sessions: 0, accepted: 0, refused: 0, up: 0, down: 0, busiest: 0 };
  let isKnown = false;
  for (const node of nodes) {
    const point = node.points.findLast(it => it.ageSeconds >= age);
    if (!point || point.ageSeconds > age + 3 * every) continue;
    isKnown = true;
    sums.sessions += point.sessions;
    sums.accepted += point.acceptedPerSecond;
    sums.refused += point.refusedPerSecond;
    sums.up += point.clientToDestinationPerSecond;
    sums.down += point.destinationToClientPerSecond;
    sums.busiest = Math.max(sums.busiest, point.busiestLoop);
  }
  return isKnown ? sums : null;
}

export class Figures {
  #tiles; #traffic; #arrivals; #refused = 0;

  constructor() {
    this.#tiles = shown.map(figure => {
      const value = el("strong", { class: "value" }, "–");
      const line = el("canvas", { class: "spark", "aria-hidden": "true" });
      byId("figures").append(el("div", { class: "tile" }, el("span", { class: "name" }, figure.name), value, line));
      return { figure, value, spark: new Sparkline(line) };
    });
    this.#traffic = new Chart(byId("traffic"), byId("traffic-legend"), [
      { name: "To clients", colour: "--accent", isFilled: true },
      { name: "To destinations", colour: "--second", isFilled: false },
    ], format.rate, 2900);
    this.#arrivals = new Chart(byId("arrivals"), byId("arrivals-legend"), [
      { name: "Accepted", colour: "--accent", isFilled: true },
      { name: "Refused", colour: "--warn", isFilled: false },
    ], value => `${format.perSecond(value)}/s`, 2.9);
  }

  /** Takes in what the cluster did in the last minutes, so that nothing begins empty. */
  fill(history) {
    const now = Date.now();
    const steps = Math.floor(Math.min(history.windowSeconds, filled) / every);
    const points = [];
    for (let step = steps; step >= 1; step--) {
      const sums = sumsAt(history.nodes, step * every);
      if (sums) points.push({ at: now - step * every * 1000, sums });
    }
    this.#refused = points.at(-1)?.sums.refused ?? 0;
    this.#traffic.fill(points.map(({ at, sums }) => ({ at, values: [sums.down, sums.up] })));
    this.#arrivals.fill(points.map(({ at, sums }) => ({ at, values: [sums.accepted, sums.refused] })));
    for (const { figure, spark } of this.#tiles)
      spark.fill(points.slice(-60 / every).flatMap(({ sums }) => Array(every).fill(figure.of(sums))));
  }

  /** Takes in what the cluster does now. */
  add(told) {
    const at = Date.now();

    // Until two reports of a node are there, how much is refused is known from before.
    const sums = { ...told, refused: told.refused ?? this.#refused };
    for (const { figure, value, spark } of this.#tiles) {
      setText(value, figure.text(figure.of(sums)) + (figure.unit ?? ""));
      spark.add(figure.of(sums));
    }
    this.#traffic.add(at, [sums.down, sums.up]);
    this.#arrivals.add(at, [sums.accepted, sums.refused]);
  }
}
