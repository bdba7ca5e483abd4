// Takes what people hand in and puts it on the board, or says what is in the way; nothing is said by halves.

import type { Configuration } from '../core/check.ts'
import { nameFrom } from '../core/ledger/payload.ts'
import type { Acknowledgement } from '../core/said/acknowledgement.ts'
import type { Incident } from '../core/said/incident.ts'
import type { Maintenance } from '../core/said/maintenance.ts'
import { readCancel, readOverride, readPlan, readPlanChange, readProlong } from '../core/said/maintenance-submission.ts'
import type { Answer, Post, Refusal, Sender } from '../core/said/post.ts'
import {
  asProse,
  NOTHING_PREPARED,
  type Read,
  readCorrection,
  readOpening,
  readSubmission,
  readUpdate,
  type Submission,
  type Surroundings,
  wrong,
} from '../core/said/submission.ts'
import { DAY, type Instant } from '../core/time/time.ts'
import type { Board, Sayings } from './board.ts'
import type { Drafts } from './drafts.ts'
import { createTemplates } from './templates.ts'

export interface PostDeps {
  readonly board: Board
  readonly drafts: Drafts
  /** Takes on those of these outages that are open. */
  readonly take: (outages: readonly string[], by: string) => readonly Acknowledgement[]
  readonly configuration: () => Configuration
  readonly now: () => Instant
  /** As many random bytes as asked for. */
  readonly random: (length: number) => Uint8Array
}

/** How far ahead a time of repeating work can be named. */
const AHEAD = 400 * DAY

