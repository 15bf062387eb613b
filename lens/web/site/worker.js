// The service worker of a static site: keeps all of it, so that it works without a network. VERSION and FILES, every
// address with the version of its content, are written above.

// Caches belong to the host, which may have several sites.
const MINE = `latent-lab ${self.registration.scope} `;
const CACHE = `${MINE}${VERSION}`;

/**
 * An address within the cache: pages without what follows "?", and with the ending that some hosts leave out.
 * @param {string} url
 */
const keyOf = (url) => {
  const { href, pathname } = new URL(url);
  const bare = href.replace(/[?#].*/, "");
  if (pathname.endsWith("/")) return new URL("index.html", bare).href;
  if (pathname.endsWith(".html")) return bare;
  return FILES.includes(`${pathname.slice(pathname.lastIndexOf("/") + 1)}.html`) ? `${bare}.html` : href;
};

/** The answer to a request of a page, which a browser refuses if it came by a redirect. @param {Response} answer */
const direct = async (answer) =>
  answer.redirected ? new Response(await answer.blob(), { headers: answer.headers }) : answer;

/** @param {string} file */
async function keep(file) {
  const url = new URL(file, self.registration.scope).href;
  const cache = await caches.open(CACHE);
  // What an earlier version has kept is the same, if its address is.
  const known = file.includes("?v=") ? await caches.match(url) : undefined;
  const answer = known ?? (await fetch(url, { cache: file.includes("?v=") ? "default" : "no-cache" }));
  if (!answer.ok) throw new Error(`${file}: HTTP ${answer.status}`);
  await cache.put(url, await direct(answer));
}

self.addEventListener("install", (event) => {
  event.waitUntil(Promise.all(FILES.map(keep)));
});

self.addEventListener("activate", (event) => {
  const old = (/** @type {string} */ name) => name.startsWith(MINE) && name !== CACHE;
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
  event.respondWith(request.mode === "navigate" ? page(request) : kept(request));
});

/** A file as it was kept: its address has the version of its content. @param {Request} request */
async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(keyOf(request.url))) ?? fetch(request);
}

/** A page as it is now, since the site may have been written again; without a network as it was kept. @param {Request} request */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok || answer.type === "opaqueredirect") return answer;
  } catch {
    // There is no network.
  }
  return kept(request);
}
