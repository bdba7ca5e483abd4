import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Board, createBoard } from '../../src/board/board.ts'
import { createPost } from '../../src/board/post.ts'
import type { Answer, Post, Sender } from '../../src/core/said/post.ts'
import { DAY, HOUR, iso, MINUTE } from '../../src/core/time/time.ts'
import { type Ledger, openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { configurationOf, serviceOf } from '../core/policy.ts'
import { NOON } from '../core/sayings.ts'

const configuration = configurationOf(
  [
    serviceOf('mail', [], { name: { fr: 'Courriel', en: 'E-mail' } }),
    serviceOf('pads', [], { name: { fr: 'Pads', en: 'Pads' } }),
    serviceOf('backups', [], { name: { fr: 'Sauvegardes', en: 'Backups' }, audience: 'admins' }),
  ],
  {
    templates: [
      {
        id: 'slow',
        title: { fr: '{services} : au ralenti' },
        text: { fr: '{services} : {what} {since}.' },
        status: 'identified',
        impact: 'critical',
        services: [],
      },
    ],
  },
)
const NO_DRAFTS = { all: () => [], get: () => undefined, able: () => ({}), dismiss: () => false }
const ALICE: Sender = { by: 'alice', key: null }

let dir: string
let now: number
let ledger: Ledger
let board: Board
let post: Post

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-post-'))
  now = NOON + 0.5
  ledger = openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: () => now })
  board = createBoard(ledger)
  post = createPost({
    board,
    drafts: NO_DRAFTS,
    take: () => [],
    configuration: () => configuration,
    now: () => now,
    random: randomBytes,
  })
})
afterEach(() => {
  ledger.close()
  rmSync(dir, { recursive: true, force: true })
})

function done<T>(answer: Answer<T>): T {
  if ('refused' in answer) throw new Error(JSON.stringify(answer))
  return answer.done
}

function faults(answer: Answer<unknown>): readonly string[] {
  return 'refused' in answer
    ? [answer.refused, ...answer.mistakes.map(({ field, message }) => `${field} ${message}`)]
    : []
}

const HANDED = {
  title: 'Courriel en panne',
  text: { fr: 'Nous regardons.', en: 'We are looking.' },
  services: ['mail'],
}

