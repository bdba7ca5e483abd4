// What to make of how the talk with another site stands: each fault with the remedy that mends it.
import { describe, expect, it } from 'vitest'
import { judgeTwin, type TwinStatus } from '../../../src/core/shown/twin-status.ts'

const NOW = Date.UTC(2026, 10, 28, 6, 0, 0)
const GOOD: TwinStatus = {
  site: 'offsite',
  heard: true,
  met: true,
  sees: true,
  since: '2026-11-28T05:00:00.000Z',
  blind: null,
  version: '1.0.0',
  configuration: 'same',
  signed: '2026-11-28T05:30:00.000Z',
  differs: [],
  reached: true,
  trouble: null,
  wrong_key: null,
  callable: true,
  calls: false,
  address: null,
  seen_at: '192.0.2.1',
  complete: true,
  ahead_s: 0,
  refused: {},
}
const SILENT = { ...GOOD, heard: false, met: false }
const layers = (names: readonly string[]) => names.map((name) => `(${name})`).join()

describe('a site', () => {
  it.each<[Partial<TwinStatus>, string, RegExp, RegExp | null]>([
    [GOOD, 'ok', /^heard, we reach it$/, null],
    [{ ...GOOD, reached: null, calls: true }, 'ok', /^heard, it reaches us$/, null],
    [SILENT, 'fail', /^not heard for 1 h$/, /^Does vigie run at offsite/],
    [{ ...SILENT, met: true }, 'fail', /^not heard/, /^It was heard before/],
    [{ ...SILENT, sees: false, trouble: 'x' }, 'fail', /: x$/, /^Our own line is bad/],
    [{ ...SILENT, reached: null }, 'fail', /^not heard/, /^It was not called yet, or has no `url` and must call us/],
    [{ ...SILENT, callable: false }, 'fail', /^not heard/, /^Neither site has a `url`/],
    [{ ...SILENT, trouble: 'x', wrong_key: 'its' }, 'fail', /: x$/, /^Is the key of offsite in site.yaml here/],
    [{ ...SILENT, trouble: 'x', wrong_key: 'ours' }, 'fail', /: x$/, /^Does site.yaml at offsite name this site/],
  ])('%j: %s', (status, level, says, remedy) => {
    const [first, ...others] = judgeTwin({ ...GOOD, ...status }, { version: '1.0.0', layers }, NOW)
    expect(others).toEqual([])
    expect(first).toMatchObject({ item: 'offsite', level })
    expect(first!.says).toMatch(says)
    if (remedy === null) expect(first!.remedy).toBeNull()
    else expect(first!.remedy).toMatch(remedy)
  })

  it.each<[Partial<TwinStatus>, string]>([
    [{ version: '0.9.0' }, 'runs version 0.9.0, this is 1.0.0'],
    [
      { configuration: 'older', differs: ['mail.imap'] },
      'checks/ differs, its is older (changed there 30 min ago): mail.imap',
    ],
    [
      { configuration: 'newer', signed: null },
      'checks/ differs, ours is older: not in a check, but in site.yaml or in words',
    ],
    [{ blind: { since: GOOD.since, layers: ['v4'] } }, 'its own line is at fault: (v4)'],
    [{ ahead_s: 7200 }, 'dates what it says 2 h ahead of our clock'],
    [{ refused: { repeated: 40, gap: 3, signature: 2 } }, 'since the start here 2 refused: signed with another key'],
  ])('that is heard and %j: %s', (status, says) => {
    const [heard, ...others] = judgeTwin({ ...GOOD, ...status }, { version: '1.0.0', layers }, NOW)
    expect(heard!.level).toBe('ok')
    expect(others.map((one) => [one.level, one.says])).toEqual([['warn', says]])
  })
})
