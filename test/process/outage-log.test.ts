// What the log says of what is seen.
import { expect, test } from 'vitest'
import type { Change } from '../../src/core/history/change.ts'
import { logged } from '../../src/process/outage-log.ts'

const SINCE = Date.parse('2026-11-28T06:23:08Z')
const RECORD = {
  id: 'mail-1',
  since: SINCE,
  ended: null as number | null,
  checks: [{ id: 'mail.imap', kind: 'imap', reason: 'refused', note: 'hush' }],
}
const change = (subject: Change['subject'], state: string, sites: unknown): Change => ({
  at: SINCE + 9_000,
  subject,
  id: 'mail',
  since: SINCE,
  state,
  rule: '6',
  sites,
})

function lines(...changes: readonly Change[]) {
  const said: string[] = []
  const written: Change[] = []
  const tell = logged(
    (one) => written.push(one),
    (level, message) => said.push(`${level} ${message}`),
  )
  for (const one of changes) tell(one)
  expect(written).toEqual(changes)
  return said
}

test('An outage is logged when it begins, gets worse and ends; what leads to it is not.', () => {
  const began = change('outage', 'partial', RECORD)
  const worse = change('outage', 'down', { ...RECORD, planned: true })
  const grown = change('outage', 'down', { ...RECORD, checks: [...RECORD.checks, ...RECORD.checks] })
  const over = change('outage', 'ended', { ...RECORD, ended: SINCE + 372_000 })
  expect(
    lines(began, change('agreement', 'down', {}), change('status', 'major_outage', {}), worse, grown, over),
  ).toEqual([
    'warn mail is partly down since 2026-11-28T06:23:08.000Z (mail.imap: the server refuses the connection)',
    'warn mail is down since 2026-11-28T06:23:08.000Z, during planned work (mail.imap: the server refuses the connection)',
    'info mail works again after 6 min 12 s',
  ])
  expect(lines(change('outage', 'ended', { ...RECORD, ended: SINCE, formerly: 'mail-2' }))).toEqual([])
})

test('That this site can’t see, and sees again, is logged.', () => {
  const layers = { layers: ['dns', 'v4'] }
  expect(lines(change('line', 'bad', layers), change('line', 'good', layers))).toEqual([
    'warn this site can’t see since 2026-11-28T06:23:08.000Z (dns, v4): what needs that is unknown; see `vigie doctor`',
    'info this site sees again',
  ])
})
