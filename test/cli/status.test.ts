import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { dispatch } from '../../src/cli/dispatch.ts'
import { folderWith } from './folders.ts'
import { createHost, vigie } from './host.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 2, 11)
const at = (ago: number) => new Date(NOW - ago).toISOString()

const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

test('It prints the sentence and a row a service, by group; below what doesn’t work its checks.', async () => {
  const data = await running(documentOf({ services: [MAIL, XMPP, FILES] }))
  const { code, out, err } = await ask(data)
  expect([code, err]).toEqual([1, ''])
  expect(out).toBe(`E-mail: partly down since 13:50.
Verified 12 s ago by site home and 1 more.

  SERVICE                     STATUS              FOR  HOW SURE
communication
  ! E-mail                    Partly down      12 min  2 of 2 sites, because of
                                                       hetzner
      mail.smtp               down             12 min  the server refuses the
                                                       connection, 14 times
      mail.imap               unknown       2 h 2 min  not looked at yet
  ✓ Instant messaging (XMPP)  Working         3 d 2 h  1 of 2 sites, 1 of 2
                                                       checks

documents
  ? Fichiers                  Not verified        4 s  no measure
`)
})

test('What can’t be looked at from here has several causes: it says where the one is told.', async () => {
  const checks = [checkOf('files.http', 'unknown', 'blocked', 4_000, 0)]
  const { out } = await ask(await running(documentOf({ services: [{ ...FILES, checks }] })))
  expect(out.replace(/\s+/g, ' ')).toContain('this check can’t be made from here, `vigie explain` tells why')
})

test('All well, or poorly, or under maintenance, is fine.', async () => {
  for (const status of ['operational', 'degraded_performance', 'under_maintenance']) {
    const data = await running(documentOf({ status, services: [{ ...XMPP, status }] }))
    expect((await ask(data)).code).toBe(0)
  }
})

test.each(['partial_outage', 'major_outage', 'unknown'])('%s is not fine.', async (status) => {
  const data = await running(documentOf({ services: [XMPP, { ...FILES, status }] }))
  expect((await ask(data)).code).toBe(1)
})

test('A blind site says so above everything.', async () => {
  const blind = { since: at(320_000), layers: ['v4', 'dns'] }
  const { out } = await ask(await running(documentOf({ blind, services: [] })))
  expect(out).toContain('BLIND for 5 min 20 s: our own line is not to be trusted (internet access).\n')
})

test('Green is the sentence only where everything was measured.', async () => {
  const sentence = async (...services: readonly object[]) => {
    const data = await running(documentOf({ status: 'operational', services }))
    return (await vigie(['status', '--data', data], { columns: 80, wall: () => NOW })).out.slice(0, 5)
  }
  expect([await sentence(XMPP), await sentence(XMPP, FILES)]).toEqual(['\x1b[32m', '\x1b[34m'])
})

test('A site that is not heard, or sees nothing, verified nothing.', async () => {
  const lines = (line: string) => ({ home: { line: 'good', since: at(0) }, offsite: { line, since: at(0) } })
  const verified = async (line: string) =>
    (await ask(await running(documentOf({ services: [XMPP], sites: lines(line) })))).out
  expect(await verified('unheard')).toMatch(/^Verified .* ago by site home; not heard: offsite\.$/m)
  expect(await verified('bad')).toMatch(/^Verified .* ago by site home\.$/m)
})

test('Where nothing could be measured, it was written and not verified.', async () => {
  const unknown = { ...FILES, status: 'unknown' }
  const said = async (...services: readonly object[]) =>
    (await ask(await running(documentOf({ services, blind: { since: at(320_000), layers: ['v4'] } })))).out
  expect(await said(unknown, { ...XMPP, confidence: { ...XMPP.confidence, note: 'frozen' } })).toMatch(
    /^Written .* ago by site home and 1 more\.$/m,
  )
  expect(await said(unknown, XMPP)).toMatch(/^Verified /m)
})

test('Where it finds no address for a name, what has one still counts, which is said.', async () => {
  const blind = { since: at(320_000), layers: ['dns'] }
  const { out } = await ask(await running(documentOf({ blind, services: [XMPP] })))
  expect(out.replace(/\s+/g, ' ')).toContain('(address lookup). What is looked at by its address still counts.')
})

