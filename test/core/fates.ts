// What befalls services, told in a line each, and the letters that follow when time goes by in steps of five seconds.

import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { type AlertMemory, type Case, decideLetters, NO_ALERTS, type Parent } from '../../src/core/verdict/alert.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import type { Outage } from '../../src/core/verdict/outage.ts'
import { POLICY } from './policy.ts'

const START = Date.UTC(2026, 10, 23, 9)
const STEP = 5

export interface Fate {
  readonly service: string
  /** An outage of its checks for admins alone. */
  readonly admins?: boolean
  readonly parents: readonly string[]
  /** `suspect`: a look of it failed; `maintenance`, `unstable`: as the service is then; else an outage. */
  readonly kind: 'down' | 'partial' | 'road' | 'suspect' | 'maintenance' | 'unstable'
  readonly from: number
  readonly to: number
  /** How long after its first fail it was sure. */
  readonly lag: number
  /** When a partial outage is confirmed. */
  readonly downFrom: number
}

/**
 * `mail<host 10-600`: mail, that depends on host, is down from second 10 to 600. `mail~ 0-900` is partial, `mail~60`
 * partial and down from second 60, `mail/` behind a bad road; `suspect:host 0-20` and so on. `mail 10+30-600` failed
 * first at second 10 and was sure 30 seconds later; `mail! 0-600` fails for admins only.
 */
export function fatesOf(story: string): readonly Fate[] {
  return story.split(' · ').map((line) => {
    const parts =
      /^(?:(suspect|maintenance|unstable):)?(\w+)(!?)(?:<([\w,]+))?([~/]?)(\d*) (\d+)(?:\+(\d+))?-(\d+)$/.exec(line)
    if (parts === null) throw new Error(`no fate: ${line}`)
    const [, state, service, admins, parents, mark, downFrom, from, lag, to] = parts
    const measured = mark === '~' ? 'partial' : mark === '/' ? 'road' : 'down'
    return {
      service: service!,
      admins: admins === '!',
      parents: parents?.split(',') ?? [],
      kind: (state ?? measured) as Fate['kind'],
      from: Number(from),
      to: Number(to),
      lag: Number(lag ?? 0),
      downFrom:
        downFrom === '' || downFrom === undefined ? (mark === '' ? 0 : Number.POSITIVE_INFINITY) : Number(downFrom),
    }
  })
}

export interface Told {
  readonly second: number
  readonly letter: Letter
}

/** All letters until second `until`. `restart`: what is remembered goes through JSON at every step. */
export function lettersOf(fates: readonly Fate[], until: number, restart = false): readonly Told[] {
  return live(fates, until, restart).told
}

/** What was done by second `until` about the outages that are open then, by their id. */
export function alarmsOf(story: string, until: number): AlertMemory['alarms'] {
  return live(fatesOf(story), until, false).memory.alarms
}

