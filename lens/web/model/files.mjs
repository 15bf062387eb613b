// Where files come from: the server, or whatever the shell provides instead of one.

/**
 * Gives a file by its path, such as "/zoo/vae-2/codes.npy"; null if there is none.
 * @typedef {(path: string) => Promise<Uint8Array<ArrayBuffer> | Response | null>} FileSource
 */

/** @type {FileSource | null} */
let provided = null;

/**
 * Have every file come from here, not from the server: those of models and data sets by the addresses that the views
 * were given, without what follows "?", and the lens's own below "/lens/".
 * @param {FileSource | null} source null for the server again
 */
export function provideFiles(source) {
  provided = source;
}

/**
 * What `fetch` gives for a file of a model, a data set or a run.
 * @param {string} url @param {RequestInit} [options] for the server
 * @returns {Promise<Response>}
 */
export async function fetchFile(url, options) {
  if (!provided) return fetch(url, options);
  const found = await provided(url.replace(/\?.*/, ""));
  if (found instanceof Response) return found;
  return found ? new Response(found) : new Response(null, { status: 404 });
}

/** The same for a file of the lens. @param {string} path below lens/web, such as "paper.css" @returns {Promise<Response>} */
export async function fetchOwn(path) {
  return provided ? fetchFile(`/lens/${path}`) : fetch(await ownAddress(path));
}

/**
 * An address of a file of the lens, for what fetches it itself.
 * @param {string} path below lens/web @param {string} [type] of its content @returns {Promise<string>}
 */
export async function ownAddress(path, type = "text/javascript") {
  // As imports are resolved: where the page has an import map, to addresses that change with the file.
  if (!provided) return import.meta.resolve(`../${path}`);
  const answer = await fetchOwn(path);
  if (!answer.ok) throw new Error(`${path} could not be read (HTTP ${answer.status})`);
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type }));
}

/** Whether files come from a shell. */
export function areProvided() {
  return provided !== null;
}
