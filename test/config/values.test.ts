// Values that a program's answer is compared with: what isn't text is taken as it is written.
import { expect, it } from 'vitest'
import type { ProbeKind } from '../../src/probes/kind.ts'
import { briefly, readFiles } from './folders.ts'

let read: { readonly texts: unknown; readonly values: unknown; readonly map: unknown }

const page: ProbeKind = {
  summary: 'A page answers.',
  example: 'www.example.org',
  configure(settings) {
    read = { texts: settings.texts('contains'), values: settings.values('json'), map: settings.map('headers') }
    return { does: 'look', probe: async () => ({ ok: true, note: '' }) }
  },
}

const files = (...keys: readonly string[]) =>
  readFiles(
    { 'web.yaml': `service: Web\nchecks:\n  - page: www.nomagic.test\n${keys.map((key) => `    ${key}\n`).join('')}` },
    { kinds: { page } },
  )

it('takes numbers, booleans and null as they are written', () => {
  expect(files('contains: 5').mistakes).toEqual([])
  expect(read.texts).toEqual(['5'])
  const reading = files('contains: [0123, true, 1.50, "x"]', 'json: { error: null, gone: ~, a.b: 007, c: false, d: }')
  expect(reading.mistakes).toEqual([])
  expect(read.texts).toEqual(['0123', 'true', '1.50', 'x'])
  expect(read.values).toEqual({ error: 'null', gone: 'null', 'a.b': '007', c: 'false', d: 'null' })
})

it('refuses nothing where something must be sent or found', () => {
  expect(briefly(files('contains: [null]', 'headers: { X-A: null }'))).toEqual([
    'web.yaml:4:16: contains, entry 1, must be text, not nothing',
    'web.yaml:5:21: X-A must be text, not nothing',
  ])
})
