// What a text may consist of: the same as documents/richtext.py keeps. What is not here cannot be typed.
import { DOMParser as Reader, DOMSerializer, Schema, tableNodes } from "../../vendor/prosemirror/prosemirror.js";

const PICTURE = /^\/bilder\/[1-9]\d*$/;
const ADDRESS = /^(https?:|mailto:)/i;
// Footnotes that touch each other are still two.
let footnotes = 0;

const tables = tableNodes({ tableGroup: "block", cellContent: "inner+", cellAttributes: {} });

function captionOf(dom) {
  return dom.querySelector("figcaption") ?? document.createElement("figcaption");
}

function pictureIn(dom) {
  const picture = dom.matches("img") ? dom : dom.querySelector("img");
  const src = picture?.getAttribute("src") ?? "";
  return PICTURE.test(src) ? { src, alt: picture.getAttribute("alt") ?? "" } : false;
}

function listAttributes(dom) {
  const type = dom.getAttribute("type");
  return { start: Number(dom.getAttribute("start")) || 1, type: "aAiI".includes(type || "-") ? type : null };
}

const nodes = {
  doc: { content: "block+" },
  paragraph: { group: "block inner", content: "inline*", parseDOM: [{ tag: "p" }], toDOM: () => ["p", 0] },
  heading: {
    group: "block",
    content: "inline*",
    marks: "link em s sub sup",
    attrs: { level: { default: 3 } },
    defining: true,
    parseDOM: [3, 4].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    toDOM: (node) => [`h${node.attrs.level}`, 0],
  },
  blockquote: {
    group: "block inner",
    content: "inner+",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
  bullet_list: { group: "block inner", content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  ordered_list: {
    group: "block inner",
    content: "list_item+",
    attrs: { start: { default: 1 }, type: { default: null } },
    parseDOM: [{ tag: "ol", getAttrs: listAttributes }],
    toDOM: ({ attrs }) => ["ol", { start: attrs.start > 1 ? attrs.start : null, type: attrs.type }, 0],
  },
  list_item: { content: "paragraph inner*", defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  figure: {
    group: "block inner",
    content: "inline*",
    marks: "link strong em s sub sup",
    attrs: { src: {}, alt: { default: "" } },
    isolating: true,
    defining: true,
    parseDOM: [
      { tag: "figure", getAttrs: pictureIn, contentElement: captionOf },
      { tag: "img", getAttrs: pictureIn, contentElement: captionOf },
    ],
    toDOM: ({ attrs }) => ["figure", ["img", { ...attrs, draggable: "false" }], ["figcaption", 0]],
  },
  ...tables,
  text: { group: "inline" },
  hard_break: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
};

function simpleMark(tag, others = []) {
  return { parseDOM: [{ tag }, ...others.map((other) => ({ tag: other }))], toDOM: () => [tag, 0] };
}

const marks = {
  footnote: {
    attrs: { number: { default: 0 } },
    inclusive: false,
    parseDOM: [{ tag: "span.footnote", getAttrs: () => ({ number: ++footnotes }) }],
    toDOM: () => ["span", { class: "footnote" }, 0],
  },
  link: {
    attrs: { href: {} },
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]",
        getAttrs: (dom) => ADDRESS.test(dom.getAttribute("href")) && { href: dom.getAttribute("href") },
      },
    ],
    toDOM: ({ attrs }) => ["a", { ...attrs, rel: "noopener noreferrer" }, 0],
  },
  strong: simpleMark("strong", ["b"]),
  em: simpleMark("em", ["i"]),
  s: simpleMark("s", ["strike"]),
  sub: simpleMark("sub"),
  sup: simpleMark("sup"),
};

export const schema = new Schema({ nodes, marks });

export function newFootnote() {
  return schema.marks.footnote.create({ number: ++footnotes });
}

// HTML as a document that does nothing: no script runs, no picture loads.
function inert(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function read(html) {
  const body = inert(html);
  if (!html.includes("<")) {
    body.replaceChildren(
      ...html.split(/\n\s*\n/).map((text) => {
        const paragraph = document.createElement("p");
        paragraph.textContent = text;
        return paragraph;
      }),
    );
  }
  return Reader.fromSchema(schema).parse(body);
}

export function write(doc) {
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(schema).serializeFragment(doc.content));
  holder.querySelectorAll("img").forEach((picture) => picture.removeAttribute("draggable"));
  return doc.textContent.trim() || holder.querySelector("img") ? holder.innerHTML : "";
}
