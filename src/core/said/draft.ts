// What vigie would tell members of an outage: an incident that waits for somebody to publish it. Facts alone: which
// services, since the first failed look, what still works; nothing of what nobody said.

import { type Language, quoted, say, type Text } from '../text.ts'
import { since } from '../time/letter-moments.ts'
import type { Instant, Millis } from '../time/time.ts'
import { byCause } from '../verdict/by-cause.ts'
import { begunAt, type Outage } from '../verdict/outage.ts'
import type { Status } from '../verdict/service.ts'
import type { Impact } from './incident.ts'

export interface Draft {
  /** The outage that explains the others of it. */
  readonly id: string
  readonly outages: readonly string[]
  readonly title: Text
  readonly text: Text
  readonly impact: Impact
  readonly services: readonly string[]
  /** The first failed look. */
  readonly started: Instant
  /** When it is published by itself; null: never. */
  readonly due: Instant | null
}

/** A service that members see, with a confirmed outage that is open. */
export interface Fallen {
  readonly service: string
  readonly name: Text
  readonly outage: Outage
  readonly status: Status
  /** The service whose fall explains it. */
  readonly cause: string | null
  /** `on peut lire, pas envoyer`; empty where nobody can tell. */
  readonly able: Text
}

export interface DraftRules {
  readonly languages: readonly Language[]
  readonly timezone: string
  /** How many services members see. */
  readonly services: number
  /** After it was confirmed; null: never. */
  readonly publishAfter: Millis | null
}

/** One draft for each service that fell by itself, those it took along in it; the one that fell first comes first. */
export function draftsOf(fallen: readonly Fallen[], rules: DraftRules, now: Instant): readonly Draft[] {
  return byCause(fallen, ({ service, cause }) => ({ id: service, cause }))
    .toSorted((a, b) => begunAt(a.root.outage) - begunAt(b.root.outage))
    .map(({ root, children }) => draftOf(root, children, rules, now))
}

function draftOf(root: Fallen, taken: readonly Fallen[], rules: DraftRules, now: Instant): Draft {
  const all = [root, ...taken]
  const started = Math.min(...all.map(({ outage }) => begunAt(outage)))
  const inEach = (write: (words: Words, language: Language) => string) =>
    Object.fromEntries(rules.languages.map((language) => [language, write(WORDS[language], language)]))
  const whole = root.status === 'major_outage'
  const { publishAfter } = rules
  return {
    id: root.outage.id,
    outages: all.map(({ outage }) => outage.id),
    title: inEach((words, language) => (whole ? words.down : words.partly)(say(root.name, language))),
    text: inEach((words, language) => {
      const name = namedIn(language)(root)
      const begun = since(started, { language, timezone: rules.timezone, now })
      const able = root.able[language] ?? ''
      const others = all.length >= rules.services ? words.all : taken.map(namedIn(language)).join(', ')
      const lead = whole ? words.fails(name, begun) : words.failsPartly(name, begun, able)
      return taken.length === 0 ? lead : `${lead} ${words.others(others)}`
    }),
    impact: all.length >= rules.services ? 'critical' : whole ? 'major' : 'minor',
    services: all.map(({ service }) => service),
    started,
    due: publishAfter === null ? null : surelyBegun(root.outage) + publishAfter,
  }
}

function surelyBegun(outage: Outage): Instant {
  return Math.max(begunAt(outage), outage.confirmedAt ?? outage.opened)
}

function namedIn(language: Language): (one: Fallen) => string {
  return ({ name }) => quoted(say(name, language), language)
}

interface Words {
  readonly down: (name: string) => string
  readonly partly: (name: string) => string
  readonly fails: (name: string, since: string) => string
  readonly failsPartly: (name: string, since: string, able: string) => string
  readonly others: (names: string) => string
  /** When nothing else works. */
  readonly all: string
}

const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    down: (name) => `${name} : en panne`,
    partly: (name) => `${name} : en partie en panne`,
    fails: (name, since) => `${name} ne marche plus ${since}.`,
    failsPartly: (name, since, able) => `${name} : panne partielle ${since}${able === '' ? '' : ` ; ${able}`}.`,
    others: (names) => `Également touchés : ${names}.`,
    all: 'tous les autres services',
  },
  en: {
    down: (name) => `${name}: down`,
    partly: (name) => `${name}: partly down`,
    fails: (name, since) => `${name}: not working ${since}.`,
    failsPartly: (name, since, able) => `${name}: partly down ${since}${able === '' ? '' : `; ${able}`}.`,
    others: (names) => `Also affected: ${names}.`,
    all: 'all other services',
  },
}
