// Computes the checksum here, so that the file need not leave the computer. Without this the file is sent.
"use strict";

const form = document.querySelector("[data-verify]");
const file = form?.querySelector("input[type=file]");
const sum = form?.querySelector("input[name=sha256]");

async function digest() {
  const chosen = file.files[0];
  if (!chosen || !window.crypto?.subtle) {
    return;
  }
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
  sum.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

file?.addEventListener("change", digest);
form?.addEventListener("submit", () => {
  if (sum.value.trim()) {
    file.disabled = true; // the checksum says it all
  }
});

// Dropping a file anywhere on the page chooses it.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files.length) {
    file.files = event.dataTransfer.files;
    digest();
  }
});

document.querySelector("[data-verify-answer]")?.focus();
