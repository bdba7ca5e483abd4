import { describe, expect, it } from 'vitest'
import { type AlertMemory, NO_ALERTS } from '../../../src/core/verdict/alert.ts'
import type { Letter, News } from '../../../src/core/verdict/letter.ts'
import { type Owed, untold, unwanted } from '../../../src/core/verdict/taken-back.ts'
import { down, START } from '../letters.ts'

const DOWN_NEWS = down as Extract<News, { kind: 'down' }>
const AFFECTED = DOWN_NEWS.affected[0]!

function owed(key: string, news: News): Owed {
  const letter: Letter = { key, event: 'down', thread: 'mail-1', at: START, news }
  return { letter, key }
}

function told(alarms: AlertMemory['alarms']): AlertMemory {
  return { ...NO_ALERTS, alarms }
}

const DOWN = owed('mail-1:down', { ...DOWN_NEWS, affected: [AFFECTED], children: [] })
const OPEN = told({ 'mail-1': { told: 'down', letter: 'mail-1:down', thread: 'mail-1' } })
const isMail = (service: string) => service === AFFECTED.service
const nobody = () => false

describe('a letter that the disk refused', () => {
  it('is taken back where nobody wants to hear of its service now, and goes on else', () => {
    expect(unwanted([DOWN], OPEN.alarms, isMail, nobody)).toEqual([DOWN])
    expect(unwanted([DOWN], OPEN.alarms, nobody, nobody)).toEqual([])
  })

  it('goes on where what it tells is over: nothing would tell it afterwards', () => {
    expect(unwanted([DOWN], NO_ALERTS.alarms, isMail, nobody)).toEqual([])
    const other = told({ 'mail-1': { told: 'down', letter: 'mail-0:down', thread: 'mail-0' } })
    expect(unwanted([DOWN], other.alarms, isMail, nobody)).toEqual([])
    const two = owed('mail-1:down', {
      ...DOWN_NEWS,
      affected: [AFFECTED, { ...AFFECTED, outage: 'web-1', service: 'web' }],
      children: [],
    })
    expect(unwanted([two], OPEN.alarms, isMail, nobody)).toEqual([])
  })

  it('goes on where only what hangs on it, or one of several behind a bad road, is left', () => {
    const folded = told({ 'web-1': { told: 'folded', letter: 'mail-1:down', thread: 'web-1' } })
    expect(unwanted([DOWN], folded.alarms, isMail, nobody)).toEqual([])
    const others = [{ ...AFFECTED, outage: 'web-1', service: 'web' }]
    const road = owed('mail-1:partial', { kind: 'partial', affected: AFFECTED, others })
    const alarm = { told: 'partial', letter: 'mail-1:partial', thread: 'mail-1' } as const
    expect(unwanted([road], { 'web-1': alarm }, isMail, nobody)).toEqual([])
    expect(unwanted([road], { 'mail-1': alarm, 'web-1': alarm }, isMail, nobody)).toEqual([road])
  })

  it('that says that a service comes and goes is taken back while it still does', () => {
    const unstable = owed('mail-1:unstable', { kind: 'unstable', affected: AFFECTED, changes: 3 })
    expect(unwanted([unstable], NO_ALERTS.alarms, isMail, isMail)).toEqual([unstable])
    expect(unwanted([unstable], NO_ALERTS.alarms, isMail, nobody)).toEqual([])
  })

  it('that tells an end, or of vigie itself, goes on', () => {
    const up = owed('mail-1:up', { kind: 'up', over: [{ affected: AFFECTED, until: START }] })
    const self = owed('self', { kind: 'self', what: 'disk', note: '', remedy: '' })
    expect(
      unwanted(
        [up, self],
        OPEN.alarms,
        () => true,
        () => true,
      ),
    ).toEqual([])
  })
})

describe('what was told of an outage whose letter is taken back', () => {
  it('is nothing, for it and for what hangs on it', () => {
    const before = told({
      'mail-1': { told: 'down', letter: 'mail-1:down', thread: 'mail-1' },
      'webmail-1': { told: 'folded', letter: 'mail-1:down', thread: 'webmail-1' },
      'web-1': { told: 'down', letter: 'web-1:down', thread: 'web-1' },
    })
    expect(untold(before, [DOWN]).alarms).toEqual({
      'mail-1': { told: null, letter: null, thread: 'mail-1' },
      'webmail-1': { told: null, letter: null, thread: 'webmail-1' },
      'web-1': { told: 'down', letter: 'web-1:down', thread: 'web-1' },
    })
    expect(untold(before, [])).toBe(before)
  })

  it('is that it is partial, where that was told before and is not taken back, too', () => {
    const before = told({
      'mail-1': { told: 'down', letter: 'mail-1:down', thread: 'mail-1', partial: 'mail-1:partial' },
    })
    const partial = owed('mail-1:partial', { kind: 'partial', affected: AFFECTED })
    expect(untold(before, [DOWN]).alarms['mail-1']).toEqual({
      told: 'partial',
      letter: 'mail-1:partial',
      thread: 'mail-1',
    })
    expect(untold(before, [DOWN, partial]).alarms['mail-1']).toEqual({ told: null, letter: null, thread: 'mail-1' })
    expect(untold(before, [partial]).alarms['mail-1']).toEqual({
      told: 'down',
      letter: 'mail-1:down',
      thread: 'mail-1',
    })
  })

  it('leaves it to a thread of its own', () => {
    const before = told({ 'web-1': { told: 'down', letter: 'mail-1:down', thread: 'mail-1' } })
    expect(untold(before, [DOWN]).alarms['web-1']).toEqual({ told: null, letter: null, thread: 'web-1' })
  })
})
