// Planning a route. Without this script everything works by buttons and lists.

// Of the meetings only those of the chosen committee are offered. Without the script all of them are.
const committee = document.getElementById("id_committee");
const meeting = document.getElementById("id_meeting");

function narrow() {
  const name = committee.value ? committee.selectedOptions[0].text : "";
  for (const group of meeting.querySelectorAll("optgroup")) {
    const fits = !name || group.label.includes(name);
    const chosen = group.contains(meeting.selectedOptions[0] ?? null);
    group.hidden = group.disabled = !fits && !chosen;
  }
}

if (committee && meeting) {
  committee.addEventListener("change", narrow);
  narrow();
}

// Stages are dragged by their number to another place: the same request as the buttons' beside them, and once
// the paper is released the same page that asks for the reason.
const stages = document.querySelector("[data-stages]");

function placeAt(height, dragged) {
  const others = [...stages.children].filter((one) => one !== dragged);
  const before = others.filter((one) => {
    const box = one.getBoundingClientRect();
    return box.top + box.height / 2 < height;
  });
  return { place: before.length + 1, others };
}

function move(stage, place) {
  const form = stage.querySelector("form[data-move]");
  if (form) {
    form.elements.place.value = place;
    form.submit();
  } else {
    location.assign(`${stage.dataset.moveTo}?stelle=${place}`);
  }
}

if (stages) {
  let dragged = null;
  const unmark = () => {
    for (const one of stages.children) one.classList.remove("r-stage--before", "r-stage--behind");
  };
  for (const handle of stages.querySelectorAll("[data-move-to] > .r-stage__number")) {
    handle.draggable = true;
    handle.title = handle.dataset.hint;
  }
  stages.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".r-stage__number")?.closest("[data-move-to]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 20, 20);
  });
  stages.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const { place, others } = placeAt(event.clientY, dragged);
    unmark();
    if (place <= others.length) others[place - 1].classList.add("r-stage--before");
    else others.at(-1)?.classList.add("r-stage--behind");
  });
  stages.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const { place } = placeAt(event.clientY, dragged);
    if (place !== [...stages.children].indexOf(dragged) + 1) move(dragged, place);
  });
  document.addEventListener("dragend", () => {
    dragged = null;
    unmark();
  });
}
