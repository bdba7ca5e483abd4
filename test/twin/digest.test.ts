// What a site makes of another's words: lies about time move nothing out of reach, and what a newer vigie says besides is let be.
import { describe, expect, it } from 'vitest'
import { DAY, iso } from '../../src/core/time/time.ts'
import { createHearer } from '../../src/twin/digest.ts'
import { NOON } from './sides.ts'

const EVER = Number.MAX_SAFE_INTEGER
const SITE = [null, 1, '1.0', 'c1', 0]
const UP = [0, 5_000, 0, null, null, 1, 1, 'd1', 1_000]
const digestOf = (words: object, site: unknown = SITE) => ({ epoch: 'e', number: 1, base: 0, site, words })

describe('words on moments', () => {
  it('lie no further back than anybody keeps measures, whatever age is claimed', () => {
    const hearer = createHearer()
    const pulse = [[EVER, 0, null, EVER], EVER, EVER, null, 'offsite']
    const words = { 'web.http': [2, EVER, 3, EVER, 'timeout', 1, 1, 'd1', EVER, pulse] }
    expect(hearer.hear(digestOf(words, [[EVER, ['dns']], 1, '1.0', 'c1', EVER]), NOON)).toBe(true)
    const { since, suspectSince, at, pulse: heard } = hearer.words().get('web.http')!
    const { blind, configured } = hearer.condition()!
    for (const moment of [
      since,
      suspectSince!,
      at!,
      heard!.ended!.at,
      heard!.lastGood!,
      heard!.startedAt!,
      blind!.since,
    ])
      expect(moment).toBe(NOON - 400 * DAY)
    expect(iso(configured)).toBe('1970-01-01T00:00:00.000Z')
    hearer.hear({ epoch: 'e', number: 2, base: 1, looks: { 'web.http': EVER } }, NOON)
    expect(hearer.words().get('web.http')!.at).toBe(NOON - 400 * DAY)
  })
})

describe('a site that came back on an old copy', () => {
  const hear = (
    hearer: ReturnType<typeof createHearer>,
    epoch: string,
    looked: number | null,
    now: number,
    state = 0,
    fails = state === 2 ? 3 : 0,
  ) => {
    const words = { 'web.http': [state, 600_000, fails, null, null, 1, 1, 'd1', looked] }
    hearer.hear({ epoch, number: 1, base: 0, site: SITE, words }, now)
    return hearer.words().get('web.http')!.state
  }

  it('says nothing of what it looked at before we heard it last, until it has looked again', () => {
    const hearer = createHearer()
    expect(hear(hearer, 'a', 1_000, NOON)).toBe('up')
    // Three minutes old, half a minute after that.
    expect(hear(hearer, 'b', 180_000, NOON + 30_000)).toBe('unknown')
    expect(hear(hearer, 'c', 181_000, NOON + 31_000)).toBe('unknown')
    expect(hear(hearer, 'd', 500, NOON + 33_000)).toBe('up')
  })

  it('says nothing else than before of what it does not know when it looked', () => {
    const hearer = createHearer()
    expect(hear(hearer, 'a', null, NOON)).toBe('up')
    expect(hear(hearer, 'b', 1_000, NOON + 1_000)).toBe('up')
    expect(hear(hearer, 'c', null, NOON + 30_000)).toBe('up')
    expect(hear(hearer, 'd', 500, NOON + 40_000, 2)).toBe('down')
    expect(hear(hearer, 'e', null, NOON + 50_000)).toBe('unknown')
    expect(hear(hearer, 'f', 500, NOON + 60_000)).toBe('up')
  })

  it('says again what it said before, as soon as it tells of a newer look alone', () => {
    const hearer = createHearer()
    hear(hearer, 'a', 1_000, NOON)
    expect(hear(hearer, 'b', 180_000, NOON + 30_000)).toBe('unknown')
    hearer.hear({ epoch: 'b', number: 2, base: 1, looks: { 'web.http': 170_000 } }, NOON + 31_000)
    expect(hearer.words().get('web.http')!.state).toBe('unknown')
    hearer.hear({ epoch: 'b', number: 3, base: 2, looks: { 'web.http': 500 } }, NOON + 40_000)
    expect(hearer.words().get('web.http')).toMatchObject({ state: 'up', at: NOON + 39_500 })
  })

  it('says of a down that it only remembers nothing after a good look, but after another fail or two good ones', () => {
    for (const [fails, state, heard] of [
      [0, 2, 'unknown'],
      [4, 2, 'down'],
      [0, 0, 'up'],
    ] as const) {
      const hearer = createHearer()
      expect(hear(hearer, 'a', 1_000, NOON)).toBe('up')
      expect(hear(hearer, 'b', 180_000, NOON + 30_000, 2)).toBe('unknown')
      // With a digest of its own, with one of looks alone, and after another start.
      expect(hear(hearer, 'b', 500, NOON + 33_000, 2, 0)).toBe('unknown')
      hearer.hear({ epoch: 'b', number: 2, base: 1, looks: { 'web.http': 500 } }, NOON + 40_000)
      expect(hearer.words().get('web.http')!.state).toBe('unknown')
      expect(hear(hearer, 'c', 500, NOON + 43_000, state, fails)).toBe(heard)
    }
    const hearer = createHearer()
    expect(hear(hearer, 'a', 1_000, NOON, 2)).toBe('down')
    expect(hear(hearer, 'a', 1_000, NOON + 15_000, 2, 0)).toBe('down')
  })

  it('is heard at once where it only started again', () => {
    const hearer = createHearer()
    expect(hear(hearer, 'a', 1_000, NOON)).toBe('up')
    expect(hear(hearer, 'b', 35_000, NOON + 30_000)).toBe('up')
  })
})

describe('a newer vigie', () => {
  it('may say more in each word and of itself', () => {
    const hearer = createHearer()
    const pulse = [null, null, 9, null, null, 'more']
    const words = { 'web.http': [...UP, null, 'more'], 'job.beat': [...UP, pulse] }
    expect(hearer.hear(digestOf(words, [...SITE, 'more']), NOON)).toBe(true)
    expect([...hearer.words()].map(([id, { state }]) => [id, state])).toEqual([
      ['web.http', 'up'],
      ['job.beat', 'up'],
    ])
  })

  it('may have a reason that we do not know: nothing is known of that check then, and all of the others', () => {
    const hearer = createHearer()
    hearer.hear(digestOf({ 'web.http': UP, 'mail.smtp': UP }), NOON)
    const odd = [2, 5_000, 3, 5_000, 'sorcery', 1, 1, 'd1', 1_000]
    const later = { epoch: 'e', number: 2, base: 1, words: { 'web.http': odd, 'chat.xmpp': UP } }
    expect(hearer.hear(later, NOON)).toBe(true)
    expect([...hearer.words().keys()]).toEqual(['mail.smtp', 'chat.xmpp'])
    expect(hearer.knows()).toEqual({ epoch: 'e', number: 2 })
  })
})
