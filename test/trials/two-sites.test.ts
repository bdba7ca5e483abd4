// Two sites that look at the same: what both say, what one says, and what neither must say.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { TestRelay } from '../servers/relay.ts'
import type { TestSite } from '../servers/site.ts'
import { FAST, startPair } from './pair.ts'
import { post } from './posting.ts'
import { openStage, quiet, wait } from './stage.ts'

const stage = openStage()
const web = (url: string) => `service: { fr: Site, en: Website }\nchecks:\n  - http: ${url}\n    allow_private: true\n`

interface Shown {
  readonly services: readonly {
    readonly state: string
    readonly acknowledged: string | null
    readonly confidence: {
      readonly confirmed: number
      readonly of: number
      readonly note: string
      readonly sites: string[]
    }
  }[]
}

const shown = async (site: TestSite) => (JSON.parse(await site.get('/api/vigie/status.json')) as Shown).services[0]!
const subjects = (relay: TestRelay) => relay.received.map(({ headers }) => headers.subject)
/** The newest one's; empty until it is on the page. */
const nameOfOutage = async (site: TestSite) =>
  (JSON.parse(await site.get('/api/vigie/services/web.json')) as { outages: readonly { id: string }[] }).outages[0]
    ?.id ?? ''
/** Incidents that vigie opened by itself, as admins see them. */
const automatic = async (site: TestSite) => {
  const said = (await post(site, '/incidents', null, 'GET')) as unknown as {
    incidents: readonly { id: string; status: string; automatic: boolean }[]
  }
  return said.incidents.filter((one) => one.automatic).map(({ id, status }) => ({ id, status }))
}
/** Letters that it may send yet; the second's turn comes after `takeover` only, unless it hears that they are sent. */
function unsent({ data }: TestSite): number {
  const db = new Sqlite(join(data, 'ledger.db'), { readonly: true })
  const count = db.prepare<[], number>("SELECT count(*) FROM letters WHERE state = 'waiting'").pluck().get()!
  db.close()
  return count
}
const confirmed = async (sites: readonly TestSite[], state: string) => {
  const said = await Promise.all(sites.map(shown))
  return said.every((one) => one.state === state && one.confidence.note === 'confirmed' && one.confidence.of === 2)
}

