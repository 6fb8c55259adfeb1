/** A number in [0, 1) that follows from three whole numbers and nothing else (finaliser of MurmurHash3, Appleby, 2011). */
export function hashUnit(seed: number, a: number, b: number): number {
  let h = (seed ^ Math.imul(a | 0, 0x9e3779b1) ^ Math.imul((a / 0x1_0000_0000) | 0, 0x27d4eb2f) ^ Math.imul(b | 0, 0x85ebca6b)) | 0;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 0x1_0000_0000;
}
