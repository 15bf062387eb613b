// The part of lean-qr that the lens uses, for the type check only.
export const correction: { L: number; M: number; Q: number; H: number };
export function generate(
  text: string,
  options?: { minCorrectionLevel?: number },
): { readonly size: number; get(x: number, y: number): boolean };
