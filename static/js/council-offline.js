// Asks the worker (council-worker.js) to keep the public part of this page for reading without a connection.
"use strict";

const sign = document.querySelector("[data-offline]");

async function keepForLater() {
  await navigator.serviceWorker.register("/offline.js", { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data.kept === location.pathname) {
      sign.hidden = false;
    }
  });
  const assets = performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(`${location.origin}/`) && /\.(css|woff2|svg)$/.test(name));
  active.postMessage({
    reader: sign.dataset.reader,
    keep: sign.dataset.offline,
    at: location.pathname,
    title: document.querySelector("h1").textContent.trim(),
    assets,
  });
}

if (sign && "serviceWorker" in navigator) {
  addEventListener("load", () => keepForLater().catch(() => {}));
}