describe('two sites', () => {
  it('confirm each other: well, then an outage in one mail and its end in one, also with one behind NAT', async () => {
    const target = await stage.target()
    const relays = { home: await stage.relay(), offsite: await stage.relay() }
    const { home, offsite } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [relays.home.port], offsite: [relays.offsite.port] },
      hidden: ['home'],
    })
    const both = [home, offsite]
    await home.until('confirmed up', () => confirmed(both, 'up'))
    target.break()
    await home.until('confirmed down', () => confirmed(both, 'down'))
    await home.until('mailed', () => relays.home.received.length === 1)
    target.break(false)
    await home.until('confirmed up again', () => confirmed(both, 'up'))
    await home.until('mailed again', () => relays.home.received.length === 2)
    expect((await shown(offsite)).confidence.sites.sort()).toEqual(['home', 'offsite'])
    await home.until('nothing left to send', () => both.every((site) => unsent(site) === 0))
    await quiet()
    expect(subjects(relays.home)).toHaveLength(2)
    expect(subjects(relays.offsite)).toEqual([])
  }, 60_000)

  it('mail by the second when the relay of the first refuses, and when the first is gone', async () => {
    const target = await stage.target()
    const refusing = await stage.relay({ atRecipient: () => ({ code: 451, text: 'not now' }) })
    const relay = await stage.relay()
    const { home, offsite, start } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [refusing.port], offsite: [relay.port] },
    })
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    target.break()
    await home.until('mailed by the second', () => relay.received.length === 1)
    target.break(false)
    await home.until('mailed by the second again', () => relay.received.length === 2)
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    await home.stop()
    target.break()
    await offsite.until(
      'mailed alone',
      () => subjects(relay).filter((one) => / en panne /.test(one!)).length === 2,
      30_000,
    )
    const again = await start('home')
    await again.until('confirmed down', () => confirmed([again, offsite], 'down'))
    target.break(false)
    await again.until('confirmed up', () => confirmed([again, offsite], 'up'))
  }, 90_000)

  it('let the other measure for one whose own line is bad, and no service mail leaves because of that', async () => {
    const target = await stage.target()
    const [relay, one, two] = [await stage.relay(), await stage.witness(), await stage.witness()]
    const { home, offsite } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [relay.port], offsite: [relay.port] },
      witnesses: { home: [one.port, two.port] },
    })
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    await Promise.all([one.stop(), two.stop()])
    const alone = async (site: TestSite, rule: string) => {
      const { state, confidence } = await shown(site)
      return `${state} ${confidence.note} ${confidence.sites.join()}` === rule
    }
    await home.until('up by the other', () => alone(home, 'up one_site offsite'))
    await offsite.until('up by itself', () => alone(offsite, 'up one_site offsite'))
    const lines = (
      JSON.parse(await offsite.get('/api/vigie/status.json')) as { sites: Record<string, { line: string }> }
    ).sites
    expect(Object.entries(lines).map(([site, { line }]) => `${site} ${line}`)).toEqual(['home bad', 'offsite good'])
    await offsite.until('told of the blind site', () => relay.received.length > 0)
    expect(subjects(relay).filter((subject) => / en panne |hors d’atteinte/.test(subject!))).toEqual([])
  }, 60_000)

  it('that saw one outage apart from each other tell of one once they hear each other', async () => {
    const target = await stage.target()
    const relays = { home: await stage.relay(), offsite: await stage.relay() }
    const { home, offsite, cut } = await startPair(stage, {
      services: { 'web.yaml': web(target.url) },
      relays: { home: [relays.home.port], offsite: [relays.offsite.port] },
      hidden: ['home'],
      policy: `${FAST}\ndrafts: { publish_after: 1s }`,
    })
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    cut()
    const apart = async (site: TestSite) => (await shown(site)).confidence.note === 'one_site'
    await home.until('apart', async () => (await apart(home)) && (await apart(offsite)))
    target.break()
    const down = (relay: TestRelay) =>
      subjects(relay).filter((subject) => /^\[Essai\].* en panne /.test(subject!)).length
    await home.until('both mailed', () => down(relays.home) === 1 && down(relays.offsite) === 1, 30_000)
    const of = <T>(read: (site: TestSite) => Promise<T>) => Promise.all([home, offsite].map(read))
    await home.until('both told members', async () => (await of(automatic)).flat().length === 2)
    await home.until('both show it', async () => !(await of(nameOfOutage)).includes(''), 30_000)
    const [a, b] = (await of(nameOfOutage)) as [string, string]
    await post(a > b ? home : offsite, `/acknowledgements/${a > b ? a : b}`, null, 'PUT')
    cut(false)
    await home.until('confirmed down', () => confirmed([home, offsite], 'down'), 30_000)
    await home.until('one name', async () => new Set(await of(nameOfOutage)).size === 1, 30_000)
    await home.until('one incident', async () => {
      const [here, there] = await of(automatic)
      return here!.length === 1 && JSON.stringify(here) === JSON.stringify(there)
    })
    await home.until('seen on both', async () => (await of(shown)).every(({ acknowledged }) => acknowledged !== null))
    // Some words between the two later it is still so.
    await wait(2_000)
    expect(await of(automatic)).toMatchObject([[{ status: 'investigating' }], [{ status: 'investigating' }]])
    const ups = () =>
      [relays.home, relays.offsite].flatMap(subjects).filter((subject) => /^Re: .* en panne /.test(subject!)).length
    // That it was seen is told in an answer, too.
    const before = ups()
    target.break(false)
    await home.until('confirmed up', () => confirmed([home, offsite], 'up'))
    await home.until('one mail of its end', () => ups() === before + 1)
    await home.until('nothing left to send', () => [home, offsite].every((site) => unsent(site) === 0))
    await quiet()
    expect(ups()).toBe(before + 1)
  }, 120_000)
})
