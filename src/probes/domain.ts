// domain: the registration of a domain runs on, and the registry has not taken it out of the DNS.
import type { Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import { DAY, HOUR, SECOND } from '../core/time/time.ts'
import { type Failure, outcomeOf } from '../net/failure.ts'
import { parseName } from './dns.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { createRegistries, lookUp, type Registration, type Registries } from './rdap.ts'

/** The domain is not in the DNS any more, or is about to leave it (RFC 8056, RFC 3915). */
const GONE: readonly string[] = [
  'client hold',
  'server hold',
  'redemption period',
  'pending delete',
  'pending restore',
  'inactive',
]
const YEAR = 365 * DAY

export const domain: ProbeKind = {
  summary: 'the registry has a domain in the DNS, and its registration does not end soon',
  example: 'example.org',
  // A registry's word is final, and it wants few questions.
  defaults: () => ({
    every: 24 * HOUR,
    retry: HOUR,
    fall: 1,
    rise: 1,
    timeout: 30 * SECOND,
    slow: null,
    expiresIn: { left: 30 * DAY },
  }),
  from: 'any',
  configure,
}

function configure(settings: Settings): Plan {
  const name = parseName(settings.target())
  const fits = name !== undefined && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)
  if (!fits) settings.complain(null, 'this is no domain: write example.org, as it was registered')
  const registries = createRegistries()
  return { does: 'look', probe: (look) => visit(look, name ?? 'target.invalid', registries) }
}

async function visit(look: Look, name: string, registries: Registries): Promise<Outcome> {
  try {
    const server = await registries.find(look, name)
    if (server === null) {
      const top = name.slice(name.lastIndexOf('.'))
      return { ok: null, reason: 'config', note: `${top} has no registry that can be asked (RDAP)` }
    }
    const registration = await lookUp(look, server, name)
    if (registration === null) {
      return { ok: null, reason: 'config', note: `${server.host} knows no ${name}: was it registered by that name?` }
    }
    return judge(registration, look)
  } catch (error) {
    return withoutWord(outcomeOf(error))
  }
}

/** What a registry doesn't answer is no fault of the domain's: what was known before stands. */
function withoutWord(failure: Failure): Failure {
  if (failure.ok === null) return failure
  return { ok: null, reason: 'overload', note: `no word from the registry: ${failure.note}` }
}

function judge({ statuses, registered, expires }: Registration, look: Look): Outcome {
  const gone = statuses.filter((status) => GONE.includes(status))
  const until = expires === null ? 'the registry does not say until when' : `registered until ${day(expires)}`
  if (gone.length > 0) return { ok: false, reason: 'content', note: `out of the DNS: ${gone.join(', ')}; ${until}` }
  if (expires === null) return { ok: true, note: until }
  const days = Math.floor((expires - look.now()) / DAY)
  const left = days < 0 ? `${-days} days ago` : `${days} days left`
  const term = { from: registered ?? expires - YEAR, expires }
  return { ok: true, note: `${until}, ${left}`, term }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
