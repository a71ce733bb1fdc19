// Elements are made here and nowhere else. Text goes in as text: nothing that a client has sent is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element. Properties named on… listen; others are attributes; true sets one without a value, null and false leave it out. */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for SVG. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, name), properties, children);
}

function fill(element, properties, children) {
  for (const [key, value] of Object.entries(properties)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, String(value));
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return element;
}

export const byId = id => document.getElementById(id);

/** Sets text only when it is another: a screen reader says, and a selection loses, what is set anew. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Controls, bidirectional overrides, zero-width and unassigned characters, and separators that break lines: seen as what they are.
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;
const unseenInLines = /(?![\t\n])[\p{C}\p{Zl}\p{Zp}]/gu;
const longest = 300;

/**
 * Text that a client chose, with what cannot be seen made visible, apart from the direction of what stands around it.
 * @param most characters that are shown; hasLines is for text that has lines of its own.
 */
export function foreign(text, properties = {}, { most = longest, hasLines = false } = {}) {
  const shown = el("bdi", { class: "foreign", ...properties });
  let whole = text.length > most ? `${text.slice(0, most)}…` : text;
  if (hasLines) whole = whole.replaceAll("\r\n", "\n");
  let from = 0;
  for (const match of whole.matchAll(hasLines ? unseenInLines : unseen)) {
    if (match.index > from) shown.append(whole.slice(from, match.index));
    shown.append(el("span", { class: "unseen" }, `\\u{${match[0].codePointAt(0).toString(16)}}`));
    from = match.index + match[0].length;
  }
  shown.append(whole.slice(from));
  return shown;
}

/** Makes a choice one of these nodes or all of them, keeping what was chosen while it is there. */
export function offerNodes(choice, nodes) {
  const names = nodes.map(node => node.name);
  if (["", ...names].join() === [...choice.options].map(option => option.value).join()) return;
  const chosen = choice.value;
  choice.replaceChildren(el("option", { value: "" }, "All nodes"), ...names.map(name => el("option", { value: name }, name)));
  choice.value = names.includes(chosen) ? chosen : "";
}

/**
 * Makes a parent's children those of a list, keeping the elements there are, so that focus and selection stay.
 * @param make makes the element of an item; update brings an element up to date.
 */
export function reconcile(parent, items, keyOf, make, update) {
  const known = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let child = known.get(key);
    if (child) {
      known.delete(key);
    } else {
      child = make(item);
      child.dataset.key = key;
    }
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const left of known.values()) left.remove();
}
