// A paper that was looked at for a while is kept as read, so that the next visit shows what is new.
"use strict";

const LONG_ENOUGH = 5000; // milliseconds in sight
const form = document.querySelector("form[data-read]");

async function keep() {
  const said = new FormData(form);
  said.append("still", "1");
  const answer = await fetch(form.action, { method: "POST", body: said, credentials: "same-origin" });
  if (answer.status === 204) {
    form.hidden = true;
    document.querySelector("[data-read-told]").hidden = false;
  }
}

let waiting = 0;
function watch() {
  clearTimeout(waiting);
  if (document.visibilityState === "visible" && !form.hidden) {
    waiting = setTimeout(() => keep().catch(() => {}), LONG_ENOUGH); // without a connection the button stays
  }
}
if (form) {
  document.addEventListener("visibilitychange", watch);
  watch();
}
