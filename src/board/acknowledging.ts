// "I have seen it": from the link of an alert mail, from admin or the API, to the ledger, the page and the other admins.

import { reachableAt } from '../core/reachable.ts'
import type { Acknowledgement } from '../core/said/acknowledgement.ts'
import type { Text } from '../core/text.ts'
import type { Instant } from '../core/time/time.ts'
import { type Letter, recipientsOf } from '../core/verdict/letter.ts'
import { begunAt } from '../core/verdict/outage.ts'
import type { Memory } from '../memory.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Board } from './board.ts'

/** An outage that is open, and who takes it on. */
interface OpenOutage {
  readonly id: string
  readonly name: Text
  readonly since: Instant
  readonly acknowledgement: Acknowledgement | null
}

export interface Acknowledging {
  /**
   * Where whoever a letter goes to takes its outages on: here, or where this site has no address, at another. Null where
   * it tells of none, nobody knows where we are, or this site is an observer, whose word that isn't.
   */
  link(letter: Letter, to: string): string | null
  /** The outages that a link's token is about, as far as they are still open. Null: nobody was sent that token. */
  about(token: string): readonly OpenOutage[] | null
  /** Takes them on, once, as whoever the token was sent to. False: nobody was sent that token. */
  accept(token: string): boolean
  /**
   * Takes on those that are open, in one letter: a reply to what was told of the first that nobody took on. None are: there
   * is no such outage, or it is over.
   */
  take(outages: readonly string[], by: string): readonly Acknowledgement[]
}

/**
 * What is taken on is in the ledger, with the letter that tells the others, when `accept` or `take` returns; they throw
 * what it throws. A token never runs out: it speaks of what is open when it is used, at any site that knows its sender
 * as a full one.
 */
export function createAcknowledging(deps: {
  readonly memory: Memory
  readonly board: Pick<Board, 'acknowledgement' | 'isSame'>
  readonly ledger: Pick<Ledger, 'remember'>
  /** This site's signature over what a link says. */
  vouch(said: string): string
  /** Whether a site signed it. */
  isVouched(site: string, said: string, signature: string): boolean
  /** A letter waits in the outbox. */
  wrote(): void
  now(): Instant
}): Acknowledging {
  const { memory, board, ledger, now } = deps
  return { link, about, accept, take }

  function link(letter: Letter, to: string): string | null {
    const { site, sites } = memory.configuration
    if (site.role === 'observer' || !asks(letter)) return null
    const url = reachableAt(sites, site.id, ['full'])
    return url === null ? null : new URL(`/admin/ack/${tokenFor(letter.thread, to)}`, url).href
  }

  /** What comes and goes may be well just now: then there is nothing to take on. */
  function asks({ news, thread }: Letter): boolean {
    if (news.kind === 'unstable' || news.kind === 'settled') return openIn(thread).length > 0
    return news.kind === 'down' || news.kind === 'partial'
  }

  function about(token: string): readonly OpenOutage[] | null {
    const sent = readToken(token)
    return sent === null ? null : openIn(sent.thread)
  }

  /** The open outages that letters of a thread tell of. */
  function openIn(told: string): readonly OpenOutage[] {
    const { alarms } = memory.alerts
    const isOf = (thread: string) => board.isSame(thread, told)
    const letters = new Set(Object.values(alarms).flatMap(({ thread, letter }) => (isOf(thread) ? (letter ?? []) : [])))
    return openOutages().filter(({ id }) => {
      const alarm = alarms[id]
      return (
        isOf(id) || (alarm !== undefined && isOf(alarm.thread)) || (alarm?.letter != null && letters.has(alarm.letter))
      )
    })
  }

  function accept(token: string): boolean {
    const sent = readToken(token)
    if (sent === null) return false
    acknowledge(about(token) ?? [], `mail:${sent.to}`, sent.thread)
    return true
  }

  function take(outages: readonly string[], by: string): readonly Acknowledgement[] {
    const open = openOutages()
    const found = [...new Set(outages.flatMap((outage) => open.filter(({ id }) => board.isSame(id, outage))))]
    const first = found.find(({ acknowledgement }) => acknowledgement === null) ?? found[0]
    if (first === undefined) return []
    acknowledge(found, by, memory.alerts.alarms[first.id]?.thread ?? first.id)
    return found.flatMap(({ id }) => board.acknowledgement(id) ?? [])
  }

  function acknowledge(outages: readonly OpenOutage[], by: string, thread: string) {
    const fresh = outages.filter(({ acknowledgement }) => acknowledgement === null)
    if (fresh.length === 0) return
    const at = Math.floor(now())
    const news = { kind: 'acknowledged' as const, by, outages: fresh.map(({ id, name }) => ({ id, name })) }
    const letter: Letter = { key: `${fresh[0]!.id}:ack`, event: 'down', thread, at, news }
    // Whoever takes an outage on knows it.
    const recipients = recipientsOf(letter, memory.configuration.alerts).filter((to) => by !== `mail:${to}`)
    ledger.remember({
      living: new Map(),
      entries: fresh.map(({ id }) => ({ type: 'ack', payload: { outage: id, by, at } satisfies Acknowledgement })),
      letters: [{ letter, recipients }],
    })
    deps.wrote()
  }

  function openOutages(): readonly OpenOutage[] {
    return [...memory.services].flatMap(([service, { outages }]) => {
      const name = memory.serviceById.get(service)?.name ?? { en: service }
      return [outages.members, outages.admins].flatMap((outage) =>
        outage === null
          ? []
          : [{ id: outage.id, name, since: begunAt(outage), acknowledgement: board.acknowledgement(outage.id) }],
      )
    })
  }

  /** What it is about, whom it was sent to and by which site, signed: nobody makes one up, and each site knows it. */
  function tokenFor(thread: string, to: string): string {
    const said = Buffer.from(`${thread}\n${to}\n${memory.configuration.site.id}`).toString('base64url')
    return `${said}.${deps.vouch(said)}`
  }

  function readToken(token: string): { readonly thread: string; readonly to: string } | null {
    const [, said, signature] = /^([\w-]{4,800})\.([\w-]{86})$/.exec(token) ?? []
    if (said === undefined) return null
    const [thread = '', to = '', from = ''] = Buffer.from(said, 'base64url').toString().split('\n')
    const sender = memory.configuration.sites.find(({ id }) => id === from)
    return sender?.role === 'full' && deps.isVouched(from, said, signature!) ? { thread, to } : null
  }
}
