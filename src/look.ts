// One look at a check: from its plan to an observation. The schedule, `vigie check` and the simulator look through here.
import type { ConfiguredCheck } from './config/check.ts'
import type { Check } from './core/check.ts'
import { cleanNote, type Observation, type Outcome } from './core/observation.ts'
import type { HostPort } from './core/settings.ts'
import { type Instant, type Millis, SECOND } from './core/time/time.ts'
import type { Ending } from './net/ending.ts'
import type { Look, Probe } from './net/look.ts'
import type { Endpoint, Network } from './net/network.ts'
import { type Looked, type LookOptions, runLook } from './net/run.ts'

export interface LookerDeps {
  /** The network of now: a reload may bring another. */
  network(): Network
  /** What carries a check out, by its id; undefined when it is no longer configured. */
  plan(check: string): ConfiguredCheck | undefined
  /** This site's id. */
  site(): string
  /** The wall clock: a label, and for certificates. */
  now(): Instant
  /** True: a witness listens on this port, and says better than a look whether our line lets it out. */
  witnessOn(port: number): boolean
  /** A probe threw what no network does: a fault of ours, for the log. */
  onBug(error: unknown, check: string): void
}

export interface Looker {
  /**
   * Looks once, at one address family when `strand` says which. Never rejects. What comes back is clean: notes are one
   * line without secrets. A check that can't be looked at (a secret missing, a heartbeat) is unknown, `config`.
   */
  look(check: Check, strand: 4 | 6 | null): Promise<Observation>
  /** Where a look goes: the address and port its last one came to, `host:port` before the first. */
  door(turn: { readonly check: Check; readonly strand: 4 | 6 | null }): string
}

/** A port that many home lines close, so that only a timeout is seen there. */
const OFTEN_CLOSED = 25
/** Where the same mail server answers too, and no line closes it. */
const BESIDE: readonly number[] = [465, 587]
const BESIDE_PATIENCE: Millis = 3 * SECOND

const NOWHERE = { dns: false, family: null, port: null } as const

/** Holds back nobody: how many looks run at once is the schedule's. */
export function createLooker(deps: LookerDeps): Looker {
  /** Where each check's last look came to. Many names may lead to one address (a proxy in front of all). */
  const doors = new Map<string, string>()
  return { look, door }

  async function look(check: Check, strand: 4 | 6 | null): Promise<Observation> {
    const at = deps.now()
    const configured = deps.plan(check.id)
    const looked = await lookBy(configured, check, strand, at)
    const outcome = clean(looked.outcome, configured?.secrets ?? [])
    return { check: check.id, strand, site: deps.site(), at, ...looked, outcome }
  }

  async function lookBy(
    configured: ConfiguredCheck | undefined,
    check: Check,
    strand: 4 | 6 | null,
    at: Instant,
  ): Promise<Looked> {
    if (check.unusable !== null) return unlooked(check.unusable)
    if (configured === undefined) return unlooked('this check is no longer configured')
    const { plan, secrets } = configured
    if (plan.does === 'wait') return unlooked(waitsNote(check))
    const road = noting(doorKey(check.id, strand))
    const options = {
      network: road.network,
      family: strand ?? (check.family === 'both' ? null : check.family),
      connect: configured.connect,
      allowPrivate: configured.allowPrivate,
      ca: configured.ca,
      now: () => at,
      timeout: check.rule.timeout,
    }
    try {
      // Before the note is cut to its length, too: half a secret at its end would not be found.
      const probe = async (look: Look) => clean(await plan.probe(look), secrets)
      const looked = await runLook(probe, options)
      return (await isClosedHere(looked, road.unanswered(), options)) ? { ...looked, outcome: CLOSED_HERE } : looked
    } catch (error) {
      deps.onBug(error, check.id)
      return unlooked(`a fault in vigie: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** No connection to port 25, but one to the same machine's other ports: it is our line (verdict.md, 2). */
  async function isClosedHere(
    { outcome, via }: Looked,
    there: Endpoint | null,
    options: LookOptions,
  ): Promise<boolean> {
    if (outcome.ok !== false || outcome.reason !== 'timeout' || via.port !== OFTEN_CLOSED) return false
    if (there === null || deps.witnessOn(OFTEN_CLOSED)) return false
    const host = there.address
    const knock: Probe = async (look) => {
      await Promise.any(BESIDE.map((port) => look.dial({ host, port })))
      return { ok: true, note: '' }
    }
    const beside = await runLook(quietly(knock), {
      ...options,
      connect: null,
      timeout: Math.min(BESIDE_PATIENCE, options.timeout),
    })
    return beside.outcome.ok === true
  }

  function door({ check, strand }: { readonly check: Check; readonly strand: 4 | 6 | null }): string {
    const known = doors.get(doorKey(check.id, strand))
    if (known !== undefined) return known
    const to = deps.plan(check.id)?.connect ?? hostPortOf(check.target)
    return to === undefined ? check.target.toLowerCase() : `${to.host}:${to.port}`.toLowerCase()
  }

  /** The network of now, which remembers where the first connection of a look went, and which was never answered. */
  function noting(key: string): { readonly network: Network; unanswered(): Endpoint | null } {
    const network = deps.network()
    let noted = false
    let waiting: Endpoint | null = null
    async function connect(endpoint: Endpoint, ending: Ending) {
      if (!noted) doors.set(key, `${endpoint.address}:${endpoint.port}`)
      noted = true
      waiting = endpoint
      const socket = await network.connect(endpoint, ending)
      waiting = null
      return socket
    }
    return { network: { ...network, connect }, unanswered: () => waiting }
  }
}

/** How the schedule names a check, or one address family of it. */
export function doorKey(check: string, strand: 4 | 6 | null): string {
  return strand === null ? check : `${check}/${strand}`
}

/** A probe whose failures are of no interest. */
function quietly(probe: Probe): Probe {
  return (look) => probe(look).catch(() => ({ ok: false, reason: 'unreachable', note: '' }))
}

const CLOSED_HERE: Outcome = {
  ok: null,
  reason: 'blocked',
  note: 'no way out to port 25 from here: the same host answers on others',
}

/** What there is to say of a heartbeat instead of a look. */
export function waitsNote({ target }: Check): string {
  return `waits to be pinged every ${target}`
}

/** The host and port in a target as people write it: a URL or `host:port`. Undefined: it names no port. */
function hostPortOf(target: string): HostPort | undefined {
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { hostname, port, protocol } = new URL(target)
    return { host: bare(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
  }
  const match = /^(\[[^\]]+\]|[^:/]+):(\d+)$/.exec(target)
  return match ? { host: bare(match[1]!), port: Number(match[2]) } : undefined
}

function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function unlooked(note: string): Looked {
  return { outcome: { ok: null, reason: 'config', note }, took: 0, phases: {}, via: NOWHERE }
}

function clean<T extends Outcome>(outcome: T, secrets: readonly string[]): T {
  const tidy = (note: string) => cleanNote(redact(note, secrets))
  if (!('attention' in outcome) || outcome.attention === undefined) return { ...outcome, note: tidy(outcome.note) }
  const attention = outcome.attention.map((one) => ({ ...one, note: tidy(one.note) }))
  return { ...outcome, note: tidy(outcome.note), attention }
}

/** Longest first: a secret may be part of another. */
function redact(text: string, secrets: readonly string[]): string {
  const longestFirst = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
}
