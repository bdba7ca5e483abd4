// One entry of `checks:`.
import type { Ability } from '../core/ability.ts'
import { AUDIENCES, type Audience, type Check } from '../core/check.ts'
import type { HostPort } from '../core/settings.ts'
import type { Plan, ProbeKind } from '../probes/kind.ts'
import { definitionOf, originOf } from './edition.ts'
import { asFields, entriesOf, type Fields } from './fields.ts'
import { readFrom } from './from.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Meanings } from './placeholders.ts'
import { asHostPort } from './places.ts'
import { type Convert, createReader, type Entry, silent } from './reader.ts'
import { compare, type Overrides, readOverrides, ruleFrom } from './rule.ts'
import { asFilled, asFlag, asId, asOneOf, asText, listed } from './scalars.ts'
import { formsOf, type Observer, settingsOf } from './settings.ts'
import { type Source, spellOut } from './source.ts'

/** What whoever carries out a check needs beside the rules: with secrets in it. */
export interface ConfiguredCheck {
  readonly plan: Plan
  /** Names what `plan` was made of, values of secrets included: one that was made of the same does the same. */
  readonly origin: string
  readonly connect: HostPort | null
  readonly allowPrivate: boolean
  /** Further trusted roots as PEM, `policy`'s included. */
  readonly ca: readonly string[]
  /** What must never be seen: take it out of notes. */
  readonly secrets: readonly string[]
}

/** An id in a `depends`, where it stands. */
export interface Dependence {
  readonly id: string
  readonly at: number
}

/** A check as read, its `depends` not yet looked into. */
export interface ReadCheck {
  readonly check: Check
  readonly configured: ConfiguredCheck
  readonly depends: readonly Dependence[]
  /** Where its id, or else its kind, stands. */
  readonly at: number
  /** The id was written, not taken from the kind. */
  readonly named: boolean
  /** False: its id is a stand-in, as it was written wrong. */
  readonly identified: boolean
}

/** What a check is read with. */
export interface Circumstances {
  readonly source: Source
  readonly meanings: Meanings
  readonly kinds: Readonly<Record<string, ProbeKind>>
  readonly service: string
  readonly audience: Audience
  readonly sites: readonly string[] | undefined
  /** This site looks without logins. */
  readonly observer: boolean
  readonly policy: Overrides
  readonly inherited: Overrides
  readonly ca: readonly string[]
  readonly authorities: Convert<readonly string[]>
  /** Of a check that a preset made: what it proves, and the secrets that were filled in or are missing. */
  readonly proves?: Ability | null
  /** Of such a check: as it was written, for its definition. */
  readonly written?: unknown
  readonly secrets?: ReadonlySet<string>
  readonly missing?: ReadonlySet<string>
}

const MOST_PARENTS = 100
/** Characters of a token that nobody comes upon. */
const UNGUESSED = 16

/** The keys of every kind (contract 3). */
export const COMMON: readonly string[] =
  'id every timeout retry fall rise slow family connect depends expires_in essential allow_private audience from ca'.split(
    ' ',
  )

/** Reads a check; undefined after a complaint without which nothing can be said of it. */
export function readCheck(entry: Entry, around: Circumstances): ReadCheck | undefined {
  const reader = createReader(around.source, around.meanings)
  const fields = asFields(reader, { ...entry, name: 'a check' })
  if (!fields) return undefined
  const chosen = chooseKind(fields, entry, around)
  const idEntry = fields.entry('id')
  const written = fields.read('id', asId)
  const own = readOverrides(fields)
  let blinded = false
  const observer: Observer = {
    withheld: (within) => {
      blinded ||= within || kindly?.kind.loginMatters === true
    },
  }
  const kindly = chosen && {
    settings: settingsOf(fields, fields.entry(chosen.key)!, around.observer ? observer : null),
    kind: around.kinds[chosen.kind]!,
  }
  const levels = {
    policy: around.policy,
    kind: kindly?.kind.defaults?.(kindly.settings) ?? {},
    service: around.inherited,
    check: own,
  }
  const rule = ruleFrom(levels)
  compare(fields, own, rule.every, around.inherited.timeout === undefined ? levels.kind.timeout : undefined)
  const connect = fields.read('connect', asHostPort())
  const allowPrivate = fields.read('allow_private', asFlag) ?? false
  const ca = fields.read('ca', around.authorities) ?? []
  const depends = readDepends(fields)
  const family = fields.read('family', asOneOf(['4', '6', 'both']))
  const essential = fields.read('essential', asFlag) ?? false
  const audience = fields.read('audience', asOneOf(AUDIENCES)) ?? around.audience
  const placed = kindly?.kind.ownFrom ? undefined : readFrom(fields, around.sites)
  const from = placed ?? kindly?.kind.from ?? 'all'
  if (!chosen || !kindly) {
    fields.close((key) => (nearest(key, COMMON) ? undefined : null))
    return undefined
  }
  const idle = kindly.kind.idle ?? {}
  for (const [key, instead] of Object.entries(idle)) {
    if (fields.keys.includes(key))
      around.source.warn(fields.placeOf(key), `${key} does nothing for ${chosen.kind}`, instead)
  }
  const target = asFilled(reader, fields.entry(chosen.key)!)
  const plan = kindly.kind.configure(kindly.settings)
  if (plan.does === 'wait' && plan.token !== null && plan.token.length < UNGUESSED) {
    around.source.warn(
      fields.placeOf('token'),
      'this token can be guessed: whoever does says that the job ran',
      `${UNGUESSED} characters or more, by chance`,
    )
  }
  if (plan.does === 'wait' && own.every !== undefined) {
    around.source.warn(
      fields.placeOf('every'),
      `every does nothing here: ${chosen.kind} comes as often as its target says`,
    )
  }
  fields.close((key) => secondKind(key, chosen.kind, around.kinds))
  const id = written ?? chosen.kind
  const checkRule = plan.does === 'wait' ? { ...rule, every: plan.period } : rule
  const inherited = { target: target?.shown ?? '', rule: checkRule, domain: around.meanings.domain }
  const missing = new Set([...(around.missing ?? []), ...reader.missing])
  const secrets = new Set([...(around.secrets ?? []), ...reader.secrets])
  const definition = definitionOf(around.written ?? spellOut(entry.node, around.source.resolve), inherited)
  const proves = around.proves === undefined && plan.does === 'look' ? plan.proves : around.proves
  const check: Check = {
    id: `${around.service}.${id}`,
    service: around.service,
    kind: chosen.kind,
    target: target?.shown ?? '',
    definition,
    rule: checkRule,
    family: 'family' in idle ? null : familyFrom(family),
    depends: [],
    essential,
    audience,
    from,
    heartbeat: plan.does === 'wait' ? { period: plan.period, grace: plan.grace, token: plan.token } : null,
    unusable: missing.size === 0 && !blinded ? null : whyNot(missing, around.observer),
    ...(proves ? { proves } : {}),
  }
  return {
    check,
    configured: {
      plan,
      origin: originOf(definition, [...secrets], around.observer),
      connect: 'connect' in idle ? null : (connect ?? null),
      allowPrivate,
      ca: [...new Set([...around.ca, ...ca])],
      secrets: [...secrets].flatMap(formsOf),
    },
    depends,
    at: idEntry?.at ?? fields.placeOf(chosen.key),
    named: idEntry !== undefined,
    identified: idEntry === undefined ? chosen.key === chosen.kind : written !== undefined,
  }
}

