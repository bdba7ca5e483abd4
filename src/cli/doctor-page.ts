// What doctor asks of the vigie that runs, of its page as others see it, and of whoever should notice its death.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Configuration, checksOf } from '../core/check.ts'
import { type Finding, fail, judgeCertificate, ok, warn } from '../core/diagnosis.ts'
import { lasting } from '../core/moment.ts'
import type { TlsFacts } from '../core/observation.ts'
import { type Instant, type Millis, SECOND } from '../core/time.ts'
import type { Probe } from '../net/look.ts'
import { runLook } from '../net/run.ts'
import { exchange } from '../net/web.ts'
import type { World } from '../world.ts'
import { isUnder } from './doctor-mail.ts'
import { hearStatus } from './status-source.ts'
import { version } from './version.ts'

const PATIENCE: Millis = 8 * SECOND
const LONGEST = 8 << 20

/** What a running vigie left about itself in the data folder. */
export interface Running {
  readonly pid: number | null
  readonly url: string | null
  /** Null: it did not say. */
  readonly version: string | null
}

export function readRunning(data: string): Running {
  try {
    const {
      pid,
      url,
      version: which,
    } = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as Record<string, unknown>
    return {
      pid: typeof pid === 'number' ? pid : null,
      url: typeof url === 'string' ? url : null,
      version: typeof which === 'string' ? which : null,
    }
  } catch {
    return { pid: null, url: null, version: null }
  }
}

/** Is it there, does everything in it move, is its page fresh, and what was never pinged? */
export async function examineRunning(
  data: string,
  running: Running,
  configuration: Configuration,
  now: () => Instant,
): Promise<readonly Finding[]> {
  const [heard, health] = await Promise.all([hearStatus(data), askHealth(running.url)])
  const start = 'Start it, best as a service: deploy/ has one for systemd.'
  if (running.pid === null) return [warn('vigie', `none runs on ${data}`, start)]
  if (heard === null || heard.vigie !== 'answers')
    return [fail('vigie', `pid ${running.pid} should run here and does not answer at ${running.url}`, start)]
  const old = running.version !== null && running.version !== version()
  const which = `pid ${running.pid}${running.version === null ? '' : `, version ${running.version}`}, at ${running.url}`
  const late = now() - Date.parse(heard.document.next_by)
  return [
    old
      ? warn('vigie', `${which}; installed is ${version()}`, 'Start it again to run what is installed.')
      : ok('vigie', which),
    health,
    late > 0
      ? fail('page', `should have been made anew ${lasting(late, 'en')} ago`, 'Start vigie again, and look at its log.')
      : ok('page', `made ${lasting(Math.max(0, now() - Date.parse(heard.document.generated_at)), 'en')} ago`),
    ...neverPinged(
      configuration,
      new Map(heard.document.services.flatMap(({ checks }) => checks.map(({ id, at }) => [id, at]))),
    ),
  ]
}

async function askHealth(url: string | null): Promise<Finding> {
  const remedy = 'Look at its log; when it stays so, start it again.'
  try {
    const answer = await fetch(new URL('/healthz', url ?? ''), {
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
    })
    const text = (await answer.text()).slice(0, 10_000)
    const { parts } = JSON.parse(text) as { parts: Readonly<Record<string, { ok: boolean; note: string }>> }
    const still = Object.entries(parts).filter(([, part]) => !part.ok)
    if (still.length === 0) return ok('health', `${Object.keys(parts).join(', ')} all move`)
    return fail('health', still.map(([name, { note }]) => `${name}: ${note}`).join('; '), remedy)
  } catch {
    return fail('health', 'no answer at /healthz', remedy)
  }
}

