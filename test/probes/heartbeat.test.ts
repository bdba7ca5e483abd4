import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { heartbeat } from '../../src/probes/heartbeat.ts'
import { kinds } from '../../src/probes/index.ts'
import { configure } from './settings.ts'

describe('heartbeat', () => {
  it('waits a tenth of the period longer, and five minutes at least', () => {
    expect(configure(heartbeat, '24h').plan).toEqual({ does: 'wait', period: DAY, grace: DAY / 10, token: null })
    expect(configure(heartbeat, '10m').plan).toMatchObject({ grace: 5 * MINUTE })
    expect(configure(heartbeat, '10m', { grace: '1h' }).plan).toMatchObject({ grace: HOUR })
  })

  it('takes a token that fits into an address', () => {
    for (const token of ['abcdefgh-12345678', 'short', 'a.b~c_d', '1'])
      expect(configure(heartbeat, '24h', { token })).toMatchObject({ plan: { token }, complaints: [] })
    for (const token of ['with a space in its middle', '../../../../../etc', '..', '', 'é', 'a'.repeat(513)]) {
      expect(configure(heartbeat, '24h', { token }).complaints).toEqual([expect.stringMatching(/^token: /)])
    }
  })
})

describe('the list of kinds', () => {
  it('says of each what a success proves, and an example', () => {
    for (const kind of Object.values(kinds)) {
      expect(kind.summary).not.toBe('')
      expect(kind.example).not.toBe('')
      // What a kind needs beside its target is another matter (round trips need their accounts).
      const { complaints } = configure(kind, kind.example)
      expect(complaints.filter((complaint) => complaint.startsWith('target'))).toEqual([])
    }
  })
})
