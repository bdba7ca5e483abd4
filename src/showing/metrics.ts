// What `/metrics` says: of each check by blackbox_exporter's names, of vigie itself as `vigie_…`.

import type { Check, Service } from '../core/check.ts'
import type { Observation } from '../core/observation.ts'
import { expose, type Metric, type Sample } from '../core/shown/exposition.ts'
import { blindness } from '../core/verdict/blindness.ts'
import { type Status, standingForAdmins } from '../core/verdict/service.ts'
import type { Memory } from '../memory.ts'

export interface Metrics {
  /** Passes looks on and counts them. */
  counted<Rest extends readonly unknown[]>(
    look: (seen: Observation, ...rest: Rest) => void,
  ): (seen: Observation, ...rest: Rest) => void
  /** The last look of a check, kept from before the start, too; two where both address families are looked at. */
  lastLooks(check: string): readonly Observation[]
  /** Prometheus' text format. */
  text(): string
}

export interface MetricsDeps {
  readonly memory: Memory
  readonly version: string
  /** Letters waiting. */
  unsent(): number
  /** Everything that must move moves. */
  healthy(): boolean
  /** The last look of each check before the start, as far as it was kept. */
  readonly before: readonly Observation[]
}

interface Seen {
  readonly check: Check
  readonly labels: Readonly<Record<string, string>>
  readonly look: Observation
}

/** Counters begin at 0 with the process; looks `before` it of this site are shown, and not counted. */
export function createMetrics(deps: MetricsDeps): Metrics {
  const { memory } = deps
  /** The last look of each check, and of each address family where both are looked at. */
  const last = new Map<string, Observation>()
  for (const look of deps.before) if (look.site === memory.configuration.site.id) last.set(nameOf(look), look)
  const counts = { ok: 0, fail: 0, unknown: 0 }
  return { counted, lastLooks, text: () => expose([...ofChecks(seen()), ...ofVigie()]) }

  function counted<Rest extends readonly unknown[]>(pass: (seen: Observation, ...rest: Rest) => void) {
    return (look: Observation, ...rest: Rest) => {
      last.set(nameOf(look), look)
      counts[look.outcome.ok === null ? 'unknown' : look.outcome.ok ? 'ok' : 'fail']++
      pass(look, ...rest)
    }
  }

  function lastLooks(check: string): readonly Observation[] {
    return [...last.values()].filter((look) => look.check === check)
  }

  function seen(): readonly Seen[] {
    return [...last.values()].flatMap((look) => {
      const check = memory.checkById.get(look.check)
      if (check === undefined || (look.strand === null) === (check.family === 'both')) return []
      const family = look.strand === null ? {} : { family: String(look.strand) }
      return [{ check, look, labels: { ...labelsOf(check, look.site), ...family } }]
    })
  }

  function ofVigie(): readonly Metric[] {
    const site = memory.configuration.site.id
    const one = (value: number): readonly Sample[] => [{ labels: { site }, value }]
    const states = [...memory.checks].flatMap(([id, known]) => {
      const check = memory.checkById.get(id)
      return check === undefined
        ? []
        : [{ labels: { ...labelsOf(check, site), state: known.agreement?.state ?? 'unknown' }, value: 1 }]
    })
    const statuses = memory.configuration.services.map((service) => ({
      labels: { service: service.id, status: statusForAdmins(service, memory), site },
      value: 1,
    }))
    const looks = Object.entries(counts).map(([result, value]) => ({ labels: { result, site }, value }))
    return [
      metric('vigie_build_info', 'The version that runs.', [{ labels: { version: deps.version, site }, value: 1 }]),
      metric('vigie_healthy', 'Scheduler, stores and publisher moved lately.', one(Number(deps.healthy()))),
      metric('vigie_blind', 'Our own line is not to be trusted.', one(Number(blindness(memory.line) !== null))),
      metric('vigie_mail_unsent', 'Letters that no relay took yet.', one(deps.unsent())),
      metric('vigie_check_state', 'The agreed state of a check, always 1.', states),
      metric('vigie_service_status', 'What is measured of a service, also of one for admins, always 1.', statuses),
      { name: 'vigie_looks_total', help: 'Looks since the start, by result.', type: 'counter', samples: looks },
    ]
  }
}

function statusForAdmins(service: Service, { services, checks }: Memory): Status {
  const known = standingForAdmins(service, services.get(service.id), ({ id }) => checks.get(id)?.agreement ?? undefined)
  return known?.status ?? 'unknown'
}

function nameOf({ check, strand }: Observation): string {
  return `${check}/${strand ?? ''}`
}

function labelsOf({ service, id, kind, target }: Check, site: string): Readonly<Record<string, string>> {
  return { service, check: id, kind, target, site }
}

function ofChecks(seen: readonly Seen[]): readonly Metric[] {
  const of = (value: (one: Seen) => number | null): readonly Sample[] =>
    seen.flatMap((one) => {
      const figure = value(one)
      return figure === null ? [] : [{ labels: one.labels, value: figure }]
    })
  const phases = seen.flatMap(({ look, labels }) =>
    Object.entries(look.phases).map(([phase, took]) => ({
      labels: { ...labels, phase },
      value: took / 1000,
      http: look.phases.processing !== undefined,
    })),
  )
  const http = phases.filter((phase) => phase.http)
  const versions = seen.flatMap(({ look, labels }) => {
    const facts = 'tls' in look.outcome ? look.outcome.tls : undefined
    return facts === undefined ? [] : [{ labels: { ...labels, version: facts.version }, value: 1 }]
  })
  return [
    metric(
      'probe_success',
      'The last look was fine. Missing while it could not be told.',
      of(({ look }) => (look.outcome.ok === null ? null : Number(look.outcome.ok))),
    ),
    metric(
      'probe_duration_seconds',
      'How long the last look took.',
      of(({ look }) => look.took / 1000),
    ),
    metric(
      'probe_timeout_seconds',
      'The deadline of a look.',
      of(({ check }) => check.rule.timeout / 1000),
    ),
    metric(
      'probe_dns_lookup_time_seconds',
      'How long the name took to resolve.',
      of(({ look }) => (look.phases.resolve === undefined ? null : look.phases.resolve / 1000)),
    ),
    metric(
      'probe_ip_protocol',
      'The address family of the last look, 4 or 6.',
      of(({ look }) => look.via.family),
    ),
    metric('probe_http_duration_seconds', 'How long each phase of an HTTP look took.', http),
    metric(
      'probe_http_status_code',
      'The status of the HTTP answer that was judged.',
      of(({ look }) => ('status' in look.outcome ? (look.outcome.status ?? null) : null)),
    ),
    metric('vigie_phase_duration_seconds', 'How long each phase of a look took.', phases),
    metric(
      'probe_ssl_earliest_cert_expiry',
      'When the certificate expires, in seconds since 1970.',
      of(({ look }) =>
        'tls' in look.outcome && look.outcome.tls !== undefined ? look.outcome.tls.expires / 1000 : null,
      ),
    ),
    metric('probe_tls_version_info', 'The version of TLS that was agreed, always 1.', versions),
    metric(
      'vigie_last_look_timestamp_seconds',
      'When the last look began, in seconds since 1970.',
      of(({ look }) => look.at / 1000),
    ),
  ]
}

function metric(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, help, type: 'gauge', samples: samples.map(({ labels, value }) => ({ labels, value })) }
}
