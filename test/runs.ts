// Properties are tried so often: `VIGIE_RUNS=100000 npx vitest run test/twin test/core/said/incident.test.ts` for a long run by hand.
import { configureGlobal } from 'fast-check'

configureGlobal({ numRuns: Number(process.env.VIGIE_RUNS) })
