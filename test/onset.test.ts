// The first seconds of an outage, over the real line and schedule: neither the first mail nor the page says of anything that
// it works unless it was seen to since the outage began; and the mail is not a second later for it.
import { describe, expect, it } from 'vitest'
import type { Ability } from '../src/core/ability.ts'
import type { Outcome } from '../src/core/observation.ts'
import { paint } from '../src/core/shown/painting.ts'
import { MINUTE, SECOND } from '../src/core/time/time.ts'
import { ableTo } from '../src/core/verdict/proof.ts'
import { voicesNow } from '../src/core/verdict/voices.ts'
import type { Memory } from '../src/memory.ts'
import { sentenceOf } from '../src/page/words/sentence.ts'
import { RULE } from './core/policy.ts'
import { BEGIN, type Fault, night } from './nights.ts'

const ever = Number.POSITIVE_INFINITY
/** No answer, as soon as it is said: a look takes no time here. */
const SILENT: Outcome = { ok: false, reason: 'timeout', note: '' }
const OF_MAIL = ['mail.smtp', 'mail.submission', 'mail.imap', 'mail.sieve']

const painted = (memory: Memory, now: number) =>
  paint(
    {
      ...memory,
      peers: [],
      voices: (check) => voicesNow(check, memory, [], now),
      spans: () => [],
      told: () => null,
      toldUnstable: () => null,
      toldOfLine: null,
      acknowledged: () => null,
      override: () => null,
      announced: { incidents: [], maintenances: [], open: [] },
      notices: [],
      changed: now,
    },
    MINUTE,
    now,
  )

/** What the page says from then on, each sentence once, with the second it was first said at. */
async function onset(services: readonly string[], fallen: readonly string[]) {
  const faults = fallen.map((of): Fault => ({ of, from: 0, to: ever, outcome: SILENT }))
  const said: (readonly [second: number, sentence: string])[] = []
  const works: Ability[][] = []
  const { written, looks } = await night(services, faults, 2 * MINUTE, undefined, (memory, now) => {
    if (now < BEGIN) return
    const picture = painted(memory, now)
    const sentence = sentenceOf(picture, 'en')
    if (said.at(-1)?.[1] !== sentence) said.push([Math.round((now - BEGIN) / SECOND), sentence])
    const mail = picture.services.find(({ service }) => service.id === 'mail')
    if (mail !== undefined && mail.status !== 'operational') works.push([...ableTo(mail).works])
  })
  const [first] = written
  const affected = first?.news.kind === 'down' ? first.news.affected[0] : undefined
  const after = first === undefined || affected === undefined ? null : first.at - affected.since
  return { said, works, looks, affected, after }
}

describe('all of mail falls silent', () => {
  const fall = onset(['mail', 'website', 'files'], OF_MAIL)

  it('and the first mail calls it down, with nothing that works', async () => {
    const { affected } = await fall
    expect(affected).toMatchObject({ service: 'mail', extent: 'whole' })
    expect(affected?.able?.works ?? []).toEqual([])
  })

  it('and the page never says that any of it works', async () => {
    const { works, said } = await fall
    expect(works.length).toBeGreaterThan(30)
    expect(works.flat()).toEqual([])
    const sentences = said.map(([, sentence]) => sentence)
    expect(sentences.filter((sentence) => /you can /.test(sentence))).toEqual([])
    expect(sentences).toContain('Everything works, except maybe E-mail. A check has just failed: we are trying again.')
  })
})

describe('sending alone falls silent', () => {
  const fall = onset(['mail', 'website'], ['mail.submission'])

  it('and the first mail says what was seen to work since, as soon as it is sure', async () => {
    const { affected, after, looks, said } = await fall
    expect(affected).toMatchObject({ extent: 'part', able: { works: ['read', 'receive', 'filter'], fails: ['send'] } })
    expect(after).toBeLessThanOrEqual(2 * RULE.retry + SECOND)
    // One look more than its own turns.
    expect(looks.get('mail.sieve')).toBe(4)
    expect(said.at(-1)?.[1]).toContain('E-mail: you can read and receive, but not send')
  })
})

it('one failed look is a doubt for ten minutes after a fall; later it takes two', async () => {
  const [at, lasting] = [[3 * MINUTE, 30 * MINUTE], 61 * SECOND]
  const faults: Fault[] = [
    { of: 'mail', from: 0, to: ever, outcome: SILENT },
    ...at.map((from): Fault => ({ of: 'files', from, to: from + lasting, outcome: SILENT })),
  ]
  const doubts = { early: new Set<boolean>(), late: new Set<boolean>() }
  await night(['mail', 'files'], faults, 32 * MINUTE, undefined, (memory, now) => {
    const failing = [...memory.checks].filter(([id]) => id.startsWith('files.')).map(([, { opinions }]) => opinions)
    if (Math.max(...failing.flatMap((each) => each.map(({ fails }) => fails))) !== 1) return
    const files = painted(memory, now).services.find(({ service }) => service.id === 'files')!
    doubts[now - BEGIN < 10 * MINUTE ? 'early' : 'late'].add(files.suspect)
  })
  expect(doubts).toEqual({ early: new Set([true]), late: new Set([false]) })
})
