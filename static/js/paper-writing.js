// Writing a paper: the sheet beside the form is drawn anew as one types, and a click on it leads to the field.
// The page writes and saves without this file; the sheet then shows what is saved.
"use strict";

const preview = document.querySelector("[data-preview]");
const written = document.getElementById("schreiben");
const frame = preview.querySelector("iframe");
const stage = preview.querySelector("[data-preview-stage]");
const status = preview.querySelector("[data-preview-status]");
const pdf = preview.querySelector("[data-preview-pdf]");

const WAIT = 350; // milliseconds without typing
let asked = null;
let timer = 0;

// ---- From the sheet to the field ------------------------------------------------------------------------

function open(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    fold.open = true;
  }
}

const FIELDS = "[contenteditable=true], input:not([type=hidden]), select, textarea, a[href], button";

function focusOn(element) {
  open(element);
  const fields = element.matches(FIELDS) ? [element] : [...element.querySelectorAll(FIELDS)];
  const target = fields.find((field) => field.checkVisibility()) || element;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "start", behavior: "instant" });
}

// The nth entry of a questionnaire, the nth point of the proposal.
function placeOf(block, clicked) {
  const entries = [...block.querySelectorAll(".entry")];
  const entry = entries.indexOf(clicked.closest(".entry"));
  if (entry >= 0) {
    return document.getElementById(`baustein-${block.dataset.block}-${entry + 1}`);
  }
  const points = [...block.querySelectorAll(".resolution-text > ol > li")];
  const point = points.indexOf(clicked.closest(".resolution-text > ol > li"));
  return point >= 0 ? document.querySelectorAll(".v-row--punkt")[point] : null;
}

// What a block opens that prints the paper's own fields: the nth of them, or the first.
function opened(place, n) {
  const ids = place.dataset.opens?.split(" ") || [];
  return document.getElementById(ids[n] || ids[0]);
}

function goTo(block, clicked) {
  const place = placeOf(block, clicked) || document.getElementById(`baustein-${block.dataset.block}`);
  if (!place) {
    say("Dieser Text steht im Layout Ihrer Kommune. In der Vorlage ist dazu nichts einzutragen.");
    return;
  }
  const facts = [...block.querySelectorAll(".field, .field-line")];
  const named = opened(place, facts.indexOf(clicked.closest(".field, .field-line")));
  focusOn(named || (place.classList.contains("v-anchor") ? place.parentElement : place));
}

function follow() {
  const sheet = frame.contentDocument;
  if (!sheet?.body || !written) {
    return;
  }
  mark(sheet);
  sheet.addEventListener("click", (event) => {
    const block = event.target.closest("[data-block]");
    if (block) {
      event.preventDefault();
      goTo(block, event.target);
    }
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-block]")) {
      event.preventDefault();
      goTo(event.target, event.target);
    }
  });
}

function mark(sheet) {
  for (const block of sheet.querySelectorAll("[data-block]")) {
    const group = document.getElementById(`baustein-${block.dataset.block}`);
    const name = group?.closest(".v-group")?.querySelector("summary h2")?.textContent;
    block.tabIndex = 0;
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", name ? `${name}: mit der Eingabetaste zum Feld` : "Baustein");
  }
}

// ---- From the field to the sheet ------------------------------------------------------------------------

function say(words) {
  if (status.textContent !== words) {
    status.textContent = words;
  }
}

async function draw() {
  asked?.abort();
  asked = new AbortController();
  const request = written
    ? { method: "POST", body: new FormData(written), signal: asked.signal, redirect: "manual" }
    : { signal: asked.signal, redirect: "manual" };
  try {
    const answer = await fetch(stage.value, request);
    if (!answer.ok) {
      say("Die Vorschau ist gerade nicht zu erreichen. Ihre Eingaben stehen weiter im Formular.");
      return;
    }
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const sheet = frame.contentDocument;
    // Only what is on the sheet is exchanged: it stays where one has scrolled to.
    const focused = sheet.activeElement?.closest("[data-block]")?.dataset.block;
    sheet.body.replaceChildren(...drawn.body.childNodes);
    mark(sheet);
    if (focused) {
      sheet.querySelector(`[data-block="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
    }
    preview.dataset.drawn = String(Number(preview.dataset.drawn || 0) + 1);
    say("");
  } catch (error) {
    if (error.name !== "AbortError") {
      say("Keine Verbindung. Die Vorschau zeigt den letzten Stand.");
    }
  }
}

function drawSoon() {
  clearTimeout(timer);
  timer = setTimeout(draw, WAIT);
}

stage.addEventListener("change", () => {
  if (pdf) {
    pdf.formAction = `${stage.value}entwurf.pdf`;
  }
  draw();
});

if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.body?.childElementCount) {
  follow();
}
frame.addEventListener("load", () => {
  follow();
  if (written && "unsaved" in written.dataset) {
    draw();
  }
});

if (written) {
  written.addEventListener("input", drawSoon);
  written.addEventListener("change", drawSoon);
  // Enter in a search presses the button beside it.
  for (const search of written.querySelectorAll("[data-search]")) {
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        search.parentElement.querySelector("button").click();
      }
    });
  }
  // A place that the address or a link names may lie in a folded group.
  const unfold = () => {
    const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (place) {
      open(place);
      if (place.dataset.opens || place.matches("input, select, textarea")) {
        focusOn(opened(place, 0) || place);
      }
    }
  };
  addEventListener("hashchange", unfold);
  unfold();
}

// On a telephone the sheet waits below the form.
const narrow = matchMedia("(max-width: 61.99rem)");
if (written && narrow.matches) {
  preview.open = false;
}
for (const link of document.querySelectorAll("a[href='#vorschau']")) {
  link.addEventListener("click", () => {
    preview.open = true;
    draw();
  });
}
