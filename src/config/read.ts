// The folder as a complete, typed configuration, or everything that is wrong with it.
import type { Configuration, Service } from '../core/check.ts'
import type { ProbeKind } from '../probes/kind.ts'
import { openAuthorities, rootsOf } from './authorities.ts'
import type { ConfiguredCheck } from './check.ts'
import { checkDepends, dependsOf } from './depends.ts'
import { changedAt, editionOf } from './edition.ts'
import { readFolder, SITE_FILE } from './folder.ts'
import { byPlace, type Mistake, quote } from './mistake.ts'
import { openSecrets } from './secrets.ts'
import { type ReadService, readService } from './service.ts'
import { readWhole, type Whole } from './site.ts'
import { readTemplates } from './templates.ts'

export interface Reading {
  /** Null with any mistake. */
  readonly configuration: Configuration | null
  /** What carries each check out, by its id; empty with any mistake. */
  readonly plans: ReadonlyMap<string, ConfiguredCheck>
  /** By file, then by place. */
  readonly mistakes: readonly Mistake[]
  readonly warnings: readonly Mistake[]
}

export interface Input {
  /** The folder, `checks`. */
  readonly dir: string
  /** VIGIE_DOMAIN, CREDENTIALS_DIRECTORY, VIGIE_SECRET_… and NODE_EXTRA_CA_CERTS are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The data folder: its `secrets/` is where secrets are last looked for. */
  readonly data: string
  /** `--site`: which site this process is; the first one when not said. */
  readonly site?: string | undefined
  /** `--listen`: instead of the configured one. */
  readonly listen?: string | undefined
  readonly kinds: Readonly<Record<string, ProbeKind>>
}

/** Reads the whole folder. Never throws, whatever is in it: all mistakes of all files are in the answer. */
export function readConfiguration(input: Input): Reading {
  const { sources, mistakes } = readFolder(input.dir)
  const secrets = openSecrets(input.environment, input.data)
  const authorities = openAuthorities(input.dir)
  const whole = readWhole(sources.get(SITE_FILE), {
    secret: secrets.find,
    domain: input.environment.VIGIE_DOMAIN || undefined,
    site: input.site,
    listen: input.listen,
    authorities,
  })
  const services = [...sources]
    .filter(([name]) => name !== SITE_FILE)
    .map(([name, source]) =>
      readService(name.slice(0, -'.yaml'.length), source, {
        whole,
        secret: secrets.find,
        kinds: input.kinds,
        authorities,
      }),
    )
  const templates = readTemplates(
    input.dir,
    whole,
    secrets.find,
    services.map(({ id }) => id),
  )
  checkDepends(services)
  complainOfSharedTokens(services)
  warnOfSharedIds(sources.get(SITE_FILE), whole, services)
  const everySource = [...sources.values(), ...templates.sources.values()]
  const all = [
    ...mistakes,
    ...templates.mistakes,
    ...(sources.has(SITE_FILE) || mistakes.some(({ file }) => file === shown(input.dir))
      ? []
      : [withoutSite(input.dir)]),
    ...everySource.flatMap((source) => source.mistakes()),
  ].sort(byPlace)
  const warnings = everySource.flatMap((source) => source.warnings()).sort(byPlace)
  const complete = whole.configuration !== null && all.length === 0 ? whole.configuration : null
  const found = complete && {
    ...complete,
    ca: [...complete.ca, ...rootsOf(input.environment)],
    services: services.map(serviceOf),
    templates: templates.templates,
  }
  return {
    configuration: found && {
      ...found,
      edition: editionOf(found),
      configured: changedAt(input.dir, sources.keys()),
      secrets: secrets.asked(),
    },
    plans: new Map(
      complete ? services.flatMap(({ checks }) => checks.map((one) => [one.check.id, one.configured] as const)) : [],
    ),
    mistakes: all,
    warnings,
  }
}

function serviceOf({ service, checks, depends }: ReadService): Service {
  if (service === null) throw new Error('a service without a name was no mistake')
  return {
    ...service,
    checks: checks.map((one) => ({ ...one.check, depends: dependsOf(one.check.id, depends, one.depends) })),
  }
}

/** Two checks with one token would take each other's pings. */
function complainOfSharedTokens(services: readonly ReadService[]): void {
  const owners = new Map<string, string>()
  for (const { source, checks } of services) {
    for (const { check, at } of checks) {
      const token = check.heartbeat?.token
      if (!token) continue
      const owner = owners.get(token)
      if (owner !== undefined)
        source.complain(at, `${check.id} has the same token as ${owner}`, 'every heartbeat has a token of its own')
      else owners.set(token, check.id)
    }
  }
}

function warnOfSharedIds(
  source: { warn(at: number, message: string, hint?: string): void } | undefined,
  whole: Whole,
  services: readonly ReadService[],
): void {
  const ids = new Set(services.map(({ id }) => id))
  for (const { id, at } of whole.groups ?? []) {
    if (ids.has(id))
      source?.warn(at, `the group ${quote(id)} and a service share their id: readers of /api/v2 can't tell them apart`)
  }
}

function withoutSite(dir: string): Mistake {
  return {
    file: `${dir.replace(/\/+$/, '')}/${SITE_FILE}`,
    line: 1,
    column: 1,
    message: 'the file is not there',
    hint: 'it needs `name` and one site',
  }
}

function shown(dir: string): string {
  return dir.replace(/\/+$/, '') || '/'
}
