/** The value below which a share of the numbers lies, sorted ascending: nearest rank. Null for none. */
export function quantile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted.length === 0
    ? null
    : sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!
}