describe('an incident', () => {
  it('is opened with what is said, and sensible words for the rest', () => {
    const incident = done(post.incident.open(HANDED, ALICE))
    expect(incident).toMatchObject({
      title: { fr: 'Courriel en panne' },
      status: 'investigating',
      impact: 'minor',
      started: NOON,
      by: 'alice',
      raises: 'none',
    })
    expect(incident.id).toMatch(/^[a-z0-9]{12}$/)
  })

  it('names every mistake by its field, and says nothing', () => {
    const wrong = {
      title: { fr: 'a\nb' },
      text: { de: 'x' },
      impact: 'huge',
      services: ['mial'],
      started: '2026-11-24T00:00Z',
      bodyy: 1,
    }
    expect(faults(post.incident.open(wrong, ALICE))).toEqual([
      'invalid',
      'started is in the future: work ahead is a maintenance',
      'services names "mial", which is no service; there are mail, pads, backups',
      'title.fr must be one line of at most 200 characters',
      'text "de" is no language: there are fr and en',
      'impact must be one of none, minor, major, critical',
      'bodyy is not known here; there are draft, template, started, services, title, text, status, impact, raises',
    ])
    expect(faults(post.incident.open({}, ALICE))).toEqual(['invalid', 'title is missing', 'text is missing'])
    for (const handed of [[], 'x', 3, true]) expect(faults(post.incident.open(handed, ALICE))[0]).toBe('invalid')
    expect(ledger.heads().size).toBe(0)
  })

  it('takes the words of a template, with its blanks filled', () => {
    const incident = done(
      post.incident.open({ template: 'slow', services: ['mail'], impact: 'major', started: '12:30' }, ALICE),
    )
    expect(incident).toMatchObject({
      title: { fr: 'Courriel : au ralenti' },
      status: 'identified',
      impact: 'major',
      updates: [{ text: { fr: 'Courriel : en panne depuis 12:30.' } }],
    })
    const told = { template: 'slow', services: ['mail'] }
    expect(done(post.incident.open(told, ALICE))).toMatchObject({ status: 'identified', impact: 'critical' })
    expect(faults(post.incident.open({ template: 'slwo' }, ALICE))[1]).toBe('template is not among the templates: slow')
    expect(faults(post.incident.open({ draft: 'web-1' }, ALICE)).join()).toMatch(
      /draft is not among the drafts \(.*\): there is none/,
    )
    expect(post.templates(['mail', 'backups'])).toMatchObject([
      { id: 'slow', title: { fr: 'Courriel, Sauvegardes : au ralenti' }, services: ['mail', 'backups'] },
    ])
    expect(post.templates(['mail', 'pads'])).toMatchObject([{ title: { fr: 'Nos services : au ralenti' } }])
    expect(post.templates([])).toMatchObject([{ title: { fr: 'Nos services : au ralenti' } }])
    const work = { template: 'slow', services: ['pads'], begins: '22:00', for: '1h' }
    expect(done(post.maintenance.plan(work, ALICE)).title).toEqual({ fr: 'Pads : au ralenti' })
  })

  it('goes on, ends with ready words, and opens again', () => {
    const { id } = done(post.incident.open(HANDED, ALICE))
    now += MINUTE
    expect(done(post.incident.update(id, { status: 'identified', text: 'Un disque.' }, ALICE)).status).toBe(
      'identified',
    )
    expect(done(post.incident.update(id, { text: 'Il est changé.' }, ALICE)).status).toBe('identified')
    now += MINUTE
    const ended = done(post.incident.update(id, { status: 'resolved' }, ALICE))
    expect(ended).toMatchObject({ status: 'resolved', resolved: NOON + 2 * MINUTE })
    expect(ended.updates.at(-1)?.text).toEqual({ fr: 'C’est rétabli.', en: 'It is back to normal.' })
    expect(faults(post.incident.update(id, { status: 'monitoring' }, ALICE))).toEqual(['invalid', 'text is missing'])
    expect(done(post.incident.update(id, { status: 'monitoring', text: 'Encore.' }, ALICE)).resolved).toBeNull()
  })

  it('is corrected, reworded, taken back', () => {
    const { id, updates } = done(post.incident.open(HANDED, ALICE))
    const corrected = done(
      post.incident.correct(id, { impact: 'major', services: 'mail, pads', started: '12:30' }, ALICE),
    )
    expect(corrected).toMatchObject({ impact: 'major', services: ['mail', 'pads'], started: NOON - 30 * MINUTE })
    expect(faults(post.incident.correct(id, {}, ALICE))).toEqual(['invalid', 'body changes nothing'])
    expect(done(post.incident.reword(id, updates[0].id, { text: 'Mieux.' }, ALICE)).updates[0].text).toEqual({
      fr: 'Mieux.',
    })
    expect(faults(post.incident.reword(id, 'zzzzzzzzzzzz', { text: 'x' }, ALICE))[0]).toBe('unknown')
    expect(faults(post.incident.retract(id, updates[0].id, ALICE))[0]).toBe('conflict')
    expect(done(post.incident.retract(id, null, ALICE)).retracted).toBe(true)
    expect(faults(post.incident.update(id, { text: 'x' }, ALICE))).toEqual([
      'conflict',
      'body this incident was taken back',
    ])
    expect(faults(post.incident.update('zzzzzzzzzzzz', { text: 'x' }, ALICE))[0]).toBe('unknown')
  })

  it('gets a text of afterwards', () => {
    const { id } = done(post.incident.open(HANDED, ALICE))
    expect(done(post.incident.postmortem(id, { text: 'Pourquoi.\r\nEt comment.' }, ALICE)).postmortem?.text).toEqual({
      fr: 'Pourquoi.\nEt comment.',
    })
    expect(done(post.incident.postmortem(id, null, ALICE)).postmortem).toBeNull()
  })

  it('is opened once by a request that is repeated, also when it is repeated wrongly', () => {
    const keyed = { by: 'token:backup', key: 'a' }
    const first = done(post.incident.open(HANDED, keyed))
    expect(done(post.incident.open(HANDED, keyed))).toEqual(first)
    expect(done(post.incident.open({}, keyed)).id).toBe(first.id)
    expect(done(post.incident.open(HANDED, { ...keyed, by: 'token:other' })).id).not.toBe(first.id)
    done(post.incident.update(first.id, { text: 'x' }, { ...keyed, key: 'b' }))
    expect(done(post.incident.update(first.id, { text: 'x' }, { ...keyed, key: 'b' })).updates.length).toBe(2)
    const other = done(post.incident.open(HANDED, ALICE))
    expect(faults(post.incident.update(other.id, { text: 'x' }, keyed))[0]).toBe('conflict')
    expect(board.incidents().length).toBe(3)
  })
})

