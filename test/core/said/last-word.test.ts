import { expect, it } from 'vitest'
import type { IncidentStatus } from '../../../src/core/said/incident.ts'
import { lastWord } from '../../../src/core/said/last-word.ts'

it.each<[IncidentStatus, readonly IncidentStatus[], number]>([
  ['identified', ['investigating', 'identified'], 1],
  ['identified', ['investigating', 'identified', 'resolved'], 1],
  ['identified', ['identified', 'monitoring', 'identified', 'resolved', 'resolved'], 2],
  ['resolved', ['investigating', 'resolved', 'resolved'], 2],
])(
  'an incident that is %s after %j shows what was said with that, not a resolve that closed nothing',
  (status, said, at) => {
    const updates = said.map((one, index) => ({ status: one, index }))
    expect(lastWord({ status, updates }).index).toBe(at)
  },
)
