import { describe, expect, it } from 'vitest'
import { createAttendant } from '../../src/board/attendant.ts'
import type { Incident } from '../../src/core/said/incident.ts'
import type { Post } from '../../src/core/said/post.ts'
import { HOUR, MINUTE } from '../../src/core/time/time.ts'
import type { ServiceKnown } from '../../src/core/verdict/known.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { configurationOf, siteOf } from '../core/policy.ts'
import { NOON } from '../core/sayings.ts'

/** An incident of one service that fell at noon, and what admins are reminded of while time passes. */
function stage(services: Record<string, { status: string; since: number }>, updates: readonly number[] = [NOON]) {
  const incident = {
    id: 'iiiiiiiiiiii',
    title: { fr: 'Panne' },
    status: 'investigating',
    automatic: false,
    services: ['mail'],
    started: NOON,
    updates: updates.map((at, index) => ({ id: `u${index}`, at })),
  }
  const letters: Letter[] = []
  let now = NOON
  const attendant = createAttendant({
    memory: {
      services: new Map(Object.entries(services)) as unknown as ReadonlyMap<string, ServiceKnown>,
      configuration: configurationOf([]),
    },
    board: { incidents: () => [incident as unknown as Incident], hadBy: () => new Set() },
    post: { drafts: () => [] } as unknown as Post,
    write: (letter) => letters.push(letter),
    now: () => now,
  })
  return {
    incident,
    at(length: number) {
      now = NOON + length
      attendant.attend()
      return letters.map(({ key }) => key)
    },
  }
}

describe('admins are reminded', () => {
  it('once of an open incident that nobody has written to for two hours, and again after the next word', () => {
    const { at, incident } = stage({ mail: { status: 'major_outage', since: NOON } })
    expect(at(2 * HOUR - 1)).toEqual([])
    expect(at(2 * HOUR)).toEqual(['incident:iiiiiiiiiiii:u0:quiet'])
    expect(at(9 * HOUR).length).toBe(1)
    incident.updates.push({ id: 'u1', at: NOON + 9 * HOUR })
    expect(at(11 * HOUR)).toEqual(['incident:iiiiiiiiiiii:u0:quiet', 'incident:iiiiiiiiiiii:u1:quiet'])
  })

  it('to say that it is over, once all has worked for half an hour', () => {
    const { at } = stage({ mail: { status: 'operational', since: NOON + MINUTE } })
    expect(at(31 * MINUTE - 1)).toEqual([])
    expect(at(31 * MINUTE)).toEqual(['incident:iiiiiiiiiiii:u0:over'])
    expect(at(9 * HOUR).length).toBe(1)
  })

  it('not of that where nothing was measured down since it began, nor half an hour after a word', () => {
    expect(stage({ mail: { status: 'operational', since: NOON - HOUR } }).at(HOUR)).toEqual([])
    expect(stage({ mail: { status: 'unknown', since: NOON + MINUTE } }).at(HOUR)).toEqual([])
    const { at } = stage({ mail: { status: 'operational', since: NOON + MINUTE } }, [NOON, NOON + HOUR])
    expect(at(90 * MINUTE - 1)).toEqual([])
    expect(at(90 * MINUTE)).toEqual(['incident:iiiiiiiiiiii:u1:over'])
  })

  it('of nothing when it is resolved', () => {
    const { at, incident } = stage({ mail: { status: 'operational', since: NOON + MINUTE } })
    incident.status = 'resolved'
    expect(at(9 * HOUR)).toEqual([])
  })
})

describe('what published itself', () => {
  const fallen = { outages: { members: { id: 'mail-1' } } }
  const well = { outages: { members: null } }

  /** Whether `home`, of `home` and `offsite`, ends it; `had`: the sites that had its outage. */
  function ends(services: Record<string, unknown>, ...had: readonly string[]): boolean {
    return storyOf(services, had, NOON).ended
  }

  /** What it does at a moment: ends it, or asks about it. */
  function storyOf(services: Record<string, unknown>, had: readonly string[], at: number) {
    const ended: string[] = []
    const asked: string[] = []
    const incident = {
      id: 'iiiiiiiiiiii',
      status: 'investigating',
      automatic: true,
      services: ['mail'],
      updates: [{ id: 'u1', at: NOON }],
      started: NOON,
    }
    createAttendant({
      memory: {
        services: new Map(Object.entries(services)) as unknown as ReadonlyMap<string, ServiceKnown>,
        configuration: configurationOf([], { sites: [siteOf('home'), siteOf('offsite')] }),
      },
      board: {
        incidents: () => [{ ...incident, outages: ['mail-1'] } as unknown as Incident],
        hadBy: (outage) => new Set(outage === 'mail-1' ? had : []),
      },
      post: { incident: { update: (id: string) => ended.push(id) } } as unknown as Post,
      write: ({ key }) => asked.push(key),
      now: () => at,
    }).attend()
    return { ended: ended.length > 0, asked }
  }

  it('ends when all its services are back where it was seen', () => {
    expect(ends({ mail: fallen }, 'home', 'offsite')).toBe(false)
    expect(ends({ mail: well }, 'home', 'offsite')).toBe(true)
    expect(ends({ mail: well }, 'home')).toBe(true)
  })

  it('is left to those who see it by a site whose checks/ lacks the service or the check', () => {
    expect(ends({}, 'offsite')).toBe(false)
    expect(ends({ mail: well }, 'offsite')).toBe(false)
  })

  it('is asked about where those who see it say nothing for hours', () => {
    const later = storyOf({ mail: well }, ['offsite'], NOON + 9 * HOUR)
    expect(later).toEqual({ ended: false, asked: ['incident:iiiiiiiiiiii:u1:quiet'] })
  })

  it('ends when its service left checks/, and when none is left of those who saw it', () => {
    expect(ends({}, 'home', 'offsite')).toBe(true)
    expect(ends({ mail: well }, 'paris')).toBe(true)
    expect(ends({ mail: well })).toBe(true)
  })
})
