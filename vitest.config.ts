import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most tests wait for servers: two at a time, also on one core.
    maxWorkers: 2,
    // Whole sites in real time, on machines that others use too: what fails there is tried once more before it counts.
    retry: process.env.CI ? 2 : 0,
  },
})
