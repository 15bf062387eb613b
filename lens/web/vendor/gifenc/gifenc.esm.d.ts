// The part of gifenc that the lens uses, for the type check only.
export function GIFEncoder(options?: { initialCapacity?: number; auto?: boolean }): {
  writeFrame(
    index: Uint8Array,
    width: number,
    height: number,
    options?: {
      palette?: number[][];
      delay?: number;
      repeat?: number;
      transparent?: boolean;
      first?: boolean;
    },
  ): void;
  finish(): void;
  bytes(): Uint8Array<ArrayBuffer>;
};
export function quantize(
  rgba: Uint8Array | Uint8ClampedArray,
  maxColors: number,
  options?: { format?: string },
): number[][];
export function applyPalette(
  rgba: Uint8Array | Uint8ClampedArray,
  palette: number[][],
  format?: string,
): Uint8Array;
