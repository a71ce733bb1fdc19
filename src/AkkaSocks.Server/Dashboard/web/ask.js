// Questions before what cannot be taken back, and short answers to what was done.

import { byId, el, setText } from "./dom.js";

/** Asks, and resolves to whether the answer was yes. */
export function ask({ title, text, yes }) {
  const dialog = byId("ask");
  setText(byId("ask-title"), title);
  setText(byId("ask-text"), text);
  setText(byId("ask-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise(resolve => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/** Says something for some seconds. */
export function toast(text, isProblem = false) {
  const shown = el("div", { class: isProblem ? "toast problem" : "toast" }, text);
  byId("toasts").append(shown);
  setTimeout(() => shown.remove(), isProblem ? 9000 : 4000);
}
