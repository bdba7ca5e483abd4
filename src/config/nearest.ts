// Which word was meant.

const LONGEST = 40

/** Two letters swapped are a likelier slip than a wrong one. */
const SWAP = 0.9

/**
 * The candidate that a misspelt word was most likely meant to be; null when none is near: at most a third of the
 * shorter one's letters are wrong, missing, too many or swapped. Capitals, `-` and `_` make no difference.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  if (word.length > LONGEST) return null
  const wanted = plain(word)
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    if (candidate === word) continue
    const known = plain(candidate)
    const most = Math.max(1, Math.floor(Math.min(wanted.length, known.length) / 3)) + 1
    if (Math.abs(known.length - wanted.length) >= most) continue
    const apart = distance(wanted, known)
    if (apart < Math.min(least, most) && apart < known.length) {
      least = apart
      best = candidate
    }
  }
  return best
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '')
}

/** Damerau-Levenshtein (optimal string alignment): insertions, deletions, replacements and swaps of neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + SWAP)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length]!
}
