/* Small hands for the document: find, make, say. Texts go out through textContent alone. */

export const byId = (id) => document.getElementById(id);

export const data = (id) => JSON.parse(byId(id).textContent);

/** make("p", {class: "meta", hidden: true, "data-x": 1}, "text", node, null) */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

function setAttribute(node, name, value) {
  if (typeof value === "function") node.addEventListener(name, value);
  else if (value === true) node.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${byId("main").dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Write only what changed: an unchanged node is not told again to a screen reader. */
export function setText(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

export const show = (node, isShown) => {
  if (node) node.hidden = !isShown;
};

/** Of a key that was pressed: by its place, since the upper row of a French keyboard gives digits with Shift alone. */
export function digitOf({ key, code }) {
  const found = /^\d$/.exec(key) ?? /\d$/.exec(code.startsWith("Digit") ? code : "");
  return found ? Number(found[0]) : null;
}

export const initials = (name) => {
  const words = name.replaceAll("-", " ").split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => word[0]).join("").toUpperCase();
};

/** A plain CRC-32, so that a face has the colour that the server gives it. */
function crc32(text) {
  let crc = ~0;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

export const face = (name, size = "") =>
  make("span", { class: `face ${size} ${["", "b", "c"][crc32(name) % 3]}`, "aria-hidden": "true" }, initials(name));
