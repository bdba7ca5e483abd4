// Runs one look with the options that tests mostly want.

import type { Probe } from '../../src/net/look.ts'
import { type Looked, type LookOptions, runLook } from '../../src/net/run.ts'
import { loopback } from './loopback.ts'

export function lookWith(probe: Probe, options: Partial<LookOptions> = {}): Promise<Looked> {
  return runLook(probe, {
    network: loopback(),
    family: null,
    connect: null,
    allowPrivate: false,
    ca: [],
    now: Date.now,
    timeout: 2_000,
    ...options,
  })
}
