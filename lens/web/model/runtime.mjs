// Runs ONNX models in the browser: onnxruntime-web, plain WASM, one thread, no worker.

import * as ort from "../vendor/onnxruntime-web/ort.wasm.min.mjs";
import { fetchBytes } from "./formats.mjs";

ort.env.wasm.wasmPaths = new URL("../vendor/onnxruntime-web/", import.meta.url).href;
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "error";

/** @type {Promise<any>} */
let queue = Promise.resolve();

/**
 * Do one thing after another with the runtime, which bears no two at once: while a session is made it keeps
 * external data in one table by path, so another would read these weights; and while a graph runs its results
 * lie on a stack that the end of another run takes back.
 * @param {() => Promise<any>} task @returns {Promise<any>}
 */
function inTurn(task) {
  const done = queue.then(task);
  queue = done.catch(() => {});
  return done;
}

/** @param {ArrayBuffer} graph @param {ArrayBuffer} weights @returns {Promise<any>} */
function makeSession(graph, weights) {
  return inTurn(() =>
    ort.InferenceSession.create(new Uint8Array(graph), {
      executionProviders: ["wasm"],
      externalData: [{ path: "weights.safetensors", data: new Uint8Array(weights) }],
    }),
  );
}

/** One ONNX graph with a single float input `(N, width)`. */
export class Graph {
  /** @param {any} session @param {number} width @param {string} [output] the first where none is named */
  constructor(session, width, output) {
    this.session = session;
    this.width = width;
    this.input = session.inputNames[0];
    this.output = output ?? session.outputNames[0];
  }

  /**
   * Open `name` of the bundle at `url`; the graph's weights lie in the bundle's safetensors file.
   * @param {string} url
   * @param {string} name
   * @param {Promise<ArrayBuffer>} weights
   * @param {number} width
   * @param {string} [output]
   */
  static async open(url, name, weights, width, output) {
    const [graph, data] = await Promise.all([fetchBytes(`${url}/${name}`), weights]);
    return new Graph(await makeSession(graph, data), width, output);
  }

  /**
   * Run on the rows that lie behind one another in `rows`. They are copied first: the runtime reads its
   * input a moment later, when the caller may already have moved on.
   * @param {Float32Array} rows
   * @returns {Promise<Float32Array>}
   */
  async run(rows) {
    const input = new ort.Tensor("float32", rows.slice(), [rows.length / this.width, this.width]);
    const answer = await inTurn(() => this.session.run({ [this.input]: input }));
    return answer[this.output].data;
  }
}
