// The part of onnxruntime-web that the lens uses, for the type check only.
export class Tensor {
  constructor(type: "float32", data: Float32Array, dims: readonly number[]);
  readonly data: Float32Array;
  readonly dims: readonly number[];
  dispose(): void;
}
export class InferenceSession {
  static create(
    graph: Uint8Array,
    options?: {
      executionProviders?: string[];
      externalData?: { path: string; data: Uint8Array }[];
      [option: string]: unknown;
    },
  ): Promise<InferenceSession>;
  readonly inputNames: string[];
  readonly outputNames: string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}
export const env: {
  logLevel: string;
  wasm: { wasmPaths: { mjs: string; wasm?: string }; wasmBinary?: ArrayBuffer; numThreads: number; proxy: boolean; [option: string]: unknown };
};
