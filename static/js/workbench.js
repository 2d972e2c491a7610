// The workbench: what is typed survives, who else is here, dragging in the outline, long lists to tick.
// Every page reads and saves without this file.
"use strict";

const form = document.querySelector("form[data-draft]");

// ---- What is typed survives a run-out session, a lost connection and a closed tab --------------------
// It is kept in this browser, under the user's number and the page's address, until the page says that it
// has been saved ("#gespeichert-…") or the user discards it.

const PREFIX = "entwurf:";
const KEPT_DAYS = 30;

function drafts() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}

function readDraft(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    localStorage.removeItem(key);
    return null;
  }
}

function forgetSaved() {
  const saved = location.hash.match(/^#gespeichert-([A-Za-z0-9-]+)$/);
  const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  for (const key of drafts()) {
    const draft = readDraft(key);
    if (!draft || (saved && draft.id === saved[1]) || draft.at < oldest) {
      localStorage.removeItem(key);
    }
  }
  if (saved) {
    history.replaceState(null, "", location.pathname + location.search);
  }
}

const PASSED_OVER = new Set(["csrfmiddlewaretoken", "draft", "opened_version"]);

function valuesOf(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !PASSED_OVER.has(name) && !name.startsWith("entscheidung-")) {
      (values[name] ||= []).push(value.replace(/\r\n/g, "\n"));
    }
  }
  return values;
}

let filling = false;

function fill(form, values) {
  filling = true;
  for (const field of form.elements) {
    if (!field.name || PASSED_OVER.has(field.name) || field.type === "file") {
      continue;
    }
    const kept = values[field.name] || [];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = kept.includes(field.value);
    } else if (field.tagName !== "BUTTON" && kept.length) {
      field.value = kept[0];
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  filling = false;
}

function offerDraft(form, key, draft) {
  const when = new Date(draft.at).toLocaleString("de-DE", { dateStyle: "medium", timeStyle: "short" });
  const box = document.createElement("div");
  box.className = "p-banner p-banner--warning";
  box.setAttribute("role", "status");
  const inner = document.createElement("div");
  const text = document.createElement("p");
  text.textContent = `Hier haben Sie am ${when} etwas eingegeben, das noch nicht gespeichert ist.`;
  const actions = document.createElement("p");
  actions.className = "p-actions";
  const restore = document.createElement("button");
  restore.type = "button";
  restore.className = "p-button p-button--small";
  restore.textContent = "Eingaben wieder einsetzen";
  restore.addEventListener("click", () => {
    if (form.dataset.restore) {
      // Rows may have come and gone: the server draws the form that the draft was typed in.
      send(form.action, { ...draft.values, tun: form.dataset.restore });
      return;
    }
    fill(form, draft.values);
    box.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  const discard = document.createElement("button");
  discard.type = "button";
  discard.className = "p-button p-button--secondary p-button--small";
  discard.textContent = "Verwerfen";
  discard.addEventListener("click", () => {
    localStorage.removeItem(key);
    box.remove();
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  actions.append(restore, " ", discard);
  inner.append(text, actions);
  box.append(inner);
  form.before(box);
}

function keepDrafts(form) {
  const key = `${PREFIX}${form.dataset.draft}:${location.pathname}${location.search}`;
  const wrong = document.querySelector("[data-error-summary], .w-conflicts, .w-rows__error");
  const atFirst = JSON.stringify(valuesOf(form));
  const known = readDraft(key);
  const id = known?.id || crypto.randomUUID?.() || `${Date.now()}-${Math.floor(Math.random() * 1e9)}`;
  form.querySelector("[data-draft-id]").value = id;
  // What is shown again before it was saved goes on being a draft.
  const unsaved = "unsaved" in form.dataset;
  if (known && !wrong && !unsaved) {
    if (JSON.stringify(known.values) === atFirst) {
      localStorage.removeItem(key);
    } else {
      offerDraft(form, key, known);
    }
  }
  let timer = 0;
  let touched = unsaved;
  const keep = () => {
    const values = valuesOf(form);
    if (!touched || (!unsaved && JSON.stringify(values) === atFirst)) {
      return;
    }
    try {
      localStorage.setItem(key, JSON.stringify({ id, at: Date.now(), values }));
    } catch {
      // The browser's store is full: saving works all the same.
    }
  };
  form.addEventListener("input", () => {
    touched ||= !filling;
    clearTimeout(timer);
    timer = setTimeout(keep, 400);
  });
  form.addEventListener("submit", keep);
  addEventListener("pagehide", keep);
  if (unsaved) {
    keep();
  }
}

// ---- Who else is here -----------------------------------------------------------------------------------

function tellPresence(line) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  const say = async () => {
    if (document.hidden) {
      return;
    }
    try {
      const answer = await fetch(line.dataset.presence, {
        method: "POST",
        headers: { "X-CSRFToken": token },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        line.hidden = false;
        line.textContent =
          "Ihre Anmeldung ist abgelaufen. Was Sie eingegeben haben, ist in diesem Browser gesichert: " +
          "Melden Sie sich in einem neuen Fenster an und speichern Sie dann hier.";
        return;
      }
      const { others } = await answer.json();
      line.hidden = others.length === 0;
      line.textContent = others.length ? `Gerade auch geöffnet von: ${others.join(", ")}` : "";
    } catch {
      line.hidden = false;
      line.textContent = "Keine Verbindung. Was Sie eingegeben haben, ist in diesem Browser gesichert.";
    }
  };
  setInterval(say, 30000);
}

// ---- Long lists to tick -----------------------------------------------------------------------------------

const FEW = 8;

for (const box of document.querySelectorAll("[data-checklist]")) {
  const items = [...box.querySelectorAll("li")];
  if (items.length <= FEW) {
    continue;
  }
  const legend = box.closest("fieldset")?.querySelector("legend")?.textContent.trim() || "";
  const search = document.createElement("input");
  search.type = "search";
  search.className = "p-checklist__search";
  search.placeholder = "Suchen …";
  search.setAttribute("aria-label", `${legend}: in der Liste suchen`);
  const count = document.createElement("p");
  count.className = "p-visually-hidden";
  count.setAttribute("role", "status");
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    const words = search.value.toLocaleLowerCase("de").split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const text = item.textContent.toLocaleLowerCase("de");
      item.hidden = !words.every((word) => text.includes(word)) && !item.querySelector(":checked");
      shown += item.hidden ? 0 : 1;
    }
    count.textContent = `${shown} Einträge`;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
    }
  });
  box.prepend(search, count);
}

// ---- Dragging in the outline: the same move as by the form ------------------------------------------------

const outline = document.querySelector("[data-move]");

// Where there is no room beside it, the outline waits folded above what is opened.
const fold = document.querySelector(".w-outline__fold");
if (fold && document.querySelector(".w-form, .p-form") && matchMedia("(max-width: 61.99rem)").matches) {
  fold.open = false;
}

function send(address, values) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = address;
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
  for (const [name, some] of Object.entries({ csrfmiddlewaretoken: token, ...values })) {
    for (const value of [some].flat()) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      sent.append(input);
    }
  }
  document.body.append(sent);
  sent.submit();
}

