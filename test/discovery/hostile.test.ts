// Whatever a domain answers, a discovery ends, has asked little, and writes files that can be read.
import { pipeline, Readable } from 'node:stream'
import { afterEach, expect, it, vi } from 'vitest'
import { discover } from '../../src/discovery/discover.ts'
import { filesOf } from '../../src/discovery/write.ts'
import { kinds } from '../../src/probes/index.ts'
import { briefly, readFiles } from '../config/folders.ts'
import { explore, holding } from './world.ts'

const DOMAIN = 'bad.test'
const FILLING = Buffer.alloc(64 * 1024, 'x')
const MANY = Array.from({ length: 1000 }, (_, at) => `h${at}.${DOMAIN}`)

afterEach(() => void vi.useRealTimers())

const sound = (found: Parameters<typeof filesOf>[1]) =>
  briefly(readFiles(Object.fromEntries(filesOf(DOMAIN, found)), { kinds }))

it('Documents of 10 MB, a thousand names and a list without end are read as far as is decent.', async () => {
  const line = `subs.x = https://${DOMAIN}/more.properties\n`
  const { found, asked } = await explore({
    domain: DOMAIN,
    names: holding([]),
    serve: (_, { url }, response) => {
      const list = url?.includes('chatonsinfos')
        ? MANY.map((name) => `subs.${name} = https://${name}/p\n`).join('')
        : ''
      pipeline(Readable.from([list || line, ...Array.from({ length: 160 }, () => FILLING)]), response, () => {})
    },
    certified: [DOMAIN, ...MANY],
  })
  expect(asked.length).toBeLessThan(150)
  expect(found.found.length).toBeLessThan(30)
  expect(sound(found.found)).toEqual([])
})

it('Who is sent in circles comes out.', async () => {
  const { found, asked } = await explore({
    domain: DOMAIN,
    names: holding([]),
    serve: (host, { url }, response) => response.writeHead(302, { location: `https://${host}${url}x` }).end(),
    certified: [DOMAIN, `www.${DOMAIN}`],
  })
  expect(asked.length).toBeLessThan(80)
  expect(sound(found.found)).toEqual([])
})

it('Strange names in records, documents and redirects get into no file.', async () => {
  const odd = ['a b', 'x\ny', '-v', '../../etc', '${secret:x}', '💣', 'ho#st', `${'l'.repeat(63)}.${'m'.repeat(63)}`]
  const records = odd.slice(0, 7).flatMap((name) => [
    { type: 'MX' as const, name: DOMAIN, ttl: 1, data: { preference: 1, exchange: `${name}.${DOMAIN}` } },
    { type: 'SRV' as const, name: `_imaps._tcp.${DOMAIN}`, ttl: 1, data: { port: 993, target: `${name}.x` } },
    { type: 'SRV' as const, name: `_xmpp-client._tcp.${DOMAIN}`, ttl: 1, data: { port: 5222, target: `${name}.x` } },
  ])
  const link = (rel: string, href: string) => `<Link rel="urn:xmpp:alt-connections:${rel}" href="${href}"/>`
  const { found } = await explore({
    domain: DOMAIN,
    names: (name, type) => {
      const plain = { type: 'MX' as const, name: DOMAIN, ttl: 1, data: { preference: 9, exchange: `mx.${DOMAIN}` } }
      return { answers: [...records, plain].filter((record) => record.name === name && record.type === type) }
    },
    serve: (_, { url }, response) => {
      if (url?.includes('host-meta'))
        response.end(`<XRD>${link('xbosh', 'https://u:p@h/')}${link('websocket', 'wss://h.x/ a')}</XRD>`)
      else if (url?.includes('chatonsinfos'))
        response.end(odd.map((name, at) => `subs.a${at} = https://${DOMAIN}/${encodeURIComponent(name)}`).join('\n'))
      else
        response.end(`service.website = https://${decodeURIComponent(url!.slice(1))}.${DOMAIN}/\nsoftware.name = \${x}`)
    },
    certified: [DOMAIN, `*.${DOMAIN}`, `${odd[7]}.${DOMAIN}`],
  })
  expect(sound(found.found)).toEqual([])
  for (const [name, text] of filesOf(DOMAIN, found.found)) {
    expect(name).toMatch(/^[a-z0-9-]{1,70}\.yaml$/)
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f]|etc|💣|\$\{secret:x/)
  }
})

it.each([
  ['nobody answers', null],
  ['everybody answers at the last moment', { url: new URL('https://x.bad.test/'), answer: { status: 200 }, text: '' }],
])('When %s it is over in 90 s, and says so.', async (_, seen) => {
  vi.useFakeTimers()
  const after = <T>(seconds: number, value: T) => new Promise<T>((done) => setTimeout(done, seconds * 1000, value))
  let visits = 0
  let result: Awaited<ReturnType<typeof discover>> | undefined
  discover(DOMAIN, {
    lookups: { mx: () => after(5, [`mx.${DOMAIN}`]), srv: () => after(5, []) },
    visit: (url) => {
      visits++
      const told = url.includes('chatonsinfos') && seen ? MANY.map((name) => `subs.${name} = https://${name}/`) : []
      return after(8, seen && ({ ...seen, text: told.join('\n') } as never))
    },
    namesAt: () => after(8, MANY),
    progress: () => {},
  }).then((found) => {
    result = found
  })
  await vi.advanceTimersByTimeAsync(90_000)
  expect(result?.missing.at(-1)).toContain('too much of it was slow')
  expect(visits).toBeLessThan(60)
})
