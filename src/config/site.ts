// site.yaml: what is about the whole.
import { isMap, isScalar } from 'yaml'
import type { Configuration, Group, Policy, Site } from '../core/check.ts'
import { LANGUAGES, type Language, type Text } from '../core/text.ts'
import { SECOND } from '../core/time/time.ts'
import { isIPv4, isIPv6, isNetwork, parseHost, parseHostPort } from './address.ts'
import { readPublish } from './copies.ts'
import { warnOfExamples } from './examples.ts'
import { asFields, entriesOf, type Fields, isEmptyList, wholeOf } from './fields.ts'
import { readAlerts, readMail } from './mail.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Meanings } from './placeholders.ts'
import { asHostPort, asUrl } from './places.ts'
import { type Convert, createReader } from './reader.ts'
import { compare, type Overrides, readOverrides, readPolicy } from './rule.ts'
import { asDuration, asFlag, asOneOf, asText, asWritten, isId } from './scalars.ts'
import { chooseSite, readSites, warnOfReplica } from './sites.ts'
import type { Source } from './source.ts'
import { asList, asPeople } from './texts.ts'
import { readPath, readWitnesses } from './witnesses.ts'

/** What the service files need to know of site.yaml. `undefined`: nothing can be said, so nothing is complained of. */
export interface Whole {
  readonly domain: Meanings['domain']
  readonly languages: readonly [Language, ...Language[]]
  readonly groups: readonly (Group & { readonly at: number })[] | undefined
  readonly sites: readonly Site[] | undefined
  readonly policy: Overrides
  readonly ca: readonly string[]
  /** All of it but the services; null when something essential is missing (and was complained of). */
  readonly configuration: Omit<Configuration, 'services' | 'templates' | 'edition' | 'secrets' | 'configured'> | null
}

/** What site.yaml is read with. */
export interface Surroundings {
  readonly secret: Meanings['secret']
  /** VIGIE_DOMAIN, --site, --listen. */
  readonly domain: string | undefined
  readonly site: string | undefined
  readonly listen: string | undefined
  readonly authorities: Convert<readonly string[]>
}

/** Reads site.yaml; `source` undefined: there is none. */
export function readWhole(source: Source | undefined, around: Surroundings): Whole {
  const nothing = {
    domain: undefined,
    languages: LANGUAGES,
    groups: undefined,
    sites: undefined,
    policy: {},
    ca: [],
    configuration: null,
  }
  if (!source?.readable) return nothing
  const first = createReader(source, { secret: around.secret, domain: null })
  if (source.root === null) {
    source.complain(0, 'site.yaml is empty: it needs `name` and one site', 'name: …  sites: { home: {} }')
    return nothing
  }
  const domainIn = asFields(first, wholeOf(first, 'site.yaml', source.root))
  if (!domainIn) return nothing
  const configured = domainIn.read('domain', asDomain)
  const unreadable = configured === undefined && domainIn.keys.includes('domain')
  if (around.domain !== undefined && parseHost(around.domain) === undefined) {
    source.complain(domainIn.placeOf('domain'), 'VIGIE_DOMAIN is no domain name')
  }
  const domain = around.domain ?? (unreadable ? undefined : (configured ?? null))
  const reader = createReader(source, { secret: around.secret, domain })
  const fields = asFields(reader, wholeOf(reader, 'site.yaml', source.root))!
  fields.entry('domain')
  const moved = around.domain !== undefined && around.domain !== configured
  const replica = (fields.read('replica', asFlag) ?? false) && !moved
  const whole = readAll(fields, { domain, replica }, around)
  fields.close()
  return whole
}

function readAll(
  fields: Fields,
  { domain, replica }: { readonly domain: Meanings['domain']; readonly replica: boolean },
  around: Surroundings,
): Whole {
  const languages = readLanguages(fields)
  const name = fields.need('name', asPeople(languages))
  const policyFields = fields.read('policy', asFields)
  const overrides = policyFields ? readOverrides(policyFields) : {}
  if (policyFields) compare(policyFields, overrides)
  const ca = policyFields?.read('ca', around.authorities) ?? []
  const policy: Policy = readPolicy(policyFields)
  policyFields?.close()
  const groups = readGroups(fields, languages)
  const named = readSites(fields, languages)
  const sites = named?.sites
  const site = named && chooseSite(fields, named, around.site)
  const listen = readListen(fields, around.listen)
  const rest = {
    timezone: fields.read('timezone', asTimezone) ?? 'Etc/UTC',
    about: fields.read('about', asPeople(languages)) ?? null,
    contact: fields.read('contact', asContact) ?? null,
    witnesses: readWitnesses(fields, domain ?? null),
    path: readPath(fields, domain ?? null),
    mail: readMail(fields, { domain: domain ?? null, replica }),
    alerts: readAlerts(fields, { domain: domain ?? null, replica }),
    proxy: fields.read('proxy', asList(asProxy, true)) ?? LOCAL_PROXY,
    security: fields.read('security', asContact) ?? null,
    metrics: fields.read('metrics', asMetrics) ?? { token: null },
    admin: fields.read('admin', asAdmin) ?? { lan: false },
    deadman: fields.read('deadman', asUrl())?.href ?? null,
    drafts: fields.read('drafts', asDrafts) ?? { publishAfter: null },
    replica,
    publish: readPublish(fields, sites),
  }
  if (replica) warnOfReplica(fields, sites)
  else warnOfExamples(fields, { name, sites, ...rest })
  const complete = name !== undefined && named !== undefined && site !== undefined && listen !== undefined
  const configuration = complete
    ? {
        name,
        domain: domain ?? null,
        languages,
        groups: (groups ?? []).map(({ id, name }) => ({ id, name })),
        ...named,
        site,
        policy,
        listen,
        ca,
        ...rest,
      }
    : null
  return { domain, languages, groups, sites, policy: overrides, ca, configuration }
}

