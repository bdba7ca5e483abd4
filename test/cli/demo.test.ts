import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { dispatch } from '../../src/cli/dispatch.ts'
import { createHost, vigie } from './host.ts'

const FREE = ['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0']
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('vigie-demo-'))

test('It says where both pages are, plays the shipped checks, and leaves nothing behind.', async () => {
  const before = leftovers()
  const { host, written, signal } = createHost()
  const code = dispatch(['demo', ...FREE], host)
  // Two whole sites and what they look at: many seconds on a machine that is busy.
  await expect.poll(() => written.out, { timeout: 60_000 }).toContain('controls')
  expect(written.out.trim().split('\n')).toHaveLength(5)
  const [page, twin, control] = [...written.out.matchAll(/http:\/\/\S+/g)].map(([url]) => url)
  for (const site of [page, twin]) expect(await (await fetch(`${site}/fr/`)).text()).toContain('Nomagic')
  const faults = (await (await fetch(`${control}/faults.json`)).json()) as { name: string }[]
  expect(faults.map(({ name }) => name)).toEqual(expect.arrayContaining(['hetzner', 'mail.submission-down']))
  const data = /--data (\S+)/.exec(written.out)![1]!
  const title = ['--title', 'Essai', '--text', 'Essai.', '--services', 'mail']
  const opened = await vigie(['incident', 'open', ...title, '--data', data])
  expect(opened).toMatchObject({ code: 0, err: '' })
  expect(await vigie(['explain', 'mail', '--data', data])).toMatchObject({ err: '' })
  signal('SIGTERM')
  expect(await code).toBe(0)
  expect(leftovers()).toEqual(before)
  await expect(fetch(`${control}/faults.json`)).rejects.toThrow()
}, 120_000)

test('A port that is taken is said, with the option that names another.', async () => {
  const before = leftovers()
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`
  const page = await vigie(['demo', '--listen', address, '--control', '127.0.0.1:0'])
  expect(page).toMatchObject({ code: 1, err: expect.stringMatching(/something else listens there; --listen/) })
  const control = await vigie(['demo', '--listen', '127.0.0.1:0', '--control', address])
  expect(control).toMatchObject({ code: 1, err: expect.stringMatching(/something else listens there; --control/) })
  taken.close()
  expect(leftovers()).toEqual(before)
}, 120_000)

test('The controls are for this machine alone.', async () => {
  for (const place of ['0.0.0.0:8081', '192.0.2.1:8081', 'example.org:1', 'nonsense'])
    expect(await vigie(['demo', '--control', place]), place).toMatchObject({ code: 2, out: '' })
})
