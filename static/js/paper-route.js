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
