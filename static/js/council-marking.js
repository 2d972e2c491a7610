// Words that are selected in a paper's text are marked, or get a note. Without this script, or without a mouse,
// they are written into the form. What leads to a note (.n-ref) is no part of the text.

const SHORTEST = 2; // signs; less is a slip of the finger
const LONGEST = 2000;
const BEFORE = 80; // signs before the selection: more than the server needs
const SETTLED = 250; // milliseconds; a finger draws the ends of a selection out step by step
const NO_TEXT = ".n-ref, .n-bar";
const BLOCK = "p, li, td, th, dt, dd, h3, h4, h5, h6, blockquote, figcaption";

const form = document.querySelector("form[data-marking]");
const bar = document.querySelector("[data-marking-bar]");
let chosen = null;

function passageOf(node) {
  const keys = [...form.elements.passage.options].map((option) => option.value).filter(Boolean);
  for (let at = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement; at; at = at.parentElement) {
    if (keys.includes(at.id)) {
      return at;
    }
  }
  return null;
}

// The text nodes of the element with what of each lies in the range.
function* pieces(element, range) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(NO_TEXT) || !range.intersectsNode(node)) {
      continue;
    }
    const start = node === range.startContainer ? range.startOffset : 0;
    const end = node === range.endContainer ? range.endOffset : node.length;
    yield [node, node.data.slice(start, end)];
  }
}

// As it reads: a space where one block ends and the next begins.
function textOf(element, range) {
  let text = "";
  let last = null;
  for (const [node, part] of pieces(element, range)) {
    const block = node.parentElement.closest(BLOCK);
    text += (last && block !== last ? " " : "") + part;
    last = block;
  }
  return text.replace(/\s+/g, " ").trim();
}

function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) {
    return null;
  }
  const range = selection.getRangeAt(0);
  const first = passageOf(range.startContainer);
  const both = passageOf(range.commonAncestorContainer); // of several points: the whole proposal
  const place = both && (!first || textOf(both, range) !== textOf(first, range)) ? both : first;
  if (!place) {
    return null;
  }
  const inside = range.cloneRange();
  if (!place.contains(range.endContainer)) {
    inside.setEnd(place, place.childNodes.length); // a passage at a time
  }
  const quote = textOf(place, inside);
  if (quote.length < SHORTEST || quote.length > LONGEST) {
    return null;
  }
  const earlier = document.createRange();
  earlier.setStart(place, 0);
  earlier.setEnd(inside.startContainer, inside.startOffset);
  return { place, quote, before: textOf(place, earlier).slice(-BEFORE) };
}

function show() {
  const found = selected();
  if (!found) {
    if (!bar.contains(document.activeElement)) {
      bar.hidden = true;
    }
    return;
  }
  const fresh = bar.hidden || !chosen || chosen.place !== found.place;
  chosen = found;
  if (fresh) {
    (chosen.place.closest("ol") || chosen.place).after(bar); // the next stops of the Tab key
    bar.hidden = false;
    const said = bar.querySelector("[data-said]");
    said.textContent = said.dataset.words;
  }
}

function fill() {
  form.elements.passage.value = chosen.place.id;
  form.elements.quote.value = chosen.quote;
  form.elements.before.value = chosen.before;
  bar.hidden = true;
}

if (form && bar) {
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, SETTLED);
  });
  bar.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
  bar.querySelector("[data-mark]").addEventListener("click", () => {
    fill();
    form.requestSubmit(form.querySelector("button[value=mark]"));
  });
  bar.querySelector("[data-note]").addEventListener("click", () => {
    fill();
    form.closest("details").open = true;
    form.elements.text.focus({ preventScroll: true });
    form.elements.text.scrollIntoView({ block: "center" });
  });
  bar.querySelector("[data-ask]")?.addEventListener("click", () => {
    const asking = document.querySelector("form[data-asking]");
    const { passage, text } = asking.elements;
    bar.hidden = true;
    passage.value = chosen.place.id;
    text.value = `${text.value}„${chosen.quote}“\n`.trimStart();
    asking.closest("details").open = true;
    text.focus({ preventScroll: true });
    text.scrollIntoView({ block: "center" });
  });
  const close = () => {
    getSelection().removeAllRanges();
    bar.hidden = true;
  };
  bar.querySelector("[data-close]").addEventListener("click", close);
  bar.addEventListener("keydown", (event) => event.key === "Escape" && close());
}