test('Below it, how the copies of the page stand.', async () => {
  const data = await running(documentOf({ services: [XMPP] }))
  const copy = { to: '/srv/status', at: at(70_000), fault: null, good: at(70_000) }
  const bad = { ...copy, to: 'rsync://b.test/page', fault: 'Connection refused', good: at(7_200_000) }
  writeFileSync(join(data, 'copies.json'), JSON.stringify([copy, bad]))
  expect((await ask(data)).out).toMatch(/\n\nCopies of the page:\n {2}✓ \/srv\/status: made 1 min.* ago\n {2}! rsync:/)
  expect((await ask(data)).out.replace(/\s+/g, ' ')).toContain('last made 2 h ago; the last try: Connection refused')
})

test('As JSON it is the very document of the site.', async () => {
  const document = documentOf({ services: [XMPP] })
  const { code, out, err } = await ask(await running(document), '--json')
  expect([code, err, out]).toEqual([0, '', `${JSON.stringify(document)}\n`])
})

test('With no vigie running, what was left is shown and said to be old.', async () => {
  const data = folderWith({
    'run.json': '{"pid":1,"url":"http://127.0.0.1:1"}',
    'public/api/vigie/status.json': JSON.stringify({
      ...documentOf({ services: [XMPP] }),
      generated_at: at(3 * 3_600_000),
      next_by: at(2 * 3_600_000),
    }),
  })
  const { code, out, err } = await ask(data)
  expect([code, err]).toEqual([1, 'No vigie runs here: this is what was left 3 h ago.\n'])
  expect(out).toContain('✓ Instant messaging (XMPP)')
  expect((await ask(data, '--json')).out).toContain('"version":1')
})

test('A vigie that doesn’t answer although its page is fresh is not called gone, unless it said good-bye.', async () => {
  const left = { 'public/api/vigie/status.json': JSON.stringify(documentOf({ services: [XMPP] })) }
  const data = folderWith({ ...left, 'run.json': '{"pid":1,"url":"http://127.0.0.1:1"}' })
  expect(await ask(data)).toMatchObject({
    code: 1,
    err: 'The vigie here does not answer: this is what was left 12 s ago.\n',
  })
  expect((await ask(folderWith(left))).err).toBe('No vigie runs here: this is what was left 12 s ago.\n')
})

test('With nothing there at all it says that.', async () => {
  const data = folderWith()
  expect(await ask(data)).toEqual({
    code: 1,
    out: '',
    err: nobody(data),
  })
})

test.each<[string, RequestListener]>([
  ['something that isn’t vigie', (_, response) => response.end('{"hello":"world"}')],
  ['a document of another version', (_, response) => response.end('{"version":2,"services":[]}')],
  ['an error', (_, response) => response.writeHead(500).end()],
  ['a redirection', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ['an answer without end', (_, response) => void setInterval(() => response.write('x'.repeat(1 << 20)), 1).unref()],
])('%s at the address is no vigie.', async (_, listener) => {
  const data = folderWith({ 'run.json': JSON.stringify({ pid: 1, url: await serve(listener) }) })
  expect(await ask(data)).toMatchObject({ code: 1, out: '' })
})

test('Names that would steer the terminal are made harmless.', async () => {
  const name = { fr: 'x', en: 'E\x1b[2J\x07mail\u202e' }
  const { out } = await ask(await running(documentOf({ services: [{ ...XMPP, name }] })))
  expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/)
})