/** Whoever repeats a request with its key gets what came of it, as that stands now; with another's, a conflict. */
export function createPost({ board, drafts, take, configuration, now, random }: PostDeps): Post {
  const templates = createTemplates({ configuration, able: drafts.able, now })
  return {
    drafts: drafts.all,
    templates: templates.all,
    dismiss: (id) => (drafts.dismiss(id) ? { done: { id } } : nothing('draft')),
    incident: {
      open: (handed, from) => {
        const opening = read(handed, (submission) => {
          const draft = submission.take('draft', asDraft)
          const template = submission.take('template', templates.named)
          const drafted = draft && { ...draft, words: () => draft }
          const prepared = drafted ?? template ?? NOTHING_PREPARED
          return { ...readOpening(submission, prepared), outages: draft?.outages ?? [] }
        })
        return finish(opening, from, board.incident, (words) => {
          const [draft] = words.outages // whoever publishes it elsewhere, not knowing of this, gives it the same name
          const id = draft === undefined ? newName(from, 'incident') : nameFrom(`incident draft ${draft}`)
          return say('incident.open', { ...saidBy(from, id), ...words, update: newName(from, 'update') })
        })
      },
      update: (id, handed, from) =>
        onIncident(id, from, ({ status }) => {
          const update = read(handed, (submission) => readUpdate(submission, status))
          return finish(update, from, board.incident, (words) =>
            say('incident.update', { ...saidBy(from, id), ...words, update: newName(from, 'update') }),
          )
        }),
      correct: (id, handed, from) =>
        onIncident(id, from, () =>
          finish(read(handed, readSome(readCorrection)), from, board.incident, (words) =>
            say('incident.correct', { ...saidBy(from, id), ...words, update: null, text: null }),
          ),
        ),
      reword: (id, update, handed, from) =>
        onIncident(id, from, (incident) => {
          if (!hasUpdate(incident, update)) return nothing('update')
          const words = read(handed, ({ need }) => ({ text: need('text', asProse) }))
          return finish(words, from, board.incident, ({ text }) =>
            say('incident.correct', { ...saidBy(from, id), ...UNCHANGED, update, text }),
          )
        }),
      retract: (id, update, from) =>
        onIncident(id, from, (incident) => {
          if (update !== null && !hasUpdate(incident, update)) return nothing('update')
          if (update !== null && incident.updates[0].id === update)
            return conflict('the first update opened the incident: correct it, or take back the incident')
          say('incident.retract', { ...saidBy(from, id), update })
          return { done: board.incident(id)! }
        }),
      postmortem: (id, handed, from) =>
        onIncident(id, from, () => {
          const words = read(handed, ({ take }) => ({ text: take('text', asProse) }))
          return finish(words, from, board.incident, ({ text }) =>
            say('incident.postmortem', { ...saidBy(from, id), text, clear: text === null }),
          )
        }),
    },
    maintenance: {
      plan: (handed, from) =>
        finish(
          read(handed, (submission) => {
            const template = submission.take('template', templates.named)
            return readPlan(submission, template ?? NOTHING_PREPARED)
          }),
          from,
          board.maintenance,
          (words) => say('maintenance.plan', { ...saidBy(from, newName(from, 'maintenance')), ...words }),
        ),
      change: (id, handed, from) =>
        onMaintenance(id, from, (maintenance) => {
          const change = read(
            handed,
            readSome((submission) => readPlanChange(submission, maintenance)),
          )
          return finish(change, from, board.maintenance, (words) =>
            say('maintenance.change', { ...saidBy(from, id), ...words }),
          )
        }),
      prolong: (id, handed, from) =>
        onMaintenance(id, from, () => {
          const wanted = read(handed, (submission) => readProlong(submission, timesOf(id)))
          return finish(wanted, from, board.maintenance, (words) =>
            say('maintenance.prolong', { ...saidBy(from, id), ...words! }),
          )
        }),
      cancel: (id, handed, from) =>
        onMaintenance(id, from, () => {
          const wanted = read(handed, (submission) => readCancel(submission, timesOf(id)))
          if ('read' in wanted && timesOf(id).length === 0) return conflict('all of it is over')
          return finish(wanted, from, board.maintenance, (words) =>
            say('maintenance.cancel', { ...saidBy(from, id), ...words }),
          )
        }),
      update: (id, handed, from) =>
        onMaintenance(id, from, () => {
          const words = read(handed, ({ need }) => ({ text: need('text', asProse) }))
          return finish(words, from, board.maintenance, ({ text }) =>
            say('maintenance.update', { ...saidBy(from, id), update: newName(from, 'update'), text }),
          )
        }),
    },
    acknowledge: (outages, { by }) => {
      const [first, ...others] = take(outages, by)
      return first === undefined ? nothing('outage') : { done: [first, ...others] }
    },
    override: (service, handed, from) => {
      if (!surroundings().services.includes(service)) return nothing('service')
      const said = { service, by: from.by, at: Math.floor(now()), key: scoped(from) }
      const words =
        handed === null ? { read: { status: null, until: said.at, text: null } } : read(handed, readOverride)
      const standing = (id: string) => board.override(id, now())
      return finish(words, from, standing, (override) => {
        board.say('override', { ...said, ...override })
        return service
      })
    },
  }

  function surroundings(): Surroundings {
    const { languages, services, timezone } = configuration()
    return { languages, services: services.map(({ id }) => id), timezone, now: Math.floor(now()) }
  }

  function asDraft(value: unknown) {
    const there = drafts.all().map(({ id }) => id)
    const known =
      there.length === 0 ? 'there is none' : `there ${there.length === 1 ? 'is' : 'are'} ${there.join(', ')}`
    return (
      drafts.get(String(value)) ?? wrong(`is not among the drafts (its outage is over, or it was published): ${known}`)
    )
  }

  function read<T>(handed: unknown, reading: (submission: Submission) => T) {
    return readSubmission(handed ?? {}, surroundings(), reading)
  }

  /** Says it unless it was read with mistakes or said before, and answers with what became of it. */
  function finish<W, T>(
    words: Read<W>,
    from: Sender,
    get: (id: string) => T | undefined,
    sayIt: (words: W) => string,
  ): Answer<T> {
    const before = madeBy(from)
    const known = before === undefined ? undefined : get(before)
    if (known !== undefined) return { done: known }
    if (before !== undefined) return conflict(KEY_TAKEN)
    if ('mistakes' in words) return { refused: 'invalid', mistakes: words.mistakes }
    return { done: get(sayIt(words.read)) as T }
  }

  function say<K extends 'incident.open' | keyof Sayings>(
    type: K,
    payload: Sayings[K] & { readonly id: string },
  ): string {
    board.say(type, payload)
    return payload.id
  }

  function saidBy({ by, key }: Sender, id: string) {
    return { id, by, at: Math.floor(now()), key: scoped({ by, key }) }
  }

  function madeBy(from: Sender): string | undefined {
    const key = scoped(from)
    return key === null ? undefined : board.made(key)
  }

  function onIncident(id: string, from: Sender, act: (incident: Incident) => Answer<Incident>): Answer<Incident> {
    const incident = board.incident(id)
    if (incident === undefined) return nothing('incident')
    const before = madeBy(from)
    if (before !== undefined) return before === id ? { done: incident } : conflict(KEY_TAKEN)
    return incident.retracted ? conflict('this incident was taken back') : act(incident)
  }

  function onMaintenance(
    id: string,
    from: Sender,
    act: (maintenance: Maintenance) => Answer<Maintenance>,
  ): Answer<Maintenance> {
    const maintenance = board.maintenance(id)
    if (maintenance === undefined) return nothing('maintenance')
    const before = madeBy(from)
    if (before !== undefined) return before === id ? { done: maintenance } : conflict(KEY_TAKEN)
    return maintenance.cancelled === null ? act(maintenance) : conflict('this maintenance was called off')
  }

  /** Of one maintenance, those not over yet. */
  function timesOf(id: string) {
    const at = now()
    return board
      .occurrences(at, at + AHEAD)
      .filter(({ maintenance, cancelled }) => maintenance.id === id && cancelled === null)
  }

  /**
   * 62 random bits: no two sites ever make the same. What vigie says by itself it says on every site, so its names come
   * from what it is about, and both say one thing.
   */
  function newName({ by, key }: Sender, what: string): string {
    if (by === 'vigie' && key !== null) return nameFrom(`${what} ${key}`)
    return Array.from(random(12), (byte) => (byte % 36).toString(36)).join('')
  }
}

const UNCHANGED = { title: null, impact: null, services: null, started: null, raises: null } as const

const KEY_TAKEN = 'this idempotency key was used for something else'

/** Two people's keys are two. */
function scoped({ by, key }: Sender): string | null {
  return key === null ? null : `${by} ${key}`
}

/** Changing nothing is a mistake. */
function readSome<T extends object>(reading: (submission: Submission) => T): (submission: Submission) => T {
  return (submission) => {
    const words = reading(submission)
    if (Object.values(words).every((value) => value === null)) submission.complain('body', 'changes nothing')
    return words
  }
}

function hasUpdate({ updates }: Incident, id: string): boolean {
  return updates.some((update) => update.id === id)
}

function nothing(what: string): Refusal {
  return { refused: 'unknown', mistakes: [{ field: what, message: `there is no such ${what}` }] }
}

function conflict(message: string): Refusal {
  return { refused: 'conflict', mistakes: [{ field: 'body', message }] }
}
