// Points of an agenda are dragged to where others of the same part stand. The buttons do the same without it.
const agenda = document.querySelector("[data-agenda]");

if (agenda) {
  let dragged = null;
  const rowOf = (event) => event.target.closest?.("[data-item]");
  const fits = (row) => dragged && row && row !== dragged && row.dataset.part === dragged.dataset.part;

  // Down the list it goes behind the other, up the list in front of it.
  const behind = (row) => Boolean(dragged.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING);

  for (const row of agenda.querySelectorAll("[data-item]")) {
    row.draggable = true;
  }
  agenda.addEventListener("dragstart", (event) => {
    dragged = rowOf(event);
    dragged?.classList.add("m-row--dragged");
    event.dataTransfer.effectAllowed = "move";
  });
  agenda.addEventListener("dragend", () => {
    for (const row of agenda.querySelectorAll(".m-row")) {
      row.classList.remove("m-row--dragged", "m-row--drop", "m-row--drop-behind");
    }
    dragged = null;
  });
  agenda.addEventListener("dragover", (event) => {
    const row = rowOf(event);
    if (fits(row)) {
      event.preventDefault();
      row.classList.add(behind(row) ? "m-row--drop-behind" : "m-row--drop");
    }
  });
  agenda.addEventListener("dragleave", (event) => {
    rowOf(event)?.classList.remove("m-row--drop", "m-row--drop-behind");
  });
  agenda.addEventListener("drop", (event) => {
    const row = rowOf(event);
    if (!fits(row)) {
      return;
    }
    event.preventDefault();
    const form = dragged.querySelector("form[action$='/verschieben/']");
    if (form) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = behind(row) ? "hinter" : "vor";
      input.value = row.dataset.item;
      form.append(input);
      form.submit();
    }
  });
}