function live(fates: readonly Fate[], until: number, restart: boolean) {
  const told: Told[] = []
  let memory: AlertMemory = NO_ALERTS
  const outages = fates.filter(({ kind }) => kind === 'down' || kind === 'partial' || kind === 'road')
  const during = (kind: Fate['kind'], service: string, second: number) =>
    fates.some((one) => one.kind === kind && one.service === service && one.from <= second && second < one.to)

  for (let second = 0; second <= until; second += STEP) {
    const cases = outages.flatMap((fate): Case[] => {
      const over = second >= fate.to
      const begin = fate.from + fate.lag
      if (second < begin || (over && (second - STEP >= fate.to || second - STEP < begin))) return []
      return [
        {
          ...caseOf(
            fate,
            second,
            during('maintenance', fate.service, second),
            during('unstable', fate.service, second),
            workOver(fate, second),
          ),
          shown: fate.admins === true ? parentAt(fate.service, second) : null,
        },
      ]
    })
    const now = START + second * SECOND
    const { letters, memory: next } = decideLetters(cases, parentsAt(second), memory, POLICY, now)
    memory = restart ? (JSON.parse(JSON.stringify(next)) as AlertMemory) : next
    for (const letter of letters) told.push({ second, letter })
  }
  return { told, memory }

  /** The second at which the work ended that an outage began in; null: it goes on, or there was none. */
  function workOver({ service, from, lag }: Fate, second: number): number | null {
    const [work] = fates.filter(
      (one) => one.kind === 'maintenance' && one.service === service && one.from <= from + lag && from + lag < one.to,
    )
    return work === undefined || second < work.to ? null : work.to
  }

  function parentsAt(second: number): ReadonlyMap<string, Parent> {
    const ids = new Set(fates.flatMap((fate) => fate.parents))
    return new Map([...ids].map((id) => [id, parentAt(id, second)]))
  }

  function parentAt(id: string, second: number): Parent {
    const own = outages.filter((fate) => fate.service === id && fate.admins !== true && fate.from + fate.lag <= second)
    const open = own.find((fate) => second < fate.to)
    const [last] = own.filter((fate) => fate.to <= second).sort((a, b) => b.to - a.to)
    const children = new Set(fates.filter(({ parents }) => parents.includes(id)).map(({ service }) => service))
    return {
      id,
      name: { en: id },
      service: id,
      outage: open === undefined ? null : idOf(open),
      sure: open !== undefined && open.downFrom <= second,
      suspect: open === undefined && during('suspect', id, second),
      back:
        last === undefined
          ? null
          : { outage: idOf(last), since: START + last.to * SECOND, sure: last.downFrom < last.to },
      children: children.size,
      patience: 85 * SECOND,
    }
  }
}

export function idOf(fate: Fate): string {
  return `${fate.service}${fate.admins === true ? '-admins' : ''}-${fate.from}`
}

function caseOf(fate: Fate, second: number, maintenance: boolean, unstable: boolean, workOver: number | null): Case {
  const confirmed = fate.downFrom < fate.to && second >= fate.downFrom
  const since = START + fate.from * SECOND
  const opened = START + (fate.from + fate.lag) * SECOND
  const outage: Outage = {
    id: idOf(fate),
    service: fate.service,
    audience: fate.admins === true ? 'admins' : 'members',
    since,
    opened,
    confirmed,
    confirmedAt: confirmed ? Math.max(opened, START + fate.downFrom * SECOND) : null,
    planned: false,
    checks: [`${fate.service}.http`],
    ended: second < fate.to ? null : START + fate.to * SECOND,
    ...(workOver === null ? {} : { countedFrom: START + workOver * SECOND }),
  }
  const note = fate.kind === 'road' && !confirmed ? 'road' : confirmed ? 'confirmed' : 'disagree'
  const affected = {
    outage: outage.id,
    service: fate.service,
    name: { en: fate.service },
    since,
    lastGood: null,
    confidence: { confirmed: 1, of: 1, sites: ['home'], note },
    rule: '1',
    checks: [],
  } as const
  const unstableThread = unstable ? `${fate.service}-comes-and-goes` : null
  return {
    outage,
    affected,
    muted: maintenance,
    unstable,
    unstableThread,
    grace: 2 * MINUTE,
    parents: fate.parents,
    shown: null,
  }
}

/** `70 down host+mail`: at second 70 a letter says host down and speaks of mail; `?host` suspects host. */
export function inWords({ second, letter: { news } }: Told): string {
  const names = (list: readonly { readonly service: string }[]) => list.map(({ service }) => service).join(',')
  if (news.kind === 'down') {
    const children = news.children.length === 0 ? '' : `+${names(news.children)}`
    return `${second} down ${names(news.affected)}${children}${news.suspected === null ? '' : `?${news.suspected.id}`}`
  }
  if (news.kind === 'partial') return `${second} partial ${names([news.affected, ...(news.others ?? [])])}`
  if (news.kind === 'up') return `${second} up ${names(news.over.map(({ affected }) => affected))}`
  return `${second} ${news.kind}`
}

/** All letters of a story, in words. */
export function letters(story: string, until = 3000): readonly string[] {
  return lettersOf(fatesOf(story), until).map(inWords)
}

/** `each('abc', '0-600')`: the same fate for services a, b and c. */
export function each(names: string, fate: string): string {
  return [...names].map((name) => `${name}${fate.startsWith('<') ? '' : ' '}${fate}`).join(' · ')
}
