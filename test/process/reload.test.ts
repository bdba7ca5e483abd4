// What a running vigie takes of a configuration that is another, and what it says of the rest.
import { expect, it } from 'vitest'
import type { Reading } from '../../src/config/read.ts'
import { createReload } from '../../src/process/reload.ts'
import { configurationOf } from '../core/policy.ts'

const BEFORE = configurationOf([], { listen: { host: '127.0.0.1', port: 8080 }, proxy: ['127.0.0.1'] })

async function reloaded(more: object, mistakes: Reading['mistakes'] = []) {
  const configuration = mistakes.length === 0 ? { ...BEFORE, ...more } : null
  const said: string[] = []
  const reload = createReload({
    read: () => ({ configuration, plans: new Map(), mistakes, warnings: [] }) as unknown as Reading,
    take: async () => void said.push('taken'),
    log: (level, message) => said.push(`${level}: ${message}`),
    memory: { configuration: BEFORE },
    troubles: { begin: (_what, _cause, note, remedy) => said.push(`${note}. ${remedy}`), end: () => {} },
    watchdog: { reloading: () => {}, ready: () => {} },
  })
  reload()
  await new Promise((done) => setImmediate(done))
  return said
}

it.each<[string, object, readonly string[]]>([
  ['is taken', { name: 'Other' }, ['taken']],
  [
    'that listens elsewhere is taken, and says what of it is not',
    { listen: { host: '127.0.0.1', port: 80 } },
    ['warn: listen in site.yaml is another: it holds from the next start on', 'taken'],
  ],
  [
    'that believes another proxy, likewise',
    { proxy: [] },
    ['warn: proxy in site.yaml is another: it holds from the next start on', 'taken'],
  ],
  [
    'in which this site has another name is not: it signs under the one it started with',
    { site: { id: 'pi' } },
    ['site home is to be pi now. Start vigie anew to make it so.'],
  ],
])('another configuration %s', async (_sentence, more, said) => {
  expect(await reloaded(more)).toEqual(said)
})

it('one with mistakes is not taken, and says how many there are', async () => {
  const mistake = { file: 'site.yaml', line: 1, column: 1, message: 'no `sites`', hint: null }
  const noted = async (count: number) => (await reloaded({}, Array(count).fill(mistake))).at(-1)
  expect(await noted(1)).toMatch(/^a mistake: site\.yaml:1:1: no `sites`\. /)
  expect(await noted(2)).toMatch(/^2 mistakes, first site\.yaml:1:1: /)
})
