// What vigie promises in figures, measured: from an outage to its mail, and from a long time apart to one mind.
import { nameFrom } from '../../src/core/ledger/payload.ts'
import { DAY, MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import { BEGINNING } from './configuration.ts'
import type { Fault, Plan } from './plan.ts'
import { type Glance, simulate } from './simulate.ts'
import type { Process } from './site.ts'

/** Nothing happens but what is said. */
export function planOf(sites: readonly string[], faults: readonly Fault[], more: Partial<Plan> = {}): Plan {
  const healed = Math.max(5 * MINUTE, ...faults.map(({ to }) => to))
  return {
    seed: 1,
    sites,
    hidden: [],
    witness25: true,
    witness6: true,
    services: ['web', 'mail'],
    measured: false,
    observing: [],
    near: sites[0]!,
    quiets: [],
    faults,
    healed,
    end: healed + 45 * MINUTE,
    ...more,
  }
}

export const quantile = (sorted: readonly number[], share: number) => sorted[Math.ceil(share * sorted.length) - 1]!

/** Sites, and which of them is there no more when something happens. */
export interface Standing {
  readonly sites: readonly string[]
  readonly gone?: string
}

/** From outages to their first mail, shortest first; each begins at another moment between two looks. */
export async function delaysOf({ sites, gone }: Standing, outages: number): Promise<readonly Millis[]> {
  const delays: Millis[] = []
  for (let seed = 1; seed <= outages; seed++) {
    const from = 5 * MINUTE + seed * 1_700
    const how = (['timeout', 'refused', 'status'] as const)[seed % 3]!
    const service = seed % 2 === 0 ? 'web' : 'mail'
    const outage = { kind: 'outage', service, how, from, to: from + 8 * MINUTE } as const
    const off = {
      kind: 'off',
      site: gone ?? '',
      how: 'stopped',
      image: 0,
      from: 2 * MINUTE,
      to: outage.to + 2 * MINUTE,
    } as const
    const ran = await simulate(planOf(sites, gone === undefined ? [outage] : [outage, off], { seed }))
    if (ran.failures.length > 0) throw new Error(JSON.stringify(ran.failures))
    delays.push(...ran.delays)
  }
  return delays.sort((a, b) => a - b)
}

const PARTED = { from: 2 * MINUTE, to: 12 * MINUTE }
const POSTED: Millis = 5 * MINUTE
const POSTS_A_DAY = 6
const OUTAGES_A_DAY = 2

/**
 * Two sites that don't reach each other, where people post six times a day on each for so long, and two services a day go
 * down, each of which is mailed to two admins; then they do. How long
 * until both have all, and what it took. What was measured meanwhile comes later and isn't counted.
 */
export async function reunionOf(days: number): Promise<{ took: Millis; bytes: number; entries: number }> {
  const sites = ['home', 'offsite']
  const faults = sites.map((site, at) => ({ kind: 'link', site, callee: sites[1 - at]!, ...PARTED }) as const)
  const end = { took: Number.POSITIVE_INFINITY, bytes: 0, entries: 0 }
  let posted = false
  let before: number | null = null
  const { failures } = await simulate(planOf(sites, faults), { glance })
  if (failures.length > 0) throw new Error(JSON.stringify(failures))
  return end

  function glance({ at, processes, carried }: Glance) {
    if (at >= POSTED && !posted) {
      for (const [site, process] of processes) {
        post(site, process, days)
        recall(site, process, days)
      }
      posted = true
    }
    if (at < PARTED.to) return
    before ??= carried
    const said = [...processes.values()].map(({ ledger }) => JSON.stringify([...ledger.heads()].sort()))
    if (Number.isFinite(end.took) || new Set(said).size > 1) return
    const heads = [...processes.values()][0]!.ledger.heads()
    const entries = [...heads.values()].reduce((sum, { seq }) => sum + seq, 0)
    Object.assign(end, { took: at - PARTED.to, bytes: carried - before, entries })
  }
}

function post(site: string, { board }: Process, days: number) {
  for (let number = 0; number < days * POSTS_A_DAY; number++) {
    const isFirst = number % 3 === 0
    const text = { fr: `Texte ${number} : nous cherchons, et disons ici dans une demi-heure ce que nous avons trouvé.` }
    const id = nameFrom(`incident ${site} ${number - (number % 3)}`)
    const at = BEGINNING - days * DAY + number * (DAY / POSTS_A_DAY)
    const common = {
      by: 'admin',
      at,
      key: `post ${site} ${number}`,
      update: nameFrom(`update ${site} ${number}`),
      text,
    }
    if (isFirst) {
      const impact = { impact: 'minor', services: ['web'], started: at, raises: 'none', outages: [] } as const
      board.say('incident.open', { ...common, id, title: { fr: 'Panne' }, status: 'investigating', ...impact })
    } else board.say('incident.update', { ...common, id, status: number % 3 === 1 ? 'identified' : 'resolved' })
  }
}

/** What a site says by itself of outages that are over. */
function recall(site: string, { ledger }: Process, days: number) {
  for (let number = 0; number < days * OUTAGES_A_DAY; number++) {
    const from = BEGINNING - days * DAY + number * (DAY / OUTAGES_A_DAY)
    const id = `web-${from.toString(36)}-${site}`
    const about = { id, service: 'web', audience: 'members', since: from }
    ledger.say('outage.open', about)
    for (const event of ['down', 'up'])
      for (const to of ['ana@nomagic.test', 'bob@nomagic.test']) {
        const letter = {
          letter: `${id}:${event}`,
          to,
          about: [id],
          relay: 'smtps://relay.elsewhere.test:465',
          at: from,
        }
        ledger.say('alert.intent', letter)
        ledger.say('alert.sent', { ...letter, response: '250 2.0.0 Ok: queued as 4cWq2B1xk8z2kqY' })
      }
    ledger.say('outage.close', { ...about, ended: from + 10 * MINUTE })
  }
}

const STANDINGS: readonly (readonly [Standing, string])[] = [
  [{ sites: ['home', 'offsite'] }, 'two sites'],
  [{ sites: ['home', 'offsite'], gone: 'offsite' }, 'two sites, one of them gone'],
  [{ sites: ['home'] }, 'one site'],
]

/** One line a figure, for people. */
export async function describeFigures(outages: number): Promise<readonly string[]> {
  const seconds = (length: Millis) => `${(length / SECOND).toFixed(1)} s`
  const lines: string[] = []
  for (const [standing, name] of STANDINGS) {
    const delays = await delaysOf(standing, outages)
    const shares = [0.5, 0.95, 1].map((share) => seconds(quantile(delays, share)))
    lines.push(
      `from an outage to its mail, ${name}, ${outages} outages: half ${shares[0]}, 95 % ${shares[1]}, all ${shares[2]}`,
    )
  }
  const { took, bytes, entries } = await reunionOf(30)
  lines.push(`30 days apart, ${entries} entries: ${seconds(took)} and ${(bytes / 1024).toFixed(0)} KiB to one mind`)
  return lines
}