describe('maintenance', () => {
  const PLAN = { title: 'Mise à jour', text: 'Nous mettons à jour.', services: ['pads'], begins: '22:00', for: '2h' }

  function times(id: string) {
    return board
      .occurrences(0, NOON + 40 * DAY)
      .filter(({ maintenance }) => maintenance.id === id)
      .map(
        ({ begins, ends, cancelled }) =>
          `${iso(begins).slice(5, 16)} ${iso(ends).slice(5, 16)}${cancelled === null ? '' : ' off'}`,
      )
  }

  it('is planned by the clock: the next time it shows that', () => {
    const { id } = done(post.maintenance.plan(PLAN, ALICE))
    expect(times(id)).toEqual(['11-23T21:00 11-23T23:00'])
    const night = done(post.maintenance.plan({ ...PLAN, for: undefined, ends: '02:00' }, ALICE))
    expect(times(night.id)).toEqual(['11-23T21:00 11-24T01:00'])
    const at = now
    now += 48_000
    const short = done(post.maintenance.plan({ ...PLAN, begins: 'now', for: '2m' }, ALICE))
    // Not cut short by the minute that it begins within.
    expect(times(short.id)).toEqual(['11-23T12:00 11-23T12:03'])
    now = at
    const morning = done(post.maintenance.plan({ ...PLAN, begins: '06:00' }, ALICE))
    expect(times(morning.id)).toEqual(['11-24T05:00 11-24T07:00'])
  })

  it('names every mistake by its field', () => {
    const wrong = {
      ...PLAN,
      services: [],
      begins: '2026-11-30 22:00',
      for: undefined,
      ends: '2026-11-30 21:00',
      repeats: 'FREQ=DAILY',
    }
    expect(faults(post.maintenance.plan(wrong, ALICE))).toEqual([
      'invalid',
      'services must name at least one service',
      'repeats FREQ must be WEEKLY or MONTHLY (such as FREQ=WEEKLY;BYDAY=TU, FREQ=MONTHLY;BYDAY=1MO, or never)',
      'ends must come after `begins`',
    ])
    expect(faults(post.maintenance.plan({ ...PLAN, begins: undefined }, ALICE))).toEqual([
      'invalid',
      'begins is missing',
    ])
    expect(faults(post.maintenance.plan({ ...PLAN, begins: '2026-11-20 22:00' }, ALICE))).toEqual([
      'invalid',
      'ends is over already',
    ])
    expect(faults(post.maintenance.plan({ ...PLAN, for: undefined }, ALICE))[1]).toContain('ends is missing')
    expect(ledger.heads().size).toBe(0)
  })

  it('lasts longer, ends at once, is called off', () => {
    const { id } = done(post.maintenance.plan({ ...PLAN, repeats: 'FREQ=WEEKLY;COUNT=3' }, ALICE))
    done(post.maintenance.prolong(id, { for: '30m' }, ALICE))
    expect(times(id)[0]).toBe('11-23T21:00 11-23T23:30')
    done(post.maintenance.prolong(id, { time: '2026-11-30 22:00', ends: '2026-12-01 03:00' }, ALICE))
    expect(times(id)[1]).toBe('11-30T21:00 12-01T02:00')
    expect(faults(post.maintenance.prolong(id, { time: '2026-12-01 22:00', for: '1h' }, ALICE))).toEqual([
      'invalid',
      'time none of its times begins then',
    ])
    now = Date.parse('2026-11-23T21:30:00.250Z')
    done(post.maintenance.prolong(id, { ends: 'now' }, ALICE))
    expect(times(id)[0]).toBe('11-23T21:00 11-23T21:30')
    done(post.maintenance.cancel(id, { time: '2026-11-30 22:00' }, ALICE))
    expect(times(id).map((time) => time.endsWith('off'))).toEqual([false, true, false])
    done(post.maintenance.cancel(id, {}, ALICE))
    expect(times(id).map((time) => time.endsWith('off'))).toEqual([false, true, true])
    expect(faults(post.maintenance.cancel(id, {}, ALICE))[0]).toBe('conflict')
  })

  it('is changed: words, services, times', () => {
    const { id } = done(post.maintenance.plan(PLAN, ALICE))
    done(post.maintenance.change(id, { services: ['mail'] }, ALICE))
    done(post.maintenance.change(id, { begins: '23:00' }, ALICE))
    expect(times(id)).toEqual(['11-23T22:00 11-24T00:00'])
    done(post.maintenance.change(id, { for: '1h', repeats: 'FREQ=WEEKLY;COUNT=2' }, ALICE))
    expect(times(id)).toEqual(['11-23T22:00 11-23T23:00', '11-30T22:00 11-30T23:00'])
    done(post.maintenance.change(id, { repeats: 'never' }, ALICE))
    expect(times(id)).toEqual(['11-23T22:00 11-23T23:00'])
    expect(board.maintenance(id)).toMatchObject({ services: ['mail'], sequence: 3 })
    done(post.maintenance.update(id, { text: 'Cela avance.' }, ALICE))
    expect(board.maintenance(id)?.updates.length).toBe(1)
  })
})

describe('an admin who says otherwise', () => {
  it('says it for an hour, for as long as told, and takes it back', () => {
    expect(done(post.override('mail', { status: 'operational' }, ALICE))?.until).toBe(NOON + HOUR)
    expect(done(post.override('mail', { status: 'operational', for: '3h' }, ALICE))?.until).toBe(NOON + 3 * HOUR)
    expect(faults(post.override('mail', { status: 'operational', for: '25h' }, ALICE))[1]).toContain('more than a day')
    expect(faults(post.override('mail', { status: 'unknown' }, ALICE))[0]).toBe('invalid')
    expect(faults(post.override('nobody', { status: 'operational' }, ALICE))[0]).toBe('unknown')
    expect(done(post.override('mail', null, ALICE))).toBeNull()
    expect(board.override('mail', now)).toBeNull()
  })
})
