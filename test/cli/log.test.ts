import { expect, test } from 'vitest'
import { createLog } from '../../src/cli/log.ts'
import { createHost } from './host.ts'

const wall = () => Date.UTC(2026, 10, 23, 9)

test('A log line is the time, the level and the message.', () => {
  const { host, written } = createHost({ wall })
  const log = createLog(host)
  log('info', 'configuration read')
  log('error', 'disk full')
  expect(written.err).toBe(
    '2026-11-23T09:00:00.000Z info  configuration read\n2026-11-23T09:00:00.000Z error disk full\n',
  )
})

test('A stack stays together, and nothing in it can steer the terminal.', () => {
  const { host, written } = createHost({ wall })
  createLog(host)('error', 'Error: \x1b[2Jboom\n  at x\u202e (y.ts:1)\r\n')
  expect(written.err).toBe('2026-11-23T09:00:00.000Z error Error:  [2Jboom\n      at x  (y.ts:1)\n    \n')
})