/** What stands before vigie on this machine says whom it speaks for; whoever else does is not believed. */
const LOCAL_PROXY = ['127.0.0.1', '::1'] as const

const asMetrics: Convert<Configuration['metrics']> = (reader, entry) => {
  const fields = asFields(reader, entry)
  const token = fields?.read('token', asWritten) ?? null
  fields?.close()
  return { token }
}

const asAdmin: Convert<Configuration['admin']> = (reader, entry) => {
  const fields = asFields(reader, entry)
  const lan = fields?.read('lan', asFlag) ?? false
  fields?.close()
  return { lan }
}

const asDrafts: Convert<Configuration['drafts']> = (reader, entry) => {
  const fields = asFields(reader, entry)
  const publishAfter = fields?.read('publish_after', asDuration(SECOND)) ?? null
  fields?.close()
  return { publishAfter }
}

function readLanguages(fields: Fields): Whole['languages'] {
  const found = [...new Set(fields.read('languages', asList(asOneOf(LANGUAGES), true)) ?? LANGUAGES)]
  const [first, ...others] = found
  if (first !== undefined) return [first, ...others]
  const entry = fields.entry('languages')
  if (entry && isEmptyList(entry)) fields.reader.source.complain(entry.at, 'languages names no language')
  return LANGUAGES
}

function readGroups(fields: Fields, languages: Whole['languages']): Whole['groups'] {
  const entry = fields.entry('groups')
  if (!entry) return []
  const { reader } = fields
  const groups: { id: string; name: Text; at: number }[] = []
  const items = entriesOf(reader, entry)
  for (const item of items ?? []) {
    if (!isMap(item.node) || item.node.items.length !== 1) {
      reader.source.complain(item.at, 'a group is its id and its title', '- communication: { fr: …, en: … }')
      continue
    }
    const group = asFields(reader, item)!
    const id = group.keys[0]
    if (id === undefined) continue
    const name = group.read(id, asPeople(languages)) ?? { [languages[0]]: id }
    if (!isId(id))
      reader.source.complain(
        group.placeOf(id),
        `${quote(id)}: a group's id is of lowercase letters, digits and hyphens`,
      )
    else if (groups.some((other) => other.id === id))
      reader.source.complain(group.placeOf(id), `the group ${quote(id)} is here twice`)
    else groups.push({ id, name, at: group.placeOf(id) })
  }
  return items && groups
}

function readListen(fields: Fields, given: string | undefined): Configuration['listen'] | undefined {
  const entry = fields.entry('listen')
  const configured = entry ? fields.read('listen', asListen) : { host: '127.0.0.1', port: 8080 }
  if (given === undefined) return configured
  const found = parseHostPort(given, 0)
  if (!found) {
    // Nothing in the file is wrong: its beginning stands for what was said beside it.
    const hint = /^\d+$/.test(given) ? `127.0.0.1:${given}` : '127.0.0.1:8080'
    fields.reader.source.complain(0, `--listen (or VIGIE_LISTEN) must be host:port, not ${quote(given)}`, hint)
  }
  return found
}

/** A port alone is what most other programs take. */
const asListen: Convert<Configuration['listen']> = (reader, entry) => {
  const port = isScalar(entry.node) ? String(entry.node.value) : ''
  if (!/^\d{1,5}$/.test(port)) return asHostPort(0)(reader, entry)
  reader.source.complain(
    entry.at,
    `${entry.name} must be host:port`,
    `"127.0.0.1:${port}", or "0.0.0.0:${port}" for everybody`,
  )
  return undefined
}

const asDomain: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined) return undefined
  const host = parseHost(text)
  if (host !== undefined && !isIPv4(host) && !isIPv6(host)) return text
  const hint = /^[a-z]+:\/\//i.test(text) ? 'without https:// and path' : null
  reader.source.complain(entry.at, `${entry.name} must be a domain name`, hint)
  return undefined
}

const asTimezone: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined) return undefined
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return text
  } catch {
    const meant = nearest(text, Intl.supportedValuesOf('timeZone'))
    reader.source.complain(
      entry.at,
      `there is no timezone ${quote(text)}`,
      meant ? `did you mean ${quote(meant)}?` : 'such as Europe/Paris',
    )
    return undefined
  }
}

const asContact: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined || (/^(?:mailto|https?|xmpp|tel|matrix):\S+$/.test(text) && URL.canParse(text))) return text
  const hint = /^[^\s@:]+@[^\s@:]+$/.test(text) ? `mailto:${text}` : 'mailto:… or https://…'
  reader.source.complain(entry.at, `${entry.name} must be a link`, hint)
  return undefined
}

const asProxy: Convert<string> = (reader, entry) => {
  const text = asText(reader, entry)
  if (text === undefined || isNetwork(text)) return text
  reader.source.complain(entry.at, `${entry.name} must be an address or a network`, '127.0.0.1, "::1", 10.0.0.0/8')
  return undefined
}
