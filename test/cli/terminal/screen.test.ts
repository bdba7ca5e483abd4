import { expect, test } from 'vitest'
import { createScreen } from '../../../src/cli/terminal/screen.ts'

const TERMINAL = { write: () => {}, isTTY: true, columns: 100 }
const PIPE = { write: () => {} }

test('A terminal has colours and its own width.', () => {
  const screen = createScreen(TERMINAL, {})
  expect(screen.paint('x', 'red')).toBe('\x1b[31mx\x1b[39m')
  expect(screen.columns).toBe(100)
  expect(screen.live).toBe(true)
})

test('A pipe has neither, and 80 columns.', () => {
  const screen = createScreen(PIPE, {})
  expect(screen.paint('x', 'red')).toBe('x')
  expect(screen.columns).toBe(80)
  expect(screen.live).toBe(false)
})

test('NO_COLOR takes the colours away, whatever it says; empty it says nothing.', () => {
  expect(createScreen(TERMINAL, { NO_COLOR: '0' }).paint('x', 'red')).toBe('x')
  expect(createScreen(TERMINAL, { NO_COLOR: '' }).paint('x', 'red')).not.toBe('x')
})

test('A dumb terminal gets plain lines.', () => {
  const screen = createScreen(TERMINAL, { TERM: 'dumb' })
  expect(screen.paint('x', 'red')).toBe('x')
  expect(screen.live).toBe(false)
})

test('A terminal that is resized is as wide as it is now.', () => {
  const stream = { write: () => {}, isTTY: true, columns: 100 }
  const screen = createScreen(stream, {})
  stream.columns = 60
  expect(screen.columns).toBe(60)
  stream.columns = 1
  expect(screen.columns).toBe(20)
})

test('A terminal has an end below, a pipe has none.', () => {
  expect(createScreen({ ...TERMINAL, rows: 24 }, {}).rows).toBe(24)
  expect(createScreen({ ...PIPE, rows: 24 }, {}).rows).toBeNull()
})
