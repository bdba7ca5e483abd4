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

whenPresent(['root', 'unshare', 'mount', '/etc/resolv.conf'])('a resolver that dies', () => {
  it.each([
    ['names and addresses', true, ['silent', 'refuses', 'denies']],
    ['addresses alone', false, ['silent', 'denies']],
  ] as const)(
    'with witnesses that are %s makes what needs it unknown, not red, and mails nothing about a service',
    async (_, byName, manners) => {
      const [relay, target, resolver, ...witnesses] = await Promise.all([
        stage.relay(),
        stage.target(),
        startResolver(),
        stage.witness(),
        stage.witness(),
      ])
      const numbers = witnesses.map(({ port }) => `127.0.0.1:${port}`)
      const names = byName ? witnesses.map(({ port }, at) => `w${at}.test:${port}`) : []
      const site = await siteWith(resolver.port, {
        'site.yaml': siteFile({ relays: [relay], witnesses: [...numbers, ...names], policy: { timeout: '300ms' } }),
        'named.yaml': webFile('Named', { url: `http://web.test:${target.port}/` }),
        'numbered.yaml': webFile('Numbered', target),
      })
      const stand = async () => Object.fromEntries((await site.status()).services.map(({ id, status }) => [id, status]))
      const until = (what: string, named: string) =>
        site.until(
          what,
          async () => JSON.stringify(await stand()) === JSON.stringify({ named, numbered: 'operational' }),
        )
      await until('up', 'operational')

      for (const manner of manners) {
        resolver.becomes(manner)
        await until(`unknown: ${manner}`, 'unknown')
        for (let n = 0; n < 10; n++) {
          await wait(100)
          // On a busy machine the witnesses may be late for a moment, and then nothing is known.
          const { named, numbered } = await stand()
          expect([manner, named]).toEqual([manner, 'unknown'])
          expect(numbered).toMatch(/^(operational|unknown)$/)
        }
        expect((await site.status()).services[0]?.checks[0]?.reason).toMatch(/resolver|offline/)
        resolver.becomes('well')
        await until(`up again: ${manner}`, 'operational')
      }
      expect(relay.received.map(({ body }) => body).filter((body) => /Named|Numbered/.test(body))).toEqual([])
    },
  )
})
