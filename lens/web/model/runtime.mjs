// Runs ONNX models in the browser: onnxruntime-web, plain WASM, one thread, no worker.

import * as ort from "../vendor/onnxruntime-web/ort.wasm.min.mjs";
import { areProvided, fetchOwn, ownAddress } from "./files.mjs";
import { fetchBytes } from "./formats.mjs";
import { withOutput } from "./graph_output.mjs";

/** @typedef {import("../vendor/onnxruntime-web/ort.wasm.min.mjs").InferenceSession} Session */

/** @typedef {import("../vendor/onnxruntime-web/ort.wasm.min.mjs").Tensor} Tensor */

/** @type {Promise<unknown>} */
let queue = Promise.resolve();

/**
 * Run one task after another, since the runtime can't do two at once: while a session is being created, external data
 * are in one table by path, so another session would read these weights; and while a graph runs, its results are on
 * a stack that the end of another run pops.
 * @template T
 * @param {() => Promise<T>} task @returns {Promise<T>}
 */
function inTurn(task) {
  const done = queue.then(task);
  queue = done.catch(() => {});
  return done;
}

/** @param {Uint8Array} graph @param {ArrayBuffer} weights @returns {Promise<Session>} */
async function makeSession(graph, weights) {
  await findRuntime();
  return inTurn(() =>
    ort.InferenceSession.create(graph, {
      executionProviders: ["wasm"],
      externalData: [{ path: "weights.safetensors", data: new Uint8Array(weights) }],
    }),
  );
}

/** @type {Promise<void> | null} */
let finding = null;

/** Say where the runtime's own files are, once. @returns {Promise<void>} */
function findRuntime() {
  finding ??= setPaths().catch((error) => {
    finding = null;
    throw error;
  });
  return finding;
}

async function setPaths() {
  const { wasm } = ort.env;
  const name = (/** @type {string} */ ending) => `vendor/onnxruntime-web/ort-wasm-simd-threaded.${ending}`;
  wasm.numThreads = 1;
  ort.env.logLevel = "error";
  if (areProvided()) {
    const [mjs, answer] = await Promise.all([ownAddress(name("mjs")), fetchOwn(name("wasm"))]);
    if (!answer.ok) throw new Error(`the ONNX runtime could not be read (HTTP ${answer.status})`);
    wasm.wasmPaths = { mjs };
    wasm.wasmBinary = await answer.arrayBuffer();
  } else {
    // The runtime compiles it while it comes.
    wasm.wasmPaths = { mjs: await ownAddress(name("mjs")), wasm: await ownAddress(name("wasm")) };
  }
}

/** One ONNX graph with a single float input `(N, width)`. */
export class Graph {
  /** @param {Session} session @param {number} width */
  constructor(session, width) {
    this.session = session;
    this.width = width;
    this.input = session.inputNames[0];
    this.output = session.outputNames[0];
    /** @type {Map<number, Tensor[]>} inputs that no run is using, by their length */
    this.spare = new Map();
  }

  /**
   * Open a graph whose weights are in its bundle's safetensors file.
   * @param {string} url of the graph
   * @param {Promise<ArrayBuffer>} weights
   * @param {number} width
   * @param {string | null} [also] a value inside the graph that is wanted too
   */
  static async open(url, weights, width, also = null) {
    const [graph, data] = await Promise.all([fetchBytes(url), weights]);
    const bytes = also === null ? new Uint8Array(graph) : withOutput(graph, also);
    return new Graph(await makeSession(bytes, data), width);
  }

  /**
   * Run on the rows stored one after another in `rows`; gives the first output.
   * @param {Float32Array} rows
   * @returns {Promise<Float32Array>}
   */
  async run(rows) {
    return (await this.runAll(rows))[this.output];
  }

  /**
   * The same; gives every output by its name. The rows are copied first: the runtime reads its input a moment
   * later, when the caller may already have moved on.
   * @param {Float32Array} rows
   * @returns {Promise<Record<string, Float32Array>>}
   */
  async runAll(rows) {
    const spare = this.spare.get(rows.length) ?? [];
    this.spare.set(rows.length, spare);
    const input =
      spare.pop() ?? new ort.Tensor("float32", new Float32Array(rows.length), [rows.length / this.width, this.width]);
    input.data.set(rows);
    try {
      const answer = await inTurn(() => this.session.run({ [this.input]: input }));
      return Object.fromEntries(Object.entries(answer).map(([name, { data }]) => [name, data]));
    } finally {
      spare.push(input);
    }
  }

  /** Free its memory, after the runs that were asked for; it can't run again. */
  release() {
    return inTurn(() => this.session.release());
  }
}