test('Watching, it is asked again until Ctrl-C.', async () => {
  const data = await running(documentOf({ services: [XMPP] }))
  const { host, written, signal } = createHost({ columns: 80, wall: () => NOW })
  const ended = dispatch(['status', '--watch', '--data', data], host)
  while (!written.out.includes('XMPP')) await sleep(5)
  signal('SIGINT')
  expect(await ended).toBe(0)
  expect(written.out).toMatch(/^\x1b\[\?25l\x1b\[2J\x1b\[H/)
  expect(written.out).toMatch(/\x1b\[J\x1b\[\?25h$/)
  expect(written.err).toBe('')
})

test('Watching in a low window, what works is counted so that nothing scrolls away.', async () => {
  const many = Array.from({ length: 20 }, (_, at) => ({ ...XMPP, id: `x${at}`, name: { fr: `x${at}`, en: `x${at}` } }))
  const data = await running(documentOf({ services: [...many, FILES] }))
  const { host, written, signal } = createHost({ columns: 80, rows: 24, wall: () => NOW })
  const ended = dispatch(['status', '--watch', '--data', data], host)
  while (!written.out.includes('Ctrl-C')) await sleep(5)
  signal('SIGTERM')
  expect(await ended).toBe(1)
  expect(written.out).toContain('Fichiers')
  expect(written.out).toContain('20 more work; a taller window lists them.')
  expect(written.out).toContain('Verified ')
  expect(written.out.split('\n').length).toBeLessThanOrEqual(24)
})

test('Watching JSON is wrong use.', async () => {
  expect(await vigie(['status', '--watch', '--json', '--data', folderWith()])).toMatchObject({ code: 2, out: '' })
})

const CONFIRMED = { confirmed: 2, of: 2, sites: ['home', 'offsite'], note: 'confirmed' }
const USUAL = { unstable: false, cause: null, measured: 2, of: 2, checks: [] as unknown[] }

const MAIL = {
  ...USUAL,
  id: 'mail',
  name: { fr: 'Courriel', en: 'E-mail' },
  group: 'communication',
  status: 'partial_outage',
  since: at(731_000),
  cause: 'hetzner',
  confidence: CONFIRMED,
  checks: [
    checkOf('mail.smtp', 'down', 'refused', 731_000, 14),
    { ...checkOf('mail.imap', 'unknown', null, 7_331_000, 0), at: null },
    checkOf('mail.sieve', 'up', null, 7_331_000, 0),
  ],
}

const XMPP = {
  ...USUAL,
  id: 'xmpp',
  name: { fr: 'Messagerie', en: 'Instant messaging (XMPP)' },
  group: 'communication',
  status: 'operational',
  since: at(74 * 3_600_000),
  confidence: { confirmed: 1, of: 2, sites: ['home'], note: 'one_site' },
  measured: 1,
}

const FILES = {
  ...USUAL,
  id: 'files',
  name: { fr: 'Fichiers', en: 'Fichiers' },
  group: 'documents',
  status: 'unknown',
  since: at(4_000),
  confidence: { confirmed: 0, of: 2, sites: [], note: 'none' },
  measured: 0,
}

function checkOf(id: string, state: string, reason: string | null, ago: number, failures: number) {
  const sites = { home: { state, at: at(1_000), failures, suspect_since: null } }
  return { id, kind: 'tcp', state, reason, since: at(ago), at: at(1_000), took_ms: 12, sites }
}

function documentOf(own: Record<string, unknown>) {
  return {
    version: 1,
    site: 'home',
    generated_at: at(12_000),
    next_by: at(-168_000),
    status: 'partial_outage',
    sentence: { fr: 'Courriel : en partie en panne depuis 13:50.', en: 'E-mail: partly down since 13:50.' },
    replica: false,
    blind: null,
    sites: { home: { line: 'good', since: at(0) }, offsite: { line: 'good', since: at(0) } },
    ...own,
  }
}

/** A data folder whose vigie answers with this document. */
async function running(document: object): Promise<string> {
  const url = await serve((request, response) => {
    if (request.url === '/api/vigie/status.json') response.end(JSON.stringify(document))
    else response.writeHead(404).end()
  })
  return folderWith({ 'run.json': JSON.stringify({ pid: 1, url }) })
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function nobody(data: string) {
  return `vigie status: no vigie runs on ${data}, and none left a page there
\`vigie run\` starts one, \`--data DIR\` names another folder.
`
}

function ask(data: string, ...more: string[]) {
  return vigie(['status', '--data', data, ...more], { wall: () => NOW })
}

test('--watch in a script does not wait for a vigie that is not there.', async () => {
  const data = folderWith()
  const ran = await vigie(['status', '--watch', '--data', data])
  expect(ran).toEqual({ code: 1, out: '', err: nobody(data) })
  const left = { 'public/api/vigie/status.json': JSON.stringify(documentOf({ services: [XMPP] })) }
  for (const run of [{}, { 'run.json': '{"pid":1,"url":"http://127.0.0.1:1"}' }]) {
    const { code, out } = await vigie(['status', '--watch', '--data', folderWith({ ...left, ...run })])
    expect([code, out.match(/XMPP/g)?.length]).toEqual([1, 1])
  }
})
