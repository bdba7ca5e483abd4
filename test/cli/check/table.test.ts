import { expect, test } from 'vitest'
import type { Result } from '../../../src/cli/check/result.ts'
import { resultTable, summaryOf } from '../../../src/cli/check/table.ts'
import { createScreen } from '../../../src/cli/terminal/screen.ts'
import { configurationOf, serviceOf } from '../../core/policy.ts'

const RESULTS: readonly Result[] = [
  resultOf('mail.smtp', 'tls', { ok: true, took_ms: 41.2, note: 'TLSv1.3, 93 days left' }),
  resultOf('mail.submission', 'tls', { ok: true, reason: 'expiring', took_ms: 9.4, note: 'TLSv1.3, 3 days left' }),
  resultOf('mail.imap', 'tls', {
    ok: false,
    reason: 'timeout',
    took_ms: 10_000.4,
    note: 'no connection (192.0.2.7:993) within 10s',
  }),
  resultOf('mail.queue', 'heartbeat', { ok: null, took_ms: 0, note: 'waits to be pinged every 24h' }),
  resultOf('files.web', 'http', {
    ok: true,
    reason: 'slow',
    took_ms: 4_120,
    note: '200, 12.4 kB, TLSv1.3, 61 days left, "Été 2026" and more',
  }),
  resultOf('files.login', 'http', { ok: null, reason: 'config', took_ms: 0, note: 'the secret "files" is missing' }),
]

const SERVICES = configurationOf([
  serviceOf('mail', [], { name: { fr: 'Courriel', en: 'E-mail' } }),
  serviceOf('files', [], { name: { fr: 'Fichiers de l’équipe' } }),
  serviceOf('none', [], { name: { en: 'Not looked at' } }),
])

test('At 80 columns notes of what is fine are cut, all others are told whole.', () => {
  expect(linesAt(80)).toBe(`
  CHECK            KIND       RESULT        TOOK  NOTE
E-mail
  mail.smtp        tls        ✓ ok         41 ms  TLSv1.3, 93 days left
  mail.submission  tls        ! expiring    9 ms  TLSv1.3, 3 days left
  mail.imap        tls        ✗ timeout   10.0 s  no connection (192.0.2.7:993)
                                                  within 10s
  mail.queue       heartbeat  · waits             waits to be pinged every 24h

Fichiers de l’équipe
  files.web        http       ! slow       4.1 s  200, 12.4 kB, TLSv1.3, 61 days
                                                  left, "Été 2026" and more
  files.login      http       ? config            the secret "files" is missing`)
})

test('Where all is to be told no note is cut.', () => {
  const screen = createScreen({ write: () => {}, isTTY: true, columns: 60 }, { NO_COLOR: '1' })
  const told = (whole: boolean) => resultTable(RESULTS, SERVICES, screen, whole).join(' ').replace(/\s+/g, ' ')
  expect(told(false)).not.toContain('93 days left')
  expect(told(true)).toContain('TLSv1.3, 93 days left')
})

test('A wide terminal gets whole notes, a narrow one what fits.', () => {
  expect(linesAt(200)).toContain('200, 12.4 kB, TLSv1.3, 61 days left, "Été 2026" and more')
  for (const line of linesAt(52).split('\n')) expect(line.length).toBeLessThanOrEqual(52)
})

test('The summary counts what there is and leaves out what isn’t.', () => {
  expect(summaryOf(RESULTS, 10_012)).toBe(
    '1 fine, 1 slow, 1 with a certificate or domain that expires soon, 1 failed, 1 unknown, 1 to be pinged; 10.0 s in all.',
  )
  expect(summaryOf(RESULTS.slice(0, 1), 41)).toBe('1 fine; 41 ms in all.')
  expect(summaryOf([], 0)).toBe('There was nothing to look at.')
})

function linesAt(columns: number): string {
  const screen = createScreen({ write: () => {}, isTTY: true, columns }, { NO_COLOR: '1' })
  return `\n${resultTable(RESULTS, SERVICES, screen, false).join('\n')}`
}

function resultOf(check: string, kind: string, own: Pick<Result, 'ok' | 'took_ms' | 'note'> & Partial<Result>): Result {
  const service = check.split('.')[0]!
  return {
    check,
    service,
    kind,
    target: 'x',
    site: 'home',
    at: '2026-11-23T09:00:00.000Z',
    reason: null,
    phases: {},
    tls: null,
    ...own,
  }
}