function familyFrom(word: '4' | '6' | 'both' | undefined): Check['family'] {
  if (word === undefined || word === 'both') return word ?? null
  return word === '4' ? 4 : 6
}

function whyNot(missing: ReadonlySet<string>, observer: boolean): string {
  if (observer) return 'an observer looks without logins'
  return `the secret ${[...missing].map(quote).join(' and ')} is missing`
}

/** Reads `depends`: ids of services or of checks, with their places. */
export function readDepends(fields: Fields): readonly Dependence[] {
  const entry = fields.entry('depends')
  const items = (entry && entriesOf(fields.reader, entry, true)) ?? []
  if (items.length > MOST_PARENTS) fields.reader.source.complain(entry!.at, `more than ${MOST_PARENTS} parents`)
  return items.slice(0, MOST_PARENTS).flatMap((item) => {
    const id = asText(fields.reader, item)
    return id === undefined ? [] : [{ id, at: item.at }]
  })
}

/** The key that names the kind, and the kind: another one when the key is misspelt. Undefined after a complaint. */
function chooseKind(fields: Fields, entry: Entry, around: Circumstances): { key: string; kind: string } | undefined {
  const names = Object.keys(around.kinds)
  const named = fields.keys.filter((key) => Object.hasOwn(around.kinds, key))
  const strange = fields.keys.filter((key) => !COMMON.includes(key) && !named.includes(key))
  const known = new Map(
    named.map((kind) => [kind, named.length + strange.length > 1 ? keysOf(kind, entry, around) : []]),
  )
  // `tls` is a kind, and a key of mail checks; an unknown kind with such a key is still an unknown kind.
  const foreign =
    strange[0] === fields.keys[0] && named.every((kind) => nearest(strange[0]!, known.get(kind)!) === null)
  const best = named.find((kind) => named.every((other) => known.get(kind)!.includes(other))) ?? named[0]
  if (best !== undefined && (strange.length === 0 || !foreign || known.get(best)!.includes(strange[0]!)))
    return { key: best, kind: best }
  const misspelt = strange.find((key) => nearest(key, names) !== null)
  const key = misspelt ?? strange.find((one) => nearest(one, COMMON) === null)
  if (key === undefined) {
    around.source.complain(entry.at, 'this check names no kind', `one of ${listed(names)}`)
    return undefined
  }
  const meant = nearest(key, names)
  const hint = meant ? `did you mean ${quote(meant)}?` : `there are ${names.join(', ')}`
  around.source.complain(fields.placeOf(key), `unknown kind of check ${quote(key)}`, hint)
  fields.entry(key)
  return meant ? { key, kind: meant } : undefined
}

/** The keys that a kind asks for when it reads this check. */
function keysOf(kind: string, entry: Entry, around: Circumstances): readonly string[] {
  const fields = asFields(createReader(silent(around.source), around.meanings), entry)
  if (!fields) return []
  around.kinds[kind]!.configure(settingsOf(fields, fields.entry(kind)!))
  return [...fields.known]
}

function secondKind(key: string, kind: string, kinds: Readonly<Record<string, ProbeKind>>) {
  if (!Object.hasOwn(kinds, key)) return undefined
  return {
    message: `${quote(key)} is a second kind: this check is ${kind} already`,
    hint: 'an entry of its own for each kind',
  }
}
