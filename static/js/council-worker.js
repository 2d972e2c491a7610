// Keeps what is public of the council's pages for reading without a connection: the network always comes
// first, nothing is kept that the portal has not marked as public, and all of it goes when somebody logs
// out, logs in, or somebody else reads. See docs/decisions/0024-offline.md.
"use strict";

const PAGES = "lesen-1";
const FILES = "dateien-1";
const READER = "/offline-reader";
const MOST_PAGES = 60;
const PATIENCE = 8000; // a line that is too slow counts as none, where something is kept
const GONE = [403, 404, 410]; // what was kept of it is no longer for this reader
const PACK = /^\/[-\w]+\/sitzungen\/\d+\/mappe\.pdf$/; // kept as it is; of pages a public picture
const BELOW = /^\/([-\w]+)\/(?:rat\/)?(vorlagen|sitzungen)\/(\d+)\//;
const ASSET = /^\/(static|farben)\/|^\/kommunen\/[-\w]+\/logo$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// One after the other: what is forgotten must not be overtaken by what was still to be kept.
let work = Promise.resolve();
function next(task) {
  work = work.then(task, task);
  return work;
}

async function forget() {
  await Promise.all([caches.delete(PAGES), caches.delete(FILES)]);
}

// Of a paper the page for reading, of a meeting its own: what is kept of them lies below it.
function headOf(pathname) {
  const [, town, what, number] = BELOW.exec(pathname) || [];
  return town && `/${town}/${what === "vorlagen" ? "rat/vorlagen" : what}/${number}/`;
}

// With a paper or a meeting all goes that was kept of it.
async function drop(address) {
  const cache = await caches.open(PAGES);
  const head = headOf(address);
  const gone = (await cache.keys()).filter(({ url }) => {
    const { pathname } = new URL(url);
    return pathname === address || (head && pathname.startsWith(head));
  });
  await Promise.all(gone.map((request) => cache.delete(request)));
}

// A note or a form may be gone, and its paper still be there.
async function dropIfGone(address) {
  const head = headOf(address);
  const answer = head && (await fetch(`${head}ohne-verbindung/`, { credentials: "same-origin" }));
  if (!head || GONE.includes(answer.status)) {
    await drop(address);
  }
}

function isPublic(answer) {
  return answer.ok && answer.headers.get("X-Offline") === "public";
}

async function put(address, answer, title) {
  const headers = new Headers(answer.headers);
  headers.set("X-Title", encodeURIComponent(title));
  headers.set("X-Kept", new Date().toISOString());
  const cache = await caches.open(PAGES);
  await cache.delete(address);
  await cache.put(address, new Response(await answer.blob(), { status: 200, headers }));
  const kept = (await cache.keys()).filter((request) => new URL(request.url).pathname !== READER);
  await Promise.all(kept.slice(0, -MOST_PAGES).map((request) => cache.delete(request)));
}

async function keep({ reader, keep: address, at, title, assets }) {
  const cache = await caches.open(PAGES);
  const last = await cache.match(READER);
  if (last && (await last.text()) !== reader) {
    await forget();
  }
  await (await caches.open(PAGES)).put(READER, new Response(reader));
  if (!address) {
    await drop(at); // it was public when it was kept, and is not any more
    return false;
  }
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!isPublic(answer)) {
    await drop(at);
    return false;
  }
  const page = await answer.clone().text();
  await put(at, answer, title);
  // The page that asks has not always the same ones.
  const styles = [...page.matchAll(/href="(\/[^"]+\.css)"/g)].map(([, path]) => self.location.origin + path);
  const files = await caches.open(FILES);
  await Promise.all(
    [...new Set([...assets, ...styles])]
      .filter((name) => ASSET.test(new URL(name).pathname))
      .map(async (name) => {
        if (!(await files.match(name))) {
          const file = await fetch(name);
          if (file.ok) {
            await files.put(name, file);
          }
        }
      }),
  );
  return true;
}

self.addEventListener("message", (event) => {
  const tell = (kept) => kept && event.source && event.source.postMessage({ kept: event.data.at });
  event.waitUntil(next(() => keep(event.data)).then(tell, () => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) {
    return;
  }
  if (request.method === "POST" && (pathname === "/abmelden/" || pathname.startsWith("/anmelden/"))) {
    event.waitUntil(next(forget));
  } else if (pathname.startsWith("/anmelden/") && request.mode === "navigate") {
    event.respondWith(login(event));
  } else if (request.method === "GET" && request.mode === "navigate") {
    event.respondWith(page(event, pathname));
  } else if (request.method === "GET" && ASSET.test(pathname)) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(request)) || Response.error()));
  }
});

