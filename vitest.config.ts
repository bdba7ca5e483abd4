import { defineConfig } from 'vitest/config'

/** A long run by hand. */
const long = process.env.VIGIE_RUNS !== undefined

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: long ? 7_200_000 : 20_000,
    setupFiles: long ? ['test/runs.ts'] : [],
    hookTimeout: 30_000,
    // What takes some milliseconds takes seconds on a machine that others use too.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // Most tests wait for servers: two at a time, also on one core.
    maxWorkers: 2,
    // Whole sites in real time, on machines that others use too: what fails there is tried once more before it counts.
    retry: process.env.CI ? 2 : 0,
  },
})
