// More than thirty hostile targets beside as many good ones, in one site: nobody waits for the hostile ones.
import { writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { median } from '../../src/core/verdict/blindness.ts'
import { createAuthority } from '../../src/demo/certificates.ts'
import { openResults } from '../../src/store/results.ts'
import { type Door, openDoor } from '../servers/door.ts'
import { type Hostile, hostileServers } from '../servers/hostile.ts'
import { layOut, mostMemory, run, starved } from './process.ts'
import { openStage, wait } from './stage.ts'

const stage = openStage()

const EVERY = 2_000
const TIMEOUT = 1_200
/** Some ninety of it are there before anybody is hostile. */
const MOST_MEMORY = 350_000_000

const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'
const NOWHERE = 'a word that stands nowhere'

interface Staged extends Hostile {
  readonly id: string
  readonly what: string
}

it('ends every look in time, sees each for what it is, and leaves the good ones undisturbed', async () => {
  const authority = createAuthority()
  const servers = {
    ...hostileServers(authority, 16_000_000),
    'falls silent after STARTTLS': silentAfter('220 mx.test\r\n', '250-mx.test\r\n250 STARTTLS\r\n'),
    'falls silent where TLS should begin': silentAfter(
      '220 mx.test\r\n',
      '250-mx.test\r\n250 STARTTLS\r\n',
      '220 go ahead\r\n',
    ),
  }
  const hostile = Object.entries(servers).map(([what, server], at) => staged(what, server, at))
  const good = hostile.map((_, at): Staged => {
    const one = { id: `good-${at}`, what: 'good', reasons: [null] }
    if (at % 3 === 0)
      return {
        ...one,
        kind: 'tls',
        serve: (socket) => socket.resume(),
        certificate: authority.issue({ names: ['web.test'] }),
      }
    return { ...one, serve: (socket) => socket.once('data', () => socket.end(ANSWER)), keys: { contains: 'hello' } }
  })
  expect(hostile.length).toBeGreaterThan(30)

  const files: Record<string, string> = {
    'site.yaml': `name: Essai
sites: { home: {} }
policy: { every: ${EVERY}ms, retry: 500ms, timeout: ${TIMEOUT}ms, fall: 3, ca: ca.pem }
`,
  }
  const doors = new Map<string, Door>()
  for (const one of [...hostile, ...good]) {
    const door = await openDoor(one.serve, one.certificate)
    stage.ends(door.close)
    doors.set(one.id, door)
    files[`${one.id}.yaml`] = serviceFile(one, door.port)
  }
  const folders = layOut(stage, files)
  writeFileSync(join(folders.checks, 'ca.pem'), authority.certificate)
  const site = await run(stage, folders)

  const seen = async () => new Map((await site.status()).services.map((service) => [service.id, service]))
  await site.until(
    'all seen for what they are',
    async () => {
      const services = await seen()
      return (
        hostile.every(({ id }) => services.get(id)?.status === 'major_outage') &&
        good.every(({ id }) => services.get(id)?.status === 'operational')
      )
    },
    40_000,
  )
  const from = Date.now()
  await wait(3 * EVERY)
  const services = await seen()
  for (const { id, what } of hostile) expect([what, services.get(id)?.status]).toEqual([what, 'major_outage'])
  for (const { id } of good) expect([id, services.get(id)?.status]).toEqual([id, 'operational'])
  const memory = mostMemory(site.pid)
  const slack = starved(site.pid) ? 6 : 1
  const to = Date.now()
  site.kill('SIGTERM')
  expect(await site.ended).toBe(0)
  expect(site.err()).not.toMatch(/a fault in vigie|MaxListeners|Unhandled/i)
  if (memory !== null) expect(memory).toBeLessThan(MOST_MEMORY)

  const results = openResults(folders.data, { now: Date.now })
  stage.ends(results.close)
  const looksOf = ({ id, kind = 'http' }: Staged) => results.looksOf(`${id}.${kind}`, 0, to + DAY)
  for (const one of [...hostile, ...good]) {
    const looks = looksOf(one)
    expect(looks.length, one.what).toBeGreaterThan(2)
    expect(Math.max(...looks.map(({ took }) => took)), one.what).toBeLessThanOrEqual(TIMEOUT + 500 * slack)
  }
  for (const one of hostile) {
    expect(one.reasons, one.what).toContain(mostCommon(looksOf(one).map(({ reason }) => reason)))
  }
  for (const one of good) {
    const looks = looksOf(one).filter(({ at }) => at >= from - EVERY && at <= to)
    expect(looks.length, one.id).toBeGreaterThanOrEqual(3)
    expect(median(looks.map(({ took }) => took)), one.id).toBeLessThan((TIMEOUT / 4) * slack)
    const gaps = looks.slice(1).map(({ at }, index) => at - looks[index]!.at)
    expect(Math.max(...gaps), one.id).toBeLessThan(1.5 * EVERY * slack)
    expect(median(gaps), one.id).toBeGreaterThan(EVERY / 2)
  }
}, 60_000)

/** These servers share one busy process: now and then one is too late to be as hostile as it means to be. */
function mostCommon<T>(items: readonly T[]): T | undefined {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** What would be fine although it is hostile (its head is good) must say a word that it doesn't. */
function staged(what: string, server: Hostile, at: number): Staged {
  const mayBeFine = server.reasons.includes(null)
  const keys = mayBeFine ? { ...server.keys, contains: NOWHERE } : server.keys
  const told = mayBeFine ? [...server.reasons.filter((reason) => reason !== null), 'content' as const] : server.reasons
  // Whoever never ends may be cut off by the deadline before by its length: this machine is busy with forty of them.
  const reasons = what.includes('endless') ? [...told, 'timeout' as const] : told
  return { ...server, id: `bad-${at}`, what, reasons, ...(keys ? { keys } : {}) }
}

/** Speaks its lines, one for each it hears, and nothing after them. */
function silentAfter(greeting: string, ...lines: readonly string[]): Hostile {
  const serve = (socket: Socket) => {
    const left = [...lines]
    socket.write(greeting)
    socket.on('data', () => {
      const line = left.shift()
      if (line !== undefined) socket.write(line)
    })
  }
  return { serve, kind: 'tls', keys: { starttls: 'smtp' }, reasons: ['timeout'] }
}

function serviceFile({ what, kind = 'http', keys }: Staged, port: number): string {
  const target = kind === 'http' ? `http://web.test:${port}/` : `web.test:${port}`
  const check = { [kind]: target, connect: `127.0.0.1:${port}`, allow_private: true, ...keys }
  return JSON.stringify({ service: what, checks: [check] })
}
