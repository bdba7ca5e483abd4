// Our own resolver dies, in whatever way: what is looked up through it is unknown, never red, and no mail.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { whenPresent } from '../real/present.ts'
import { openNames, type Said } from '../servers/names.ts'
import { layOut, run } from './process.ts'
import { openStage, siteFile, wait, webFile } from './stage.ts'

const stage = openStage()

type Manner = 'well' | 'silent' | 'refuses' | 'denies'

const SAID: Readonly<Record<Exclude<Manner, 'well' | 'silent'>, Said>> = { refuses: { rcode: 5 }, denies: { rcode: 3 } }

/** A resolver that knows every name of ours, until it dies in some manner. */
async function startResolver() {
  let manner: Manner = 'well'
  const names = await openNames((name, type) => {
    if (manner === 'silent') return undefined
    if (manner !== 'well') return SAID[manner]
    return { answers: type === 'A' && name.endsWith('.test') ? [{ name, type: 'A', ttl: 1, data: '127.0.0.1' }] : [] }
  })
  stage.ends(names.close)
  return {
    port: names.port,
    becomes: (how: Manner) => {
      manner = how
    },
  }
}

/** A resolver of the machine is one file for all: the site gets a file system of its own in which it is another. */
async function siteWith(resolver: number, files: Readonly<Record<string, string>>) {
  const folders = layOut(stage, files)
  const file = join(folders.root, 'resolv.conf')
  writeFileSync(file, `nameserver 127.0.0.1:${resolver}\n`)
  const before = ['unshare', '--mount', 'sh', '-c', `mount --bind ${file} /etc/resolv.conf && exec "$@"`, 'sh']
  return run(stage, folders, before)
}

whenPresent(['root', 'unshare', 'mount', '/etc/resolv.conf'])('a resolver that', () => {
  it.each([
    ['is silent', 'silent', true],
    ['refuses', 'refuses', true],
    ['denies every name', 'denies', true],
    ['is silent, with witnesses that are addresses', 'silent', false],
    ['denies every name, with witnesses that are addresses', 'denies', false],
  ] as const)(
    '%s makes what needs it unknown, not red, and mails nothing about a service',
    async (_, manner, byName) => {
      const [relay, target, resolver, ...witnesses] = await Promise.all([
        stage.relay(),
        stage.target(),
        startResolver(),
        stage.witness(),
        stage.witness(),
      ])
      const site = await siteWith(resolver.port, {
        'site.yaml': siteFile({
          relays: [relay],
          witnesses: witnesses.flatMap(({ port }, at) => [
            `127.0.0.1:${port}`,
            ...(byName ? [`w${at}.test:${port}`] : []),
          ]),
          policy: 'fall: 2',
        }),
        'named.yaml': webFile('Named', { url: `http://web.test:${target.port}/` }),
        'numbered.yaml': webFile('Numbered', target),
      })
      const stand = async () => Object.fromEntries((await site.status()).services.map(({ id, status }) => [id, status]))
      const until = (what: string, wanted: object) =>
        site.until(what, async () => JSON.stringify(await stand()) === JSON.stringify(wanted))
      await until('up', { named: 'operational', numbered: 'operational' })

      resolver.becomes(manner)
      await until('unknown', { named: 'unknown', numbered: 'operational' })
      for (let n = 0; n < 15; n++) {
        await wait(100)
        expect(await stand()).toEqual({ named: 'unknown', numbered: 'operational' })
      }
      const [named] = (await site.status()).services
      expect(named?.checks[0]?.reason).toMatch(/resolver|offline/)
      expect(relay.received.map(({ body }) => body).filter((body) => /Named|Numbered/.test(body))).toEqual([])

      resolver.becomes('well')
      await until('up again', { named: 'operational', numbered: 'operational' })
      expect(relay.received.map(({ body }) => body).filter((body) => /Named|Numbered/.test(body))).toEqual([])
    },
  )
})