/** Checks for admins are not on the page, and so not known here. */
function neverPinged(configuration: Configuration, seen: ReadonlyMap<string, string | null>): readonly Finding[] {
  const beats = checksOf(configuration).filter(({ id, heartbeat }) => heartbeat !== null && seen.has(id))
  const never = beats.filter(({ id }) => seen.get(id) === null).map(({ id }) => id)
  if (beats.length === 0) return []
  if (never.length === 0) return [ok('heartbeats', `all ${beats.length} were heard`)]
  return [warn('heartbeats', `never heard: ${never.join(', ')}`, '`vigie config` tells where jobs report to.')]
}

/** The page as members reach it, at the configured address. */
export async function examineAddress(
  { network }: World,
  configuration: Configuration,
  now: () => Instant,
): Promise<readonly Finding[]> {
  const { url, id } = configuration.site
  if (url === null) return [ok('address', 'no url in site.yaml, so the page is not asked for from outside')]
  if (configuration.replica) return [ok('address', 'not asked for: the replica has no way out')]
  const place = new URL('/api/vigie/status.json', url)
  let tls: TlsFacts | null = null
  let text = ''
  const { outcome } = await runLook(
    async (look) => {
      const answer = await exchange(look, { url: place, method: 'GET', headers: {}, body: null, maxBytes: LONGEST })
      tls = answer.tls
      text = answer.body.toString('utf8')
      return answer.status === 200 ? FINE : { ok: false, reason: 'status', note: `answered ${answer.status}` }
    },
    { network, family: null, connect: null, allowPrivate: true, ca: configuration.ca, now, timeout: PATIENCE },
  )
  const remedy = 'Does the web server in front of vigie run, and does its name lead here?'
  const seen = outcome.ok === true ? ownPage(text, id, url, now()) : fail('address', `${url}: ${outcome.note}`, remedy)
  const facts = tls as TlsFacts | null
  return [seen, ...(facts === null ? [] : [judgeCertificate(facts.expires, now())])]
}

const FINE = { ok: true, note: '' } as const

function ownPage(text: string, site: string, url: string, now: Instant): Finding {
  const remedy = 'Does the web server in front pass requests on to this vigie, without keeping copies?'
  try {
    const { site: shown, next_by: nextBy } = JSON.parse(text) as { site?: unknown; next_by?: unknown }
    if (shown !== site)
      return fail('address', `${url} is the page of site ${JSON.stringify(shown)}, not ${site}`, remedy)
    if (!(now <= Date.parse(String(nextBy)))) return fail('address', `${url} shows an old copy`, remedy)
    return ok('address', `${url} shows this page, fresh`)
  } catch {
    return fail('address', `${url} is not a page of vigie`, remedy)
  }
}

/** Reached and made safe, but not pinged: a ping would say that vigie lives. */
export async function examineDeadman(
  { network }: World,
  configuration: Configuration,
  now: () => Instant,
): Promise<readonly Finding[]> {
  const { deadman, domain } = configuration
  const item = 'deadman'
  if (deadman === null)
    return [
      warn(
        item,
        'nobody notices when this machine dies',
        'Set `deadman` in site.yaml to a check-in elsewhere, such as healthchecks.io.',
      ),
    ]
  if (configuration.replica) return [ok(item, 'not asked for: the replica has no way out')]
  const url = new URL(deadman)
  const probe: Probe = async (look) => {
    const secure = url.protocol === 'https:'
    const plain = await look.dial({ host: url.hostname, port: Number(url.port) || (secure ? 443 : 80) })
    const fault = secure ? (await look.secure(plain, url.hostname)).fault : null
    return fault === null ? FINE : { ok: false, reason: 'certificate', note: fault.note }
  }
  const { outcome } = await runLook(probe, {
    network,
    family: null,
    connect: null,
    allowPrivate: true,
    ca: [],
    now,
    timeout: PATIENCE,
  })
  if (outcome.ok !== true)
    return [warn(item, `${url.host}: ${outcome.note}`, 'It will say that vigie died. Is the address right?')]
  if (isUnder(url.hostname, domain))
    return [warn(item, `${url.host} is under ${domain}`, 'Who watches the watcher should not fall with it.')]
  return [ok(item, `${url.host} answers`)]
}
