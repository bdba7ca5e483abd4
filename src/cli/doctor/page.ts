// What doctor asks of the vigie that runs, of its page as others see it, and of whoever should notice its death.
import { type Configuration, checksOf } from '../../core/check.ts'
import { reachableAt } from '../../core/reachable.ts'
import { type Finding, fail, judgeCertificate, ok, warn } from '../../core/shown/diagnosis.ts'
import { lasting } from '../../core/time/lasting.ts'
import { type Instant, type Millis, SECOND } from '../../core/time/time.ts'
import type { Probe } from '../../net/look.ts'
import { runLook } from '../../net/run.ts'
import type { Running } from '../../process/running.ts'
import { askPage } from '../../sites/lookout.ts'
import type { World } from '../../world.ts'
import { hearStatus } from '../status/source.ts'
import { version } from '../version.ts'
import { isUnder } from './mail.ts'
import type { Place } from './place.ts'

const PATIENCE: Millis = 8 * SECOND

/** Is it there, does everything in it move, is its page fresh, and what was never pinged? */
export async function examineRunning(
  data: string,
  running: Running | null,
  configuration: Configuration,
  now: () => Instant,
): Promise<readonly Finding[]> {
  const [heard, health] = await Promise.all([hearStatus(data), askHealth(running?.url ?? null)])
  const start = 'Start it, best as a service: deploy/ has one for systemd.'
  if (running === null || running.pid === null) return [warn('vigie', `none runs on ${data}`, start)]
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
  place: Place,
): Promise<readonly Finding[]> {
  const { url, id } = configuration.site
  if (configuration.replica) return [ok('address', 'not asked for: the replica has no way out')]
  const elsewhere = reachableAt(configuration.sites, id)
  if (url === null && elsewhere !== null)
    return [ok('address', `site ${id} has no url: its mails and feeds lead to ${elsewhere}`)]
  if (url === null) {
    const words = `site ${id} has no url: mails and feeds have no link that works elsewhere, and the page is not looked at`
    const remedy = `Say where members find it: sites: { ${id}: { url: "https://…" } }, ${place(['sites', id])}.`
    return [warn('address', words, remedy)]
  }
  const { note, facts } = await askPage(id, url, { network, ca: configuration.ca, now, timeout: PATIENCE })
  const remedy = 'Does the web server in front of vigie run, does its name lead here, and does it keep no copies?'
  const seen =
    note === null ? ok('address', `${url} shows this page, fresh`) : fail('address', `${url}: ${note}`, remedy)
  return [seen, ...(facts === null ? [] : [judgeCertificate(facts.expires, now())])]
}

/** Reached and made safe, but not pinged: a ping would say that vigie lives. */
export async function examineDeadman(
  { network }: World,
  configuration: Configuration,
  now: () => Instant,
  place: Place,
): Promise<readonly Finding[]> {
  const { deadman, domain } = configuration
  const item = 'deadman'
  if (deadman === null)
    return [
      warn(
        item,
        'nobody notices when this machine dies',
        `Set \`deadman\` to a check-in elsewhere, such as healthchecks.io: ${place(['deadman'])}.`,
      ),
    ]
  if (configuration.replica) return [ok(item, 'not asked for: the replica has no way out')]
  const url = new URL(deadman)
  const probe: Probe = async (look) => {
    const secure = url.protocol === 'https:'
    const plain = await look.dial({ host: url.hostname, port: Number(url.port) || (secure ? 443 : 80) })
    const fault = secure ? (await look.secure(plain, url.hostname)).fault : null
    return fault === null ? { ok: true, note: '' } : { ok: false, reason: 'certificate', note: fault.note }
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
    return [
      warn(
        item,
        `${url.host}: ${outcome.note}`,
        `It will say that vigie died. Is the address right? ${place(['deadman'])}.`,
      ),
    ]
  if (isUnder(url.hostname, domain))
    return [
      warn(
        item,
        `${url.host} is under ${domain}`,
        `Who watches the watcher should not fall with it: ${place(['deadman'])}.`,
      ),
    ]
  return [ok(item, `${url.host} answers`)]
}
