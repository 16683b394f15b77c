// @ts-check
// What a written text may hold: paragraphs and titles with their alignment, lists, three marks. The server
// keeps the same (sittings/rich_text.py).

import { Schema } from "../vendor/prosemirror@1.42.9/prosemirror.js";

const ALIGNED = ["center", "right", "justify"];

/** @param {HTMLElement} element */
function alignOf(element) {
  const side = ALIGNED.find((one) => element.classList.contains(`align-${one}`)) ?? element.getAttribute("align");
  return side && ALIGNED.includes(side) ? side : null;
}

/** @param {string} tag @param {any} node */
const drawn = (tag, node) => [tag, node.attrs.align ? { class: `align-${node.attrs.align}` } : {}, 0];

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: {
      content: "inline*",
      group: "block",
      attrs: { align: { default: null } },
      parseDOM: [{ tag: "p", getAttrs: (element) => ({ align: alignOf(element) }) }],
      toDOM: (node) => drawn("p", node),
    },
    heading: {
      content: "inline*",
      group: "block",
      defining: true,
      attrs: { level: { default: 3 }, align: { default: null } },
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
        tag: `h${level}`,
        getAttrs: (element) => ({ level: level > 3 ? 4 : 3, align: alignOf(element) }),
      })),
      toDOM: (node) => drawn(`h${node.attrs.level}`, node),
    },
    bullet_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    ordered_list: { content: "list_item+", group: "block", parseDOM: [{ tag: "ol" }], toDOM: () => ["ol", 0] },
    list_item: {
      content: "paragraph (paragraph | bullet_list | ordered_list)*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    text: { group: "inline" },
    hard_break: {
      inline: true,
      group: "inline",
      selectable: false,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
  },
  marks: {
    strong: { parseDOM: [{ tag: "strong" }, { tag: "b" }], toDOM: () => ["strong", 0] },
    em: { parseDOM: [{ tag: "em" }, { tag: "i" }], toDOM: () => ["em", 0] },
    underline: { parseDOM: [{ tag: "u" }], toDOM: () => ["u", 0] },
  },
});
