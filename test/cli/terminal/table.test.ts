import { expect, test } from 'vitest'
import { createScreen } from '../../../src/cli/terminal/screen.ts'
import { type Column, table } from '../../../src/cli/terminal/table.ts'
import { widthOf } from '../../../src/cli/terminal/width.ts'

const COLUMNS: readonly Column[] = [
  { title: 'CHECK', least: 8 },
  { title: 'TOOK', align: 'right' },
  { title: 'NOTE', least: 10 },
]

test('Columns are as wide as their widest cell, numbers stand on the right.', () => {
  const rows = [{ cells: ['mail.smtp', '41 ms', '250 ok'] }, { cells: ['été', '1.2 s', ''] }]
  expect(table(COLUMNS, [{ title: null, rows }], screenOf(80))).toEqual([
    'CHECK       TOOK  NOTE',
    'mail.smtp  41 ms  250 ok',
    'été        1.2 s',
  ])
})

test('Sections share their columns and are set apart.', () => {
  const sections = [
    { title: 'E-mail', rows: [{ cells: ['mail.smtp', '41 ms', 'a'] }] },
    { title: 'Files', rows: [{ cells: ['files', '1 ms', 'b'] }] },
  ]
  expect(table(COLUMNS, sections, screenOf(80))).toEqual([
    '  CHECK       TOOK  NOTE',
    'E-mail',
    '  mail.smtp  41 ms  a',
    '',
    'Files',
    '  files       1 ms  b',
  ])
})

test('Where there is little room the last column gives way before the first.', () => {
  const rows = [{ cells: ['service.check', '41 ms', 'a note that is rather long'] }]
  expect(table(COLUMNS, [{ title: null, rows }], screenOf(40))).toEqual([
    'CHECK           TOOK  NOTE',
    'service.check  41 ms  a note that is ra…',
  ])
  expect(table(COLUMNS, [{ title: null, rows }], screenOf(28))[1]).toBe('service.…  41 ms  a note th…')
})

test('What must be told whole goes on below.', () => {
  const rows = [{ cells: ['service.check', '41 ms', 'a note that is rather long'], whole: true }]
  expect(table(COLUMNS, [{ title: null, rows }], screenOf(40)).slice(1)).toEqual([
    'service.check  41 ms  a note that is',
    '                      rather long',
  ])
})

test('Colours change no width.', () => {
  const plain = { cells: [{ text: 'ok', style: 'green' as const }, '1 ms', 'x'] }
  const [, line] = table(COLUMNS, [{ title: null, rows: [plain] }], screenOf(80, true))
  expect(line).toBe('\x1b[32mok\x1b[39m     1 ms  x')
})

test('No line is wider than the screen as long as the columns can give way.', () => {
  const rows = [{ cells: ['漢字'.repeat(20), '41 ms', 'x'.repeat(200)], whole: true }]
  for (const columns of [40, 60, 80, 133]) {
    for (const line of table(COLUMNS, [{ title: 'é'.repeat(200), rows }], screenOf(columns))) {
      expect(widthOf(line)).toBeLessThanOrEqual(columns)
    }
  }
})

function screenOf(columns: number, coloured = false) {
  const environment: Record<string, string> = coloured ? {} : { NO_COLOR: '1' }
  return createScreen({ write: () => {}, isTTY: true, columns }, environment)
}
