// One service file.
import { AUDIENCES, type Audience, type Service } from '../core/check.ts'
import { familyOf, isPublic } from '../net/address.ts'
import type { ProbeKind } from '../probes/kind.ts'
import { parseHost, parseHostPort } from './address.ts'
import { type Dependence, type ReadCheck, readCheck, readDepends } from './check.ts'
import { asFields, entriesOf, wholeOf } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Meanings } from './placeholders.ts'
import { asPublicUrl } from './places.ts'
import { namesPreset, readPreset } from './preset.ts'
import { type Convert, createReader, type Entry } from './reader.ts'
import { compare, readOverrides } from './rule.ts'
import { asOneOf, asText } from './scalars.ts'
import { noSecret } from './secrets.ts'
import type { Whole } from './site.ts'
import type { Source } from './source.ts'
import { asPeople } from './texts.ts'

/** A service as read, its `depends` not yet looked into. */
export interface ReadService {
  readonly id: string
  readonly source: Source
  /** Null: it has no name. */
  readonly service: Omit<Service, 'checks'> | null
  readonly checks: readonly ReadCheck[]
  readonly depends: readonly Dependence[]
  /** False: it may have checks that couldn't be read, so what it seems to lack is nobody's mistake. */
  readonly whole: boolean
}

export interface Given {
  readonly whole: Whole
  readonly secret: Meanings['secret']
  readonly kinds: Readonly<Record<string, ProbeKind>>
  readonly authorities: Convert<readonly string[]>
}

/** Reads a service file. Never throws; what is wrong is told to the source. */
export function readService(id: string, source: Source, given: Given): ReadService {
  const nothing: ReadService = { id, source, service: null, checks: [], depends: [], whole: false }
  if (!source.readable) return nothing
  if (source.root === null) {
    source.complain(0, 'the file is empty: it needs `service` and one check')
    return nothing
  }
  const observer = given.whole.configuration?.site.role === 'observer'
  const meanings: Meanings = { domain: given.whole.domain, secret: observer ? noSecret : given.secret }
  const reader = createReader(source, meanings)
  const fields = asFields(reader, wholeOf(reader, 'a service', source.root))
  if (!fields) return nothing
  const { whole } = given
  const name = fields.need('service', asPeople(whole.languages))
  const group = fields.read('group', asGroup(whole.groups)) ?? null
  const audience: Audience = fields.read('audience', asOneOf(AUDIENCES)) ?? 'members'
  const about = fields.read('about', asPeople(whole.languages)) ?? null
  const url = fields.read('url', asPublicUrl()) ?? null
  const depends = readDepends(fields)
  const inherited = readOverrides(fields)
  if (inherited.every !== undefined) compare(fields, inherited)
  const ca = [...whole.ca, ...(fields.read('ca', given.authorities) ?? [])]
  const sites = whole.sites?.map((site) => site.id)
  const around = {
    source,
    meanings,
    kinds: given.kinds,
    service: id,
    audience,
    sites,
    observer,
    policy: whole.policy,
    inherited,
    ca,
    authorities: given.authorities,
  }
  const read = fields.need('checks', asEntries)?.flatMap((entry): readonly (ReadCheck | undefined)[] => {
    if (!namesPreset(entry, around)) return [readCheck(entry, around)]
    return readPreset(entry, around) ?? [undefined]
  })
  const checks = read?.filter((check) => check !== undefined) ?? []
  complainOfTwins(source, checks)
  if (whole.configuration?.replica === false) warnOfPrivate(source, checks)
  fields.close((key) =>
    key === 'preset' ? { message: '`preset` stands under `checks`', hint: 'checks: [{ preset: … }]' } : undefined,
  )
  if (audience === 'members' && read && checks.length === read.length && checks.length > 0) {
    if (checks.every(({ check }) => check.audience === 'admins')) {
      source.warn(
        fields.placeOf('checks'),
        'every check is for admins alone: members will always read unknown',
        'audience: admins for the whole service',
      )
    }
  }
  return {
    id,
    source,
    service: name === undefined ? null : { id, name, group, about, url, audience },
    checks,
    depends,
    whole: checks.length > 0 && read?.length === checks.length && checks.every(({ identified }) => identified),
  }
}

const asEntries: Convert<Entry[]> = (reader, entry) => {
  const entries = entriesOf(reader, entry)
  if (entries?.length === 0) reader.source.complain(entry.at, 'a service needs one check at least')
  return entries
}

/** What is refused whenever it is looked at, as far as nothing must be looked up to know. */
function warnOfPrivate(source: Source, checks: readonly ReadCheck[]): void {
  for (const { check, configured, at } of checks) {
    const host = configured.connect?.host ?? hostIn(check.target)
    const isHere = host === 'localhost' || (familyOf(host) !== null && !isPublic(host))
    if (configured.allowPrivate || check.heartbeat !== null || !isHere) continue
    source.warn(at, `${host} is no public address: ${check.id} is never looked at`, 'allow_private: true')
  }
}

/** The host in a target: a URL, `host:port` or a host; else what is written. */
function hostIn(target: string): string {
  const written = /^https?:/i.test(target) && URL.canParse(target) ? new URL(target).host : target
  return (parseHostPort(written)?.host ?? parseHost(written) ?? written).toLowerCase()
}

/** Ids key the history: two checks can't share one. */
function complainOfTwins(source: Source, checks: readonly ReadCheck[]): void {
  const seen = new Set<string>()
  for (const { check, at, named, identified } of checks) {
    if (!identified) continue
    const id = check.id.slice(check.service.length + 1)
    if (seen.has(id)) {
      const what = named ? `the id ${quote(id)} is here twice` : `another check of this service has the id ${quote(id)}`
      source.complain(at, what, named ? null : 'give one of them an id of its own: `id: …`')
    }
    seen.add(id)
  }
}

function asGroup(groups: Whole['groups']): Convert<string> {
  return (reader, entry) => {
    const id = asText(reader, entry)
    if (id === undefined || groups === undefined || groups.some((group) => group.id === id)) return id
    const meant = nearest(
      id,
      groups.map((group) => group.id),
    )
    const known = groups.length > 0 ? `there are ${groups.map((group) => group.id).join(', ')}` : 'site.yaml lists none'
    reader.source.complain(entry.at, `unknown group ${quote(id)}`, meant ? `did you mean ${quote(meant)}?` : known)
    return undefined
  }
}
