// Two real sites on a real network in namespaces: lines are cut, lose packets, lose names; every row of verdict.md's
// table is seen, and page and mails are as it says. Three such networks at once: scenes mostly wait.
import { expect, it } from 'vitest'
import { type Cut, mayMakeNamespaces, type SiteName } from './laboratory.ts'
import { whenPresent } from './present.ts'
import { BOTH, type Expected, inLaboratory, UP } from './scenes.ts'

const SERVICE = ['ip daddr 203.0.113.10', 'ip6 daddr fd00:203::10'] as const

/** Packets of a site, or of all, for the service's own address are turned away. */
const noService = (from: '' | 'iifname home' | 'iifname offsite' = ''): Cut[] =>
  SERVICE.map((to) => `${from} ${to} tcp dport 80 reject with tcp reset`)
const noRoad = (site: SiteName): Cut[] => [`iifname ${site} oifname hoster drop`]
/** Only its way to the witnesses: a line that is bad, and a twin that hears it say so. */
const noWitnesses = (site: SiteName): Cut[] => [`iifname ${site} oifname witnesses meta nfproto ipv4 drop`]
const noLine = (site: SiteName): Cut[] => [`iifname ${site} drop`, `oifname ${site} drop`]
const noLink: Cut[] = ['iifname home oifname offsite drop', 'iifname offsite oifname home drop']

const PARTIAL = (sites: readonly SiteName[]): Expected => ({ state: 'partial', note: 'disagree', sites })
const ROAD = (sites: readonly SiteName[]): Expected => ({ state: 'up', note: 'road', sites })
const ONE = (site: SiteName, state = 'up'): Expected => ({ state, note: 'one_site', sites: [site] })

const ROWS = ['1', '10', '2a', '2b', '3', '4', '5a', '5b', '6', '7a', '7b', '7c', '8', '9a', '9b', '9c']