// What may be dropped on what, and what that means: below a place, or in front of a sibling.
function moveOf(dragged, target) {
  const [kind] = dragged.split("/");
  const [onto, number] = target.split("/");
  if (kind === "massnahmen" && (onto === "felder" || onto === "ziele")) return { nach: target };
  if (kind === "ziele" && onto === "felder") return { nach: target };
  if (kind === "ziele" && onto === "ziele") return { nach: target };
  if (kind === onto && kind === "massnahmen") return { vor: number };
  if (kind === onto && (kind === "felder" || kind === "kapitel")) return { vor: number };
  return null;
}

if (outline) {
  let dragged = "";
  for (const link of outline.querySelectorAll("a[data-part]")) {
    link.draggable = true;
  }
  outline.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("a[data-part]")?.dataset.part || "";
    event.dataTransfer.effectAllowed = "move";
  });
  outline.addEventListener("dragover", (event) => {
    const target = event.target.closest?.("a[data-part]");
    if (target && dragged && target.dataset.part !== dragged && moveOf(dragged, target.dataset.part)) {
      event.preventDefault();
      target.classList.add("w-drop");
    }
  });
  outline.addEventListener("dragleave", (event) => {
    event.target.closest?.("a[data-part]")?.classList.remove("w-drop");
  });
  outline.addEventListener("drop", (event) => {
    const target = event.target.closest?.("a[data-part]");
    const move = target && moveOf(dragged, target.dataset.part);
    if (!move) {
      return;
    }
    event.preventDefault();
    if (move.vor && dragged.startsWith("massnahmen/")) {
      // Below the same goal or field as the one it is dropped on.
      const list = target.closest("ul").closest("li.w-ziele, details.w-field");
      const above = list.matches("details") ? list.querySelector(".w-felder > a") : list.querySelector(":scope > a");
      move.nach = above.dataset.part;
    }
    send(`${outline.dataset.move}${dragged}/verschieben/`, move);
  });
}

forgetSaved();
if (form) {
  keepDrafts(form);
}
const presence = document.querySelector("[data-presence]");
if (presence) {
  tellPresence(presence);
}
