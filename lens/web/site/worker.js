// The service worker of a static site: keeps all of it, so that it works without a network. VERSION and FILES, every
// address with the version of its content, are written above.

const CACHE = `latent-lab ${VERSION}`;

/** An address within the cache: pages without what follows "?". @param {string} url */
const keyOf = (url) => {
  const { href, pathname } = new URL(url);
  if (pathname.endsWith("/")) return new URL("index.html", href.replace(/[?#].*/, "")).href;
  return pathname.endsWith(".html") ? href.replace(/[?#].*/, "") : href;
};

/** @param {string} file */
async function keep(file) {
  const url = new URL(file, self.registration.scope).href;
  const cache = await caches.open(CACHE);
  // What an earlier version has kept is the same, if its address is.
  const known = file.includes("?v=") ? await caches.match(url) : undefined;
  const answer = known ?? (await fetch(url, { cache: file.includes("?v=") ? "default" : "no-cache" }));
  if (!answer.ok) throw new Error(`${file}: HTTP ${answer.status}`);
  await cache.put(url, answer);
}

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(FILES.map(keep)));
});

self.addEventListener("activate", (event) => {
  const old = (/** @type {string} */ name) => name.startsWith("latent-lab ") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(
    caches.open(CACHE).then(async (cache) => (await cache.match(keyOf(request.url))) ?? fetch(request)),
  );
});
