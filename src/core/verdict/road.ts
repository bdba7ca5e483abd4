// A site that can't reach what others reach, by a bad road or because somebody keeps its address out (rows 2b and 5b).
import type { Check, Policy, Service } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { CheckKnown } from './known.ts'
import type { Letter } from './letter.ts'
import type { Silences } from './silence.ts'
import type { Peer } from './word.ts'

export interface Roads {
  readonly checks: ReadonlyMap<string, CheckKnown>
  readonly checkById: ReadonlyMap<string, Check>
  readonly serviceById: ReadonlyMap<string, Service>
}

/**
 * The spells of other sites' bad roads, kept beside their silences as `road:SITE`, and the one letter about each that
 * lasts. The same object when nothing changed.
 */
export function followRoads(
  before: Silences,
  peers: readonly Peer[],
  known: Roads,
  policy: Pick<Policy, 'mailAfter'>,
  now: Instant,
): { readonly silences: Silences; readonly letters: readonly Letter[] } {
  const letters: Letter[] = []
  let silences = before
  for (const peer of peers) {
    const name = `road:${peer.site}`
    const spells = silences[name] ?? []
    const last = spells.at(-1)
    const open = last !== undefined && last.to === null ? last : null
    const blocked = blockedOf(peer, known)
    const since = Math.min(...blocked.map((one) => one.since))
    if (blocked.length === 0 && open !== null) silences = { ...silences, [name]: [{ ...open, to: now }] }
    if (blocked.length === 0) continue
    if (open === null) silences = { ...silences, [name]: [{ from: since, to: null, layers: [], told: false }] }
    else if (!open.told && now - open.from >= policy.mailAfter) {
      silences = { ...silences, [name]: [{ ...open, told: true }] }
      letters.push(letterOf(peer, open.from, blocked, known, now))
    }
  }
  return { silences, letters }
}

interface Blocked {
  readonly service: string
  readonly since: Instant
}

/** What only this site says is down, and its own road is to blame for. */
function blockedOf(peer: Peer, { checks, checkById }: Roads): readonly Blocked[] {
  if (!peer.heard) return []
  return [...checks].flatMap(([id, { agreement }]) => {
    const down = peer.words.get(id)?.state === 'down'
    const check = checkById.get(id)
    if (!down || check === undefined || agreement?.rule !== '2b' || agreement.disagreeSince === null) return []
    return [{ service: check.service, since: agreement.disagreeSince }]
  })
}

function letterOf(peer: Peer, since: Instant, blocked: readonly Blocked[], known: Roads, at: Instant): Letter {
  const key = `road:${peer.site}:${since}`
  const ids = [...new Set(blocked.map(({ service }) => service))]
  const services = ids.flatMap((id) => known.serviceById.get(id)?.name ?? [])
  return {
    key,
    event: 'twin',
    thread: key,
    at,
    news: { kind: 'road', site: peer.site, since, address: peer.address, services },
  }
}
