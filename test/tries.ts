// How often a property is tried that needs more than a hundred tries: `VIGIE_RUNS` asks for more still (runs.ts).

export function tries(least: number): { readonly numRuns: number } {
  return { numRuns: Math.max(least, Number(process.env.VIGIE_RUNS ?? 0)) }
}
