// A chart of the last minutes on a canvas: areas over time, with what stands under the pointer told in words.

import { setText } from "./dom.js";

const seconds = 180;
const gutter = 66;

export class Chart {
  #canvas; #series; #format; #points = []; #hover = null; #legend; #pending = false; #least;

  /**
   * @param series name, colour (a CSS variable) and whether it is filled; each point of data has as many values.
   * @param format how a value is written.
   * @param least what the axis reaches at least.
   */
  constructor(canvas, legend, series, format, least) {
    this.#least = least;
    this.#canvas = canvas;
    this.#series = series;
    this.#format = format;
    this.#legend = series.map(({ name, colour }) => {
      const swatch = document.createElement("i");
      swatch.style.background = `var(${colour})`;
      const value = document.createElement("b");
      const item = document.createElement("li");
      item.append(swatch, ` ${name} `, value);
      legend.append(item);
      return value;
    });
    canvas.addEventListener("pointermove", event => this.#point(event.offsetX));
    canvas.addEventListener("pointerleave", () => this.#point(null));
    canvas.addEventListener("keydown", event => this.#key(event));
    canvas.addEventListener("blur", () => this.#point(null));
    new ResizeObserver(() => this.draw()).observe(canvas);
    addEventListener("themechange", () => this.draw());
    this.draw();
  }

  /** Begins with what was measured before; what is there already and later stays. */
  fill(points) {
    const until = this.#points[0]?.at ?? Infinity;
    this.#points = [...points.filter(point => point.at < until), ...this.#points];
    this.draw();
  }

  /** Adds what was measured at a time. */
  add(at, values) {
    this.#points.push({ at, values });
    while (this.#points.length && this.#points[0].at < at - (seconds + 5) * 1000) this.#points.shift();
    this.draw();
  }

  draw() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#paint();
    });
  }

  #point(x) {
    this.#hover = x;
    this.draw();
  }

  #key(event) {
    const step = { ArrowLeft: -6, ArrowRight: 6 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#point(Math.min(Math.max((this.#hover ?? this.#canvas.clientWidth) + step, 0), this.#canvas.clientWidth));
  }

  #paint() {
    const canvas = this.#canvas;
    const [width, height, scale] = [canvas.clientWidth, canvas.clientHeight, devicePixelRatio || 1];
    if (width === 0) return;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const style = getComputedStyle(canvas);
    const colour = name => style.getPropertyValue(name).trim();
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);

    const now = this.#points.at(-1)?.at ?? Date.now();
    const { top, ticks } = axis(Math.max(...this.#points.flatMap(point => point.values), this.#least));
    const area = { left: gutter, right: width, top: 8, bottom: height - 18 };
    const xOf = at => area.right - (now - at) / 1000 / seconds * (area.right - area.left);
    const yOf = value => area.bottom - value / top * (area.bottom - area.top);

    this.#grid(pen, area, top, ticks, yOf, colour);
    this.#series.forEach((series, index) => this.#line(pen, area, index, series, xOf, yOf, colour));
    this.#tell(pen, area, now, xOf, yOf, colour);
  }

  #grid(pen, area, top, ticks, yOf, colour) {
    pen.font = `11px ${getComputedStyle(this.#canvas).fontFamily}`;
    pen.lineWidth = 1;
    for (let i = 0; i <= ticks; i++) {
      const value = top * i / ticks;
      const y = Math.round(yOf(value)) + 0.5;
      pen.strokeStyle = colour(i === 0 ? "--axis" : "--grid");
      pen.beginPath();
      pen.moveTo(area.left, y);
      pen.lineTo(area.right, y);
      pen.stroke();
      if (i > 0) {
        pen.fillStyle = colour("--muted");
        pen.textAlign = "right";
        pen.fillText(this.#format(value), area.left - 8, y + 4);
      }
    }
    pen.fillStyle = colour("--muted");
    for (const [text, share, align] of [["3 min ago", 0, "left"], ["2", 1 / 3, "center"], ["1", 2 / 3, "center"], ["now", 1, "right"]]) {
      pen.textAlign = align;
      pen.fillText(text, area.left + (area.right - area.left) * share, area.bottom + 14);
    }
  }

  #line(pen, area, index, series, xOf, yOf, colour) {
    if (this.#points.length < 2) return;
    pen.save();
    pen.beginPath();
    pen.rect(area.left, 0, area.right - area.left, area.bottom + 1);
    pen.clip();
    pen.beginPath();
    this.#points.forEach((point, i) => pen[i ? "lineTo" : "moveTo"](xOf(point.at), yOf(point.values[index])));
    pen.strokeStyle = colour(series.colour);
    pen.lineWidth = 1.6;
    pen.lineJoin = "round";
    pen.stroke();
    if (series.isFilled) this.#fill(pen, area, xOf, colour(series.colour));
    pen.restore();
  }

  #fill(pen, area, xOf, colour) {
    pen.lineTo(xOf(this.#points.at(-1).at), area.bottom);
    pen.lineTo(xOf(this.#points[0].at), area.bottom);
    pen.globalAlpha = 0.14;
    pen.fillStyle = colour;
    pen.fill();
  }

  // The legend tells the values under the pointer, or the latest.
  #tell(pen, area, now, xOf, yOf, colour) {
    const under = this.#hover === null ? null
      : this.#points.reduce((best, point) =>
        !best || Math.abs(xOf(point.at) - this.#hover) < Math.abs(xOf(best.at) - this.#hover) ? point : best, null);
    const shown = under ?? this.#points.at(-1);
    this.#legend.forEach((value, i) => setText(value, shown ? this.#format(shown.values[i]) : "–"));
    if (!under) return;
    const x = xOf(under.at);
    pen.strokeStyle = colour("--muted");
    pen.setLineDash([3, 3]);
    pen.beginPath();
    pen.moveTo(x, area.top);
    pen.lineTo(x, area.bottom);
    pen.stroke();
    pen.setLineDash([]);
    this.#series.forEach((series, i) => {
      pen.beginPath();
      pen.arc(x, yOf(under.values[i]), 3, 0, 2 * Math.PI);
      pen.fillStyle = colour(series.colour);
      pen.fill();
    });
    pen.fillStyle = colour("--muted");
    pen.textAlign = x > (area.left + area.right) / 2 ? "right" : "left";
    pen.fillText(`${Math.round((now - under.at) / 1000)} s ago`, x + (pen.textAlign === "right" ? -6 : 6), area.top + 2);
  }
}

// 1, 1.5, 2, 3, 5 or 7.5 times a power of ten, in two or three round steps: an axis that does not jump with each point.
function axis(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  const [step, ticks] = [[1, 2], [1.5, 3], [2, 2], [3, 3], [5, 2], [7.5, 3], [10, 2]].find(([it]) => it * power >= most * 1.02);
  return { top: step * power, ticks };
}

/** A line without axes, for a figure. */
export class Sparkline {
  #canvas; #values = [];

  constructor(canvas) {
    this.#canvas = canvas;
    addEventListener("themechange", () => this.#paint());
  }

  /** Begins with what was measured before. */
  fill(values) {
    this.#values = [...values, ...this.#values].slice(-60);
    this.#paint();
  }

  add(value) {
    this.#values.push(value);
    if (this.#values.length > 60) this.#values.shift();
    this.#paint();
  }

  #paint() {
    const [width, height, scale] = [this.#canvas.clientWidth, this.#canvas.clientHeight, devicePixelRatio || 1];
    if (width === 0 || this.#values.length < 2) return;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const pen = this.#canvas.getContext("2d");
    pen.scale(scale, scale);
    const top = Math.max(...this.#values, 1e-9);
    pen.strokeStyle = getComputedStyle(this.#canvas).color;
    pen.lineWidth = 1.4;
    pen.lineJoin = "round";
    pen.beginPath();
    this.#values.forEach((value, i) =>
      pen[i ? "lineTo" : "moveTo"](width - (this.#values.length - 1 - i) * width / 59, height - 2 - value / top * (height - 4)));
    pen.stroke();
  }
}
