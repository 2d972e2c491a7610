// Asks the worker (council-worker.js) to keep the public part of this page for reading without a connection.
// A module: a page that asks for two names it twice, and runs it once.

const signs = [...document.querySelectorAll("[data-offline]")];

async function keepForLater() {
  await navigator.serviceWorker.register("/offline.js", { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    for (const sign of signs.filter((one) => one.dataset.at === data.kept)) {
      sign.hidden = false;
    }
  });
  const assets = performance
    .getEntriesByType("resource")
    .map((entry) => entry.name)
    .filter((name) => name.startsWith(`${location.origin}/`) && /\.(css|woff2|svg)$/.test(name));
  for (const { dataset } of signs) {
    const { reader, offline: keep, at, title } = dataset;
    active.postMessage({ reader, keep, at, title, assets });
  }
}

if (signs.length && "serviceWorker" in navigator) {
  addEventListener("load", () => keepForLater().catch(() => {}));
}