// Without a connection nobody logs in, and what is kept stays.
async function login(event) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(next(forget));
    return answer;
  } catch {
    return list();
  }
}

async function page(event, pathname) {
  const kept = await find(pathname);
  try {
    const asked = fetch(event.request);
    const answer = await (kept ? Promise.race([asked, tooLong()]) : asked);
    if (PACK.test(pathname) && isPublic(answer)) {
      const copy = answer.clone();
      event.waitUntil(next(() => put(pathname, copy, nameOf(answer) || pathname)).catch(() => {}));
    } else if (GONE.includes(answer.status)) {
      event.waitUntil(next(() => dropIfGone(pathname)).catch(() => {}));
    }
    return answer;
  } catch {
    return kept || (await standIn(pathname)) || (await list());
  }
}

async function find(address) {
  try {
    return address && (await (await caches.open(PAGES)).match(address));
  } catch {
    return undefined; // without a store pages are read as ever
  }
}

// For another page of the same paper or meeting; it says that it is not the one that was asked for.
async function standIn(pathname) {
  const kept = await find(headOf(pathname));
  if (!kept) {
    return undefined;
  }
  const said = (await kept.text()).replace("<p hidden data-instead>", "<p>");
  return new Response(said, { headers: kept.headers });
}

// As the portal calls the file: filename="mappe.pdf", or filename*=utf-8''Mappe%20zur%20Sitzung.pdf
function nameOf(answer) {
  const said = answer.headers.get("Content-Disposition") || "";
  const coded = /filename\*=utf-8''([^;]+)/i.exec(said)?.[1];
  const name = coded ? decodeURIComponent(coded) : /filename="([^"]+)"/.exec(said)?.[1];
  return name && inWords(name);
}

// Mappe_2026-12-10_Sozialausschuss.pdf is read as "Mappe 10.12.2026 Sozialausschuss (PDF)"
function inWords(name) {
  const words = name.replace(/(\d{4})-(\d\d)-(\d\d)/g, "$3.$2.$1").replace(/[-_]+/g, " ");
  return words.replace(/\.pdf$/i, " (PDF)");
}

function tooLong() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), PATIENCE));
}

const DAY = { day: "2-digit", month: "2-digit", year: "numeric" };
const TIME = { hour: "2-digit", minute: "2-digit" };
const escaped = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

// What there is to read, where the page asked for is not among it.
async function list() {
  const cache = await caches.open(PAGES);
  const rows = [];
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== READER) {
      const { headers } = await cache.match(request);
      const title = decodeURIComponent(headers.get("X-Title"));
      const kept = new Date(headers.get("X-Kept"));
      const when = `${kept.toLocaleDateString("de-DE", DAY)}, ${kept.toLocaleTimeString("de-DE", TIME)} Uhr`;
      rows.push(`<li><a href="${escaped(pathname)}">${escaped(title)}</a><br>Stand: ${escaped(when)}</li>`);
    }
  }
  const files = await (await caches.open(FILES)).keys();
  const styles = files
    .filter(({ url }) => url.endsWith(".css"))
    .map(({ url }) => `<link rel="stylesheet" href="${escaped(new URL(url).pathname)}">`);
  const found = rows.length
    ? `<p>Das können Sie auf diesem Gerät auch ohne Verbindung lesen:</p><ul class="l-kept">${rows.join("")}</ul>`
    : "<p>Auf diesem Gerät ist noch nichts gespeichert. Was Sie mit Verbindung öffnen, können Sie später auch ohne lesen.</p>";
  const html = `<!DOCTYPE html><html lang="de" data-kern-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Keine Verbindung – Integrationsportal</title>
${styles.join("")}</head><body><main id="inhalt" class="p-main"><div class="p-wrap"><h1>Keine Verbindung</h1>
<p>Diese Seite lässt sich gerade nicht laden. Sobald Sie wieder Verbindung haben, <a href="">versuchen Sie es noch einmal</a>.</p>${found}</div></main></body></html>`;
  return new Response(html, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:",
    },
  });
}
