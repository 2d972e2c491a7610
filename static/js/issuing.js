// Keeps the bar up to date while PDFs are made; when they are there, the page is read again.
"use strict";

const box = document.querySelector("[data-progress-url]");

async function look() {
  const answer = await fetch(box.dataset.progressUrl, { credentials: "same-origin" });
  if (!answer.ok) {
    return;
  }
  if (answer.headers.get("X-Finished") === "yes") {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [now, new_] = [box.querySelector("progress"), page.querySelector("progress")];
  if (now && new_) {
    // Only the figures: what is read aloud must not begin anew each time.
    now.value = new_.value;
    now.nextElementSibling.textContent = new_.nextElementSibling.textContent;
  }
  setTimeout(look, 1000);
}

if (box?.querySelector("progress")) {
  setTimeout(look, 1000);
}
