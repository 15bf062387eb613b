// Runs ONNX models in the browser: onnxruntime-web, plain WASM, one thread, no worker.

import * as ort from "./vendor/onnxruntime-web/ort.wasm.min.mjs";

ort.env.wasm.wasmPaths = new URL("./vendor/onnxruntime-web/", import.meta.url).href;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/**
 * Fetch a file whole.
 * @param {string} url
 * @returns {Promise<ArrayBuffer>}
 */
export async function fetchBytes(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} could not be read (HTTP ${answer.status})`);
  return answer.arrayBuffer();
}

// The runtime keeps external data in one table, by path, while a session is made: two at once would read
// each other's weights, so sessions are made one after another.
/** @type {Promise<any>} */
let queue = Promise.resolve();

/** @param {ArrayBuffer} graph @param {ArrayBuffer} weights @returns {Promise<any>} */
function makeSession(graph, weights) {
  const made = queue.then(() =>
    ort.InferenceSession.create(new Uint8Array(graph), {
      executionProviders: ["wasm"],
      externalData: [{ path: "weights.safetensors", data: new Uint8Array(weights) }],
    }),
  );
  queue = made.catch(() => {});
  return made;
}

/** One ONNX graph with a single float input `(N, width)`. */
export class Graph {
  /** @param {any} session @param {number} width */
  constructor(session, width) {
    this.session = session;
    this.width = width;
    this.input = session.inputNames[0];
    this.output = session.outputNames[0];
  }

  /**
   * Open `name` of the bundle at `url`; the graph's weights lie in the bundle's safetensors file.
   * @param {string} url
   * @param {string} name
   * @param {Promise<ArrayBuffer>} weights
   * @param {number} width
   */
  static async open(url, name, weights, width) {
    const [graph, data] = await Promise.all([fetchBytes(`${url}/${name}`), weights]);
    return new Graph(await makeSession(graph, data), width);
  }

  /**
   * Run on the rows that lie behind one another in `rows`. They are copied first: the runtime reads its
   * input a moment later, when the caller may already have moved on.
   * @param {Float32Array} rows
   * @returns {Promise<Float32Array>}
   */
  async run(rows) {
    const input = new ort.Tensor("float32", rows.slice(), [rows.length / this.width, this.width]);
    const answer = await this.session.run({ [this.input]: input });
    return answer[this.output].data;
  }
}
