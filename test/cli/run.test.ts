import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stopOnSignal } from '../../src/cli/run.ts'
import { folderWith, SITE } from './folders.ts'
import { createHost, vigie } from './host.ts'

test('The first signal ends it cleanly.', async () => {
  const { host, signal } = createHost()
  let stops = 0
  const stop = async () => {
    stops++
  }
  const code = stopOnSignal({ stop }, host)
  signal('SIGTERM')
  expect([await code, stops]).toEqual([0, 1])
})

test('A second signal doesn’t wait for a stop that hangs.', async () => {
  const { host, written, signal } = createHost()
  let stops = 0
  const hang = () => {
    stops++
    return new Promise<void>(() => {})
  }
  const code = stopOnSignal({ stop: hang }, host)
  signal('SIGINT')
  expect(written.err).toBe('Stopping. Once more, and it ends at once.\n')
  signal('SIGINT')
  expect([await code, stops]).toEqual([1, 1])
})

test('A stop that fails is not called clean.', async () => {
  const { host, signal } = createHost()
  const code = stopOnSignal({ stop: () => Promise.reject(new Error('disk full')) }, host)
  signal('SIGTERM')
  await expect(code).rejects.toThrow('disk full')
})

test('What it can’t start for is not lost below warnings.', async () => {
  const service = 'service: Web\nchecks:\n  - http: https://www.essai.test/\n'
  const folder = folderWith({ 'checks/site.yaml': SITE, 'checks/web.yaml': service, file: '' })
  const at = (name: string) => join(folder, name)
  const { code, out, err } = await vigie(['run', '--checks', at('checks'), '--data', at('file')])
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(err).toMatch(/^vigie run: .*file.*\n$/)
})
