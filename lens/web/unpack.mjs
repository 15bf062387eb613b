// Makes modules of their texts, for pages without a server: see aemodels/views/packing.py.

/**
 * @param {[path: string, text: string][]} modules each after those that it imports
 * @param {(text: string, path: string) => string} [publish] gives the address of a module of this text
 * @returns {(path: string) => Promise<any>} imports one of them
 */
export function unpack(modules, publish = toBlob) {
  /** @type {Map<string, string>} */
  const addresses = new Map();
  const addressOf = (/** @type {string} */ path) => {
    const found = addresses.get(path);
    if (!found) throw new Error(`${path} isn't packed`);
    return found;
  };
  for (const [path, text] of modules) {
    const linked = text.replace(/"packed:([\w./-]+)"/g, (_, name) => JSON.stringify(addressOf(name)));
    addresses.set(path, publish(linked, path));
  }
  return async (path) => import(addressOf(path));
}

/** @param {string} text @param {string} path as errors and tools show it */
function toBlob(text, path) {
  return URL.createObjectURL(new Blob([text, `\n//# sourceURL=latent-lab/${path}`], { type: "text/javascript" }));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} what a gzip file holds; other bytes as they are */
export async function gunzip(bytes) {
  if (!isGzip(bytes)) return bytes;
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(unpacked).arrayBuffer());
}

/**
 * The same while it comes.
 * @param {Response} answer @returns {Promise<Response>}
 */
export async function gunzipAnswer(answer) {
  if (!answer.body) return answer;
  const [start, whole] = answer.body.tee();
  const reader = start.getReader();
  const { value } = await reader.read();
  // Its promise waits for the other one.
  reader.cancel().catch(() => {});
  return new Response(value && isGzip(value) ? whole.pipeThrough(new DecompressionStream("gzip")) : whole);
}

/** @param {Uint8Array} bytes */
function isGzip(bytes) {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
