// Two real sites on a real network in namespaces: lines are cut, lose packets, lose names; every row of verdict.md's
// table is seen, and page and mails are as it says.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { withArchive } from '../../src/store/archive.ts'
import {
  type Cut,
  type Laboratory,
  type Mail,
  mayMakeNamespaces,
  openLaboratory,
  type SiteName,
  type SiteSeen,
} from './laboratory.ts'
import { whenPresent } from './present.ts'

const FILES = {
  'site.yaml': `name: Labo
languages: [en]
policy:
  { every: 2s, retry: 500ms, timeout: 1500ms, fall: 3, lone_fall: 5, rise: 2, witness_every: 1s, taint: 2s, fresh: 6s,
    hold: 3s, mail_after: 5s, takeover: 6s, flap: { changes: 100 } }
witnesses:
  - "192.0.2.53:53"
  - "192.0.2.11:80"
  - "192.0.2.12:80"
  - "a.witness.test:80"
  - "b.witness.test:80"
  - "[fd00:192::53]:53"
  - "[fd00:192::11]:80"
path: [ "203.0.113.20:80" ]
mail: { from: "Vigie <vigie@elsewhere.example>", relays: [ "smtp://198.18.0.25:25" ] }
alerts: [ { email: admins@elsewhere.example } ]`,
  'web.yaml': `service: Website
checks:
  - http: http://www.lab.test/
    allow_private: true
    family: both
`,
}

const BOTH: readonly SiteName[] = ['home', 'offsite']
const SERVICE = ['ip daddr 203.0.113.10', 'ip6 daddr fd00:203::10'] as const

/** Packets of a site, or of all, for the service's own address are turned away. */
const noService = (from: '' | 'iifname home' | 'iifname offsite' = ''): Cut[] =>
  SERVICE.map((to) => `${from} ${to} tcp dport 80 reject with tcp reset`)
const noRoad = (site: SiteName): Cut[] => [`iifname ${site} oifname hoster drop`]
/** Only its way to the witnesses: a line that is bad, and a twin that hears it say so. */
const noWitnesses = (site: SiteName): Cut[] => [`iifname ${site} oifname witnesses meta nfproto ipv4 drop`]
const noLine = (site: SiteName): Cut[] => [`iifname ${site} drop`, `oifname ${site} drop`]
const noLink: Cut[] = ['iifname home oifname offsite drop', 'iifname offsite oifname home drop']

interface Expected {
  readonly state: string
  readonly note: string
  /** Who shares it. */
  readonly sites?: readonly SiteName[]
}

/** When what was cut, and the rows that must have decided meanwhile. */
const scenes: { readonly name: string; readonly from: number; readonly rows: Partial<Record<SiteName, string[]>> }[] =
  []

