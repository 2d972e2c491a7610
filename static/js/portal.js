// Small comforts. Every page reads and saves without this file.
"use strict";

// An error summary takes the focus, so that it is read first after a failed save.
document.querySelector("[data-error-summary]")?.focus();

// Folded menus close with Escape and give the focus back, and close when one goes elsewhere.
for (const drop of document.querySelectorAll("details.p-drop, details.p-menu")) {
  drop.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drop.open) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (drop.open && !drop.contains(event.target)) {
      drop.open = false;
    }
  });
}

// A table needs the keyboard only while it is wider than its place.
for (const box of document.querySelectorAll(".p-scroll[tabindex]")) {
  const fit = () => {
    box.tabIndex = box.scrollWidth > box.clientWidth ? 0 : -1;
  };
  new ResizeObserver(fit).observe(box);
}

// A form is sent once, even when its button is pressed twice. After a while it may be sent again: the
// answer may have been a download, which leaves the page as it was. Not so where what it asks for takes
// longer (data-once): there the button says what is going on until the next page comes.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if ("once" in form.dataset) {
      const button = form.querySelector("button[data-busy]");
      if (button) {
        button.textContent = button.dataset.busy;
        button.setAttribute("aria-disabled", "true");
      }
    } else {
      setTimeout(() => delete form.dataset.sent, 4000);
    }
  });
}

// Whoever comes back by the browser's button finds the page as it was left, with its form already sent.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-once][data-sent]")) {
    location.reload();
  }
});