whenPresent(['root', 'ip', 'nft', 'setpriv', 'sysctl'])('two sites on a real network', () => {
  // Where real tests are asked for, whoever may make none fails at the laboratory.
  if (process.env.VIGIE_REAL !== '1' && !mayMakeNamespaces()) return it.skip('may make no namespaces here', () => {})
  const rows = new Set<string>()
  const decided = (seen: readonly string[]) => {
    for (const row of seen) rows.add(row)
  }

  inLaboratory('that see it differently', decided, ({ lab, begin, agreed, mailed, heal, quiet, steady }) => {
    it.sequential('confirms an outage, and tells it in one mail and its end in one', async () => {
      begin('service down', { home: ['6'], offsite: ['6'] }, ...noService())
      const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
      await agreed({ home: down, offsite: down })
      await mailed(/^home: \S+ Website down since/)
      expect(await lab().page('offsite')).toContain('Website')
      begin('service up again', { home: ['1'], offsite: ['1'] })
      await agreed({ home: UP, offsite: UP })
      await mailed(/^home: Re: .*\| Website back up/)
    }, 90_000)

    it.sequential('is partial where only one site reaches it, whichever that is', async () => {
      begin('home is kept out', { home: ['5a'], offsite: ['2a'] }, ...noService('iifname home'))
      await agreed({ home: PARTIAL(['offsite']), offsite: PARTIAL(['offsite']) })
      await mailed(/: \S+ Website: reachable from one side/)
      await heal()
      await mailed(/\| Website back up/)
      await quiet()
      begin('offsite is kept out', { home: ['2a'], offsite: ['5a'] }, ...noService('iifname offsite'))
      await agreed({ home: PARTIAL(['home']), offsite: PARTIAL(['home']) })
    }, 120_000)

    it.sequential('blames the road where the hoster’s neighbours are out of reach, too, also in one direction', async () => {
      begin('home’s road', { home: ['5b'], offsite: ['2b'] }, ...noRoad('home'))
      await agreed({ home: ROAD(['offsite']), offsite: ROAD(['offsite']) })
      const [mail] = await mailed(/^offsite: \S+ Site Home cannot reach Website/)
      expect(mail!.body).toContain('let in its address, 198.51.100.1')
      await heal()
      begin('the way back to offsite', { home: ['2b'], offsite: ['5b'] }, 'iifname hoster oifname offsite drop')
      await agreed({ home: ROAD(['home']), offsite: ROAD(['home']) })
    }, 120_000)

    it.sequential('takes nothing down for want of IPv6 at home, and calls its want at the hoster degraded', async () => {
      begin('no IPv6 at home', {}, 'iifname home meta nfproto ipv6 drop')
      await steady(8_000)
      begin('no IPv6 at the hoster', {}, 'oifname hoster meta nfproto ipv6 drop')
      const degraded: Expected = { state: 'degraded', note: 'confirmed' }
      await agreed({ home: degraded, offsite: degraded }, 45_000)
      await mailed()
    }, 120_000)

    it.sequential('is blind without names', async () => {
      begin(
        'no names at home',
        { home: ['8'], offsite: ['3'] },
        'iifname home meta l4proto { tcp, udp } th dport 53 drop',
      )
      await agreed({ home: ONE('offsite'), offsite: ONE('offsite') })
    }, 90_000)
  })

  inLaboratory('of which one or both see nothing', decided, ({ begin, agreed, mailed, heal }) => {
    it.sequential('confirms that the whole hoster is gone', async () => {
      begin('hoster dead', { home: ['6'], offsite: ['6'] }, 'oifname hoster drop')
      const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
      await agreed({ home: down, offsite: down })
      await mailed(/^home: \S+ Website down since/)
      await heal()
      await mailed(/^home: Re: .*\| Website back up/)
    }, 90_000)

    it.sequential('goes by the other site while one is blind, up and down', async () => {
      begin('offsite blind', { home: ['3'], offsite: ['8'] }, ...noWitnesses('offsite'))
      await agreed({ home: ONE('home'), offsite: ONE('home') })
      await mailed(/^home: \S+ Site Elsewhere has had no reliable measure/)
      await heal()
      await mailed(/^offsite: \S+ Our own line was unreliable/)
      begin('home blind', { home: ['8'], offsite: ['3'] }, ...noWitnesses('home'))
      await agreed({ home: ONE('offsite'), offsite: ONE('offsite') })
      begin(
        'home blind, service down',
        { home: ['9c', '9a'], offsite: ['7c', '7a'] },
        ...noWitnesses('home'),
        ...noService(),
      )
      await agreed({ home: ONE('offsite', 'down'), offsite: ONE('offsite', 'down') })
      await mailed(/^offsite: \S+ Website down/, /^offsite: \S+ Site Home has had no reliable measure/)
      await heal()
      await mailed(/\| Website back up/, /^home: .*Our own line was unreliable/)
      begin(
        'home blind, offsite’s road',
        { home: ['9b'], offsite: ['7b'] },
        ...noWitnesses('home'),
        ...noRoad('offsite'),
      )
      const road: Expected = { state: 'partial', note: 'road', sites: ['offsite'] }
      await agreed({ home: road, offsite: road })
    }, 120_000)

    it.sequential('knows nothing where nobody has a measure', async () => {
      begin('both blind', { home: ['10'], offsite: ['10'] }, ...noWitnesses('home'), ...noWitnesses('offsite'))
      const nothing: Expected = { state: 'unknown', note: 'none' }
      await agreed({ home: nothing, offsite: nothing })
      await mailed(/home/, /offsite/)
    }, 90_000)

    it.sequential('can’t tell the road from the hoster alone', async () => {
      begin('offsite cut off, home’s road', { home: ['7c', '7b'] }, ...noLine('offsite'), ...noRoad('home'))
      await agreed({ home: { state: 'partial', note: 'road', sites: ['home'] } })
      await mailed(/^home: \S+ Site Elsewhere has not been heard/, /^home: \S+ Website cannot be reached from here/)
    }, 90_000)
  })

  inLaboratory('that don’t hear each other', decided, ({ lab, begin, agreed, mailed, news, heal, steady }) => {
    it.sequential('measures alone while the link is cut, and says so', async () => {
      begin('no link', { home: ['4'], offsite: ['4'] }, ...noLink)
      await agreed({ home: ONE('home'), offsite: ONE('offsite') })
      await mailed(/^home: \S+ Site Elsewhere has not been heard/, /^offsite: \S+ Site Home has not been heard/)
      begin('no link, service down', { home: ['7c', '7a'], offsite: ['7c', '7a'] }, ...noLink, ...noService())
      await agreed({ home: ONE('home', 'down'), offsite: ONE('offsite', 'down') })
      await mailed(/^home: \S+ Website down/, /^offsite: \S+ Website down/)
      begin('link mended', { home: ['6'], offsite: ['6'] }, ...noService())
      const down: Expected = { state: 'down', note: 'confirmed', sites: BOTH }
      await agreed({ home: down, offsite: down })
      await mailed(/^home: .*Site Elsewhere is heard/, /^offsite: .*Site Home is heard/)
      await heal()
      await mailed(/\| Website back up/)
    }, 120_000)

    it.sequential('can’t tell a dead hoster from the road where neither hears the other, and says so on both', async () => {
      begin('no link, hoster dead', { home: ['7b'], offsite: ['7b'] }, ...noLink, 'oifname hoster drop')
      const road = (site: SiteName): Expected => ({ state: 'partial', note: 'road', sites: [site] })
      await agreed({ home: road('home'), offsite: road('offsite') })
      await mailed(
        /^home: \S+ Website cannot be reached from here/,
        /^offsite: \S+ Website cannot be reached from here/,
        /^home: \S+ Site Elsewhere has not been heard/,
        /^offsite: \S+ Site Home has not been heard/,
      )
    }, 90_000)

    it.sequential('freezes when its line is cut, mails nothing but a summary; the other goes on alone', async () => {
      begin('home cut off', { home: ['10'], offsite: ['4'] }, ...noLine('home'))
      await agreed({ home: { state: 'unknown', note: 'frozen' }, offsite: ONE('offsite') })
      expect(await lab().page('home')).toContain('http://198.51.100.2:8080')
      await mailed(/^offsite: \S+ Site Home has not been heard/)
      begin('home cut off, service down', { offsite: ['7c', '7a'] }, ...noLine('home'), ...noService())
      await agreed({ home: { state: 'unknown', note: 'frozen' }, offsite: ONE('offsite', 'down') })
      await mailed(/^offsite: \S+ Website down/)
      await heal()
      await mailed(/^home: \S+ Our own line was unreliable/, /^offsite: .*Site Home is heard/, /\| Website back up/)
    }, 120_000)

    it.sequential('cries no wolf on a line that loses a third of everything', async () => {
      begin(
        '30 % loss',
        {},
        'iifname home numgen random mod 100 < 30 drop',
        'oifname home numgen random mod 100 < 30 drop',
      )
      await steady(20_000)
      expect(news().filter((one) => one.includes('Website'))).toEqual([])
    }, 90_000)
  })

  it('saw every row of the table', () => {
    expect([...rows].sort()).toEqual(ROWS)
  })
})