whenPresent(['root', 'ip', 'nft', 'setpriv', 'sysctl'])('two sites on a real network', () => {
  // Where real tests are asked for, whoever may make none fails at the laboratory.
  if (process.env.VIGIE_REAL !== '1' && !mayMakeNamespaces()) return it.skip('may make no namespaces here', () => {})
  let lab: Laboratory
  let told = 0
  let ended = false

  beforeAll(async () => {
    lab = await openLaboratory(FILES)
    await agreed({ home: UP, offsite: UP })
  }, 60_000)
  afterAll(() => lab?.close(), 60_000)
  afterEach(async () => {
    if (ended) return
    await heal()
    await quiet()
  }, 60_000)

  const UP: Expected = { state: 'up', note: 'confirmed', sites: BOTH }

  function shows({ services: [service] }: SiteSeen, expected: Expected): boolean {
    const { state, confidence } = service!
    if (state !== expected.state || confidence.note !== expected.note) return false
    return expected.sites === undefined || [...confidence.sites].sort().join() === [...expected.sites].sort().join()
  }

  async function agreed(expected: Partial<Record<SiteName, Expected>>, within = 30_000) {
    const end = performance.now() + within
    for (;;) {
      const seen = await Promise.all(BOTH.map((site) => lab.seen(site)))
      if (BOTH.every((site, at) => expected[site] === undefined || shows(seen[at]!, expected[site]))) return seen
      if (performance.now() > end) {
        const found = BOTH.map((site, at) => `${site}: ${JSON.stringify(seen[at]!.services[0])} ${lab.log(site)}`)
        throw new Error(`not ${JSON.stringify(expected)}:\n${found.join('\n')}\n${told}: ${JSON.stringify(news())}`)
      }
      await wait(150)
    }
  }

  /** What came since it was last looked at: who sent it, its subject, and its first words. */
  function news(): readonly string[] {
    return lab
      .mails()
      .slice(told)
      .map(({ by, subject, body }) => `${by}: ${subject} | ${body.trim().split('\n')[0]}`)
  }

  /** These mails come, in any order, and no others. */
  async function mailed(...patterns: readonly RegExp[]): Promise<readonly Mail[]> {
    const end = performance.now() + 25_000
    while (lab.mails().length < told + patterns.length && performance.now() < end) await wait(150)
    const found = news()
    const mails = lab.mails().slice(told)
    told += found.length
    if (process.env.DBG) console.log(lab.log('home').slice(-6000), '\n=====\n', lab.log('offsite').slice(-3000))
    for (const pattern of patterns) expect(found, found.join('\n')).toContainEqual(expect.stringMatching(pattern))
    expect(found, found.join('\n')).toHaveLength(patterns.length)
    return mails
  }

  function begin(name: string, rows: Partial<Record<SiteName, string[]>>, ...cuts: Cut[]) {
    scenes.push({ name, from: Date.now(), rows })
    lab.cut(...cuts)
  }

  /** Until no mail has come for a while: those are not looked at. */
  async function quiet() {
    do {
      told = lab.mails().length
      await wait(1_500)
    } while (lab.mails().length > told)
  }

  async function heal() {
    lab.cut()
    await agreed({ home: UP, offsite: UP }, 40_000)
  }

  const PARTIAL = (sites: readonly SiteName[]): Expected => ({ state: 'partial', note: 'disagree', sites })
  const ROAD = (sites: readonly SiteName[]): Expected => ({ state: 'up', note: 'road', sites })
  const ONE = (site: SiteName, state = 'up'): Expected => ({ state, note: 'one_site', sites: [site] })

  it('confirms an outage, and tells it in one mail and its end in one', async () => {
    begin('service down', { home: ['6'], offsite: ['6'] }, ...noService())
    const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
    await agreed({ home: down, offsite: down })
    await mailed(/^home: \S+ Website down since/)
    expect(await lab.page('offsite')).toContain('Website')
    await heal()
    await mailed(/^home: Re: .*\| Website back up/)
  }, 90_000)

  it('confirms that the whole hoster is gone', async () => {
    begin('hoster dead', { home: ['6'], offsite: ['6'] }, 'oifname hoster drop')
    const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
    await agreed({ home: down, offsite: down })
    await mailed(/^home: \S+ Website down since/)
    await heal()
    await mailed(/^home: Re: .*\| Website back up/)
  }, 90_000)

  it('is partial where only one site reaches it, whichever that is', async () => {
    begin('home is kept out', { home: ['5a'], offsite: ['2a'] }, ...noService('iifname home'))
    await agreed({ home: PARTIAL(['offsite']), offsite: PARTIAL(['offsite']) })
    await mailed(/: \S+ Website: reachable from one side/)
    await heal()
    await mailed(/\| Website back up/)
    await quiet()
    begin('offsite is kept out', { home: ['2a'], offsite: ['5a'] }, ...noService('iifname offsite'))
    await agreed({ home: PARTIAL(['home']), offsite: PARTIAL(['home']) })
  }, 120_000)

  it('blames the road where the hoster’s neighbours are out of reach, too, also in one direction', async () => {
    begin('home’s road', { home: ['5b'], offsite: ['2b'] }, ...noRoad('home'))
    await agreed({ home: ROAD(['offsite']), offsite: ROAD(['offsite']) })
    const [mail] = await mailed(/^offsite: \S+ Site home cannot reach Website/)
    expect(mail!.body).toContain('let in its address, 198.51.100.1')
    await heal()
    begin('the way back to offsite', { home: ['2b'], offsite: ['5b'] }, 'iifname hoster oifname offsite drop')
    await agreed({ home: ROAD(['home']), offsite: ROAD(['home']) })
  }, 120_000)

  it('goes by the other site while one is blind, up and down', async () => {
    begin('offsite blind', { home: ['3'], offsite: ['8'] }, ...noWitnesses('offsite'))
    await agreed({ home: ONE('home'), offsite: ONE('home') })
    await mailed(/^home: \S+ Site offsite has had no reliable measure/)
    await heal()
    await mailed(/^offsite: \S+ Our own line could not be trusted/)
    begin('home blind', { home: ['8'], offsite: ['3'] }, ...noWitnesses('home'))
    await agreed({ home: ONE('offsite'), offsite: ONE('offsite') })
    begin(
      'home blind, service down',
      { home: ['9c', '9a'], offsite: ['7c', '7a'] },
      ...noWitnesses('home'),
      ...noService(),
    )
    await agreed({ home: ONE('offsite', 'down'), offsite: ONE('offsite', 'down') })
    await mailed(/^offsite: \S+ Website down/, /^offsite: \S+ Site home has had no reliable measure/)
    await heal()
    await mailed(/\| Website back up/, /^home: .*Our own line could not be trusted/)
    begin('home blind, offsite’s road', { home: ['9b'], offsite: ['7b'] }, ...noWitnesses('home'), ...noRoad('offsite'))
    const road: Expected = { state: 'partial', note: 'road', sites: ['offsite'] }
    await agreed({ home: road, offsite: road })
  }, 120_000)

  it('knows nothing where nobody has a measure', async () => {
    begin('both blind', { home: ['10'], offsite: ['10'] }, ...noWitnesses('home'), ...noWitnesses('offsite'))
    const nothing: Expected = { state: 'unknown', note: 'none' }
    await agreed({ home: nothing, offsite: nothing })
    await mailed(/home/, /offsite/)
  }, 90_000)

  it('is blind without names', async () => {
    begin(
      'no names at home',
      { home: ['8'], offsite: ['3'] },
      'iifname home meta l4proto { tcp, udp } th dport 53 drop',
    )
    await agreed({ home: ONE('offsite'), offsite: ONE('offsite') })
  }, 90_000)

  it('measures alone while the link is cut, and says so', async () => {
    begin('no link', { home: ['4'], offsite: ['4'] }, ...noLink)
    await agreed({ home: ONE('home'), offsite: ONE('offsite') })
    await mailed(/^home: \S+ Site offsite has not been heard/, /^offsite: \S+ Site home has not been heard/)
    begin('no link, service down', { home: ['7c', '7a'], offsite: ['7c', '7a'] }, ...noLink, ...noService())
    await agreed({ home: ONE('home', 'down'), offsite: ONE('offsite', 'down') })
    await mailed(/^home: \S+ Website down/, /^offsite: \S+ Website down/)
    begin('link mended', { home: ['6'], offsite: ['6'] }, ...noService())
    const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
    await agreed({ home: down, offsite: down })
    await mailed(/^home: .*Site offsite is heard/, /^offsite: .*Site home is heard/)
    await heal()
    await mailed(/\| Website back up/)
  }, 120_000)

  it('can’t tell the road from the hoster alone', async () => {
    begin('offsite cut off, home’s road', { home: ['7c', '7b'] }, ...noLine('offsite'), ...noRoad('home'))
    await agreed({ home: { state: 'partial', note: 'road', sites: ['home'] } })
    await mailed(/^home: \S+ Site offsite has not been heard/, /^home: \S+ Website cannot be reached from here/)
  }, 90_000)

  it('freezes when its line is cut, mails nothing but a summary; the other goes on alone', async () => {
    begin('home cut off', { home: ['10'], offsite: ['4'] }, ...noLine('home'))
    await agreed({ home: { state: 'unknown', note: 'frozen' }, offsite: ONE('offsite') })
    expect(await lab.page('home')).toContain('http://198.51.100.2:8080')
    await mailed(/^offsite: \S+ Site home has not been heard/)
    begin('home cut off, service down', { offsite: ['7c', '7a'] }, ...noLine('home'), ...noService())
    await agreed({ home: { state: 'unknown', note: 'frozen' }, offsite: ONE('offsite', 'down') })
    await mailed(/^offsite: \S+ Website down/)
    await heal()
    await mailed(/^home: \S+ Our own line could not be trusted/, /^offsite: .*Site home is heard/, /\| Website back up/)
  }, 120_000)

  it('cries no wolf on a line that loses a third of everything', async () => {
    begin(
      '30 % loss',
      {},
      'iifname home numgen random mod 100 < 30 drop',
      'oifname home numgen random mod 100 < 30 drop',
    )
    await steady(20_000)
    expect(news().filter((one) => one.includes('Website'))).toEqual([])
  }, 90_000)

  it('takes nothing down for want of IPv6 at home, and calls its want at the hoster degraded', async () => {
    begin('no IPv6 at home', {}, 'iifname home meta nfproto ipv6 drop')
    await steady(8_000)
    begin('no IPv6 at the hoster', {}, 'oifname hoster meta nfproto ipv6 drop')
    const degraded: Expected = { state: 'degraded', note: 'confirmed' }
    await agreed({ home: degraded, offsite: degraded }, 45_000)
    await mailed()
  }, 120_000)

  it('decided each scene by the rows it is about', async () => {
    ended = true
    for (const site of BOTH) await lab.stop(site)
    for (const site of BOTH) {
      const changes = withArchive(lab.data(site), Date.now(), (archive) =>
        archive.changesOf('web.http', 'agreement', 0, Date.now()),
      )!
      for (const [at, { name, from, rows }] of scenes.entries()) {
        const seen = changes.filter((one) => one.at >= from && one.at < (scenes[at + 1]?.from ?? Infinity))
        expect(
          seen.map(({ rule }) => rule),
          `${site}: ${name}`,
        ).toEqual(expect.arrayContaining(rows[site] ?? []))
      }
    }
    const rows = new Set(scenes.flatMap((scene) => Object.values(scene.rows).flat()))
    expect([...rows].sort()).toEqual(ROWS)
  })

  /** Neither site says anything bad of the service all the while. */
  async function steady(length: number) {
    for (const end = performance.now() + length; performance.now() < end; await wait(200)) {
      for (const site of BOTH) {
        const [service] = (await lab.seen(site)).services
        expect(['up', 'unknown', 'degraded'], JSON.stringify(service)).toContain(service!.state)
      }
    }
  }
})

const ROWS = ['10', '2a', '2b', '3', '4', '5a', '5b', '6', '7a', '7b', '7c', '8', '9a', '9b', '9c']

const wait = (length: number) => new Promise((done) => setTimeout(done, length))
