import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LEDGER_BOUND } from '../../src/core/ledger/checkpoint.ts'
import type { Entry } from '../../src/core/ledger/entry.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import type { Taken } from '../../src/twin/exchange.ts'
import { openKey } from '../../src/twin/key.ts'
import { hashOf, seal } from '../../src/twin/seal.ts'
import { close, type Message, open } from '../../src/twin/wire.ts'
import { call, createSides, everything, meet, NOON, pass, type Side, settle, texts, word } from './sides.ts'

let sides: readonly Side[]
let end: () => void
let home: Side
let offsite: Side

beforeEach(() => {
  ;({ sides, close: end } = createSides('home', 'offsite'))
  ;[home, offsite] = sides as [Side, Side]
})
afterEach(() => end())

describe('an exchange', () => {
  it('brings both everything that was said, byte for byte, whoever calls', () => {
    home.say('one', 'two')
    offsite.say('three')
    settle(home, offsite)
    home.say('four')
    settle(offsite, home)
    expect(everything(home)).toEqual(everything(offsite))
    expect(texts(home)).toEqual(['four', 'one', 'three', 'two'])
  })

  it('makes a word fresh by an echo, never by a clock', () => {
    offsite.off = 5 * HOUR
    home.words.set('web.http', word({ state: 'down', since: NOON - 40 * SECOND, fails: 3 }))
    const first = call(home, offsite)
    expect(first.taken).toMatchObject({ fresh: false })
    expect(first.answered).toMatchObject({ fresh: true })
    expect(offsite.exchange.dialogue('home')?.heard).toBe(Number.NEGATIVE_INFINITY)
    expect(call(home, offsite).taken).toMatchObject({ fresh: true })
    const heard = offsite.exchange.dialogue('home')!.hearer.words().get('web.http')!
    expect(heard.state).toBe('down')
    const said = NOON + 5 * HOUR - 40 * SECOND
    expect(Math.abs(heard.since - said)).toBeLessThan(SECOND)
  })

  it('does not take an echo that is older than fresh', () => {
    call(home, offsite)
    pass(46 * SECOND)
    expect(call(home, offsite).taken).toMatchObject({ fresh: false })
    expect(call(home, offsite).taken).toMatchObject({ fresh: true })
  })

  it('tells only what changed since the digest that the other has', () => {
    for (let n = 0; n < 40; n++) home.words.set(`service${n}.http`, word())
    call(home, offsite)
    const whole = call(home, offsite).question.body.length
    home.words.set('service7.http', word({ state: 'down' }))
    const change = call(home, offsite).question.body
    expect(change.length).toBeLessThan(whole / 4)
    expect(change.toString()).toContain('service7.http')
    expect(call(home, offsite).question.body.toString()).not.toContain('service7.http')
    expect(offsite.exchange.dialogue('home')!.hearer.words().size).toBe(40)
    home.configuration = 'c2'
    home.words.delete('service7.http')
    call(home, offsite)
    expect(offsite.exchange.dialogue('home')!.hearer.words().size).toBe(39)
  })

  it('moves all it heard with the clock when that is set', () => {
    home.words.set('web.http', word())
    for (let n = 0; n < 3; n++) call(home, offsite)
    const { hearer } = offsite.exchange.dialogue('home')!
    const before = { since: hearer.words().get('web.http')!.since, configured: hearer.condition()!.configured }
    offsite.exchange.shift(HOUR)
    expect(hearer.words().get('web.http')!.since).toBe(before.since + HOUR)
    expect(hearer.condition()!.configured).toBe(before.configured + HOUR)
  })

  it('says next to nothing when nothing is new, and of a check that was only looked at again when that was', () => {
    for (let n = 0; n < 40; n++) home.words.set(`service${n}.http`, word())
    call(home, offsite)
    call(home, offsite)
    const { question, taken } = call(home, offsite)
    expect(taken).toMatchObject({ fresh: true })
    expect(offsite.exchange.dialogue('home')!.heard).toBeGreaterThanOrEqual(0)
    expect(question.body.length).toBeLessThan(350)
    const later = NOON + 3 * MINUTE
    pass(3 * MINUTE)
    for (let n = 0; n < 3; n++) call(home, offsite)
    for (let n = 0; n < 40; n++) home.words.set(`service${n}.http`, word({ at: later }))
    const looked = call(home, offsite).question.body
    expect(looked.length).toBeLessThan(question.body.length + 40 * 25 + 100)
    const heard = offsite.exchange.dialogue('home')!.hearer.words().get('service7.http')!
    expect(heard).toMatchObject({ state: 'up', definition: 'd1' })
    expect(Math.abs(heard.at! - later)).toBeLessThan(SECOND)
  })

  it('tells everything again to a site that started anew', () => {
    home.words.set('web.http', word())
    call(home, offsite)
    call(home, offsite)
    offsite.restart()
    call(home, offsite)
    call(home, offsite)
    expect(offsite.exchange.dialogue('home')!.hearer.words().size).toBe(1)
  })

  it('carries a long ledger in messages of at most a mebibyte and five hundred entries', () => {
    for (let n = 0; n < 40; n++) home.say(...Array.from({ length: 30 }, (_, i) => `${n}-${i}-${'x'.repeat(1500)}`))
    let calls = 0
    for (; offsite.ledger.heads().get('home')?.seq !== 1200; calls++) {
      const { question } = call(home, offsite)
      expect(question.body.length).toBeLessThan(1024 * 1024)
    }
    expect(calls).toBeLessThan(8)
    expect(everything(home)).toEqual(everything(offsite))
  })

  it('carries the longest texts in two languages, also as entries that are many', () => {
    const text = { fr: '警'.repeat(20_000), en: '\n'.repeat(20_000) }
    for (let n = 0; n < 8; n++) home.state('incident.postmortem', { id: n, text })
    meet(home, offsite)
    expect(call(home, offsite).question.body.length).toBeLessThan(1024 * 1024)
    settle(home, offsite)
    expect(everything(home)).toEqual(everything(offsite))
  })

  it('tells by how much a clock is ahead, where anybody minds', () => {
    home.off = 4 * MINUTE
    home.say('soon')
    settle(home, offsite)
    expect(offsite.exchange.ahead('home')).toBe(0)
    home.off = HOUR
    home.say('from the future')
    settle(home, offsite)
    expect(offsite.exchange.ahead('home')).toBeGreaterThan(HOUR - MINUTE)
    expect(home.exchange.ahead('offsite')).toBe(0)
  })

  it('keeps what a clock far ahead said, and does not set its own by it', () => {
    home.off = HOUR
    home.say('from the future')
    settle(home, offsite)
    offsite.say('now')
    expect(offsite.ledger.heads().get('offsite')!.hlc.at).toBeLessThan(NOON + HOUR / 2)
    const soon = offsite.ledger.heads().get('offsite')!.hlc
    home.restart()
    pass(HOUR)
    offsite.off = -4 * MINUTE
    offsite.say('later')
    const { hlc } = offsite.ledger.heads().get('offsite')!
    expect(hlc.at).toBeGreaterThan(soon.at)
    expect(hlc.at).toBe(offsite.ledger.heads().get('home')!.hlc.at)
  })
})

it('an account that was removed stays so, although whoever made it had a clock far ahead', () => {
  home.off = HOUR
  home.state('account.credential', { name: 'ana' })
  settle(home, offsite)
  offsite.state('account.remove', { name: 'ana' })
  settle(home, offsite)
  for (const { ledger } of sides)
    expect(ledger.statements('account').map(({ type }) => type)).toEqual(['account.credential', 'account.remove'])
})

describe('a site whose disk refuses', () => {
  it('says and hears words, takes no entry in meanwhile, and asks again for them when it can', () => {
    settle(home, offsite)
    const { keep } = home.ledger
    Object.assign(home.ledger, {
      keep: () => {
        throw new Error('SQLITE_FULL')
      },
    })
    offsite.say('one')
    home.words.set('web.http', word({ state: 'down', fails: 3 }))
    offsite.words.set('web.http', word({ state: 'up' }))
    const { taken, answered } = meet(offsite, home)
    expect(taken).toMatchObject({ fresh: true, entries: [], hindered: 'SQLITE_FULL' })
    expect(answered).toMatchObject({ fresh: true })
    expect(home.exchange.dialogue('offsite')!.hearer.words().get('web.http')!.state).toBe('up')
    expect(offsite.exchange.dialogue('home')!.hearer.words().get('web.http')!.state).toBe('down')
    expect(call(offsite, home).taken).toMatchObject({ entries: [], hindered: null })
    expect(texts(home)).toEqual([])
    Object.assign(home.ledger, { keep })
    pass(31 * SECOND)
    settle(offsite, home)
    expect(texts(home)).toEqual(['one'])
  })
})

describe('messages that overtake each other', () => {
  it('are all taken, each once, and the newest word holds', () => {
    call(home, offsite)
    call(home, offsite)
    home.words.set('web.http', word({ state: 'down', fails: 3 }))
    home.say('one')
    const earlier = home.exchange.say('offsite', {})
    home.words.set('web.http', word({ state: 'up' }))
    const later = home.exchange.say('offsite', {})
    expect(offsite.exchange.hear(later, 'question')).toMatchObject({ fresh: true })
    expect(offsite.exchange.hear(earlier, 'question')).toMatchObject({ fresh: false, from: 'home' })
    expect(offsite.exchange.dialogue('home')!.hearer.words().get('web.http')?.state).toBe('up')
    expect(offsite.exchange.hear(earlier, 'question')).toBe('replayed')
    expect(offsite.exchange.hear(later, 'question')).toBe('replayed')
    for (let n = 0; n < 70; n++) call(home, offsite)
    expect(offsite.exchange.hear(earlier, 'question')).toBe('replayed')
    settle(home, offsite)
    expect(everything(home)).toEqual(everything(offsite))
  })
})

describe('a question of long ago that somebody says again', () => {
  const old = () => {
    const { question } = call(home, offsite)
    home.restart()
    settle(home, offsite)
    meet(home, offsite)
    return question
  }

  it('is answered with nothing of ledgers and measures, whatever it says to lack', () => {
    const question = old()
    offsite.state('account.credential', { secret: 'canary' })
    offsite.measures = {
      wants: () => [{ stream: 'days', site: 'home', from: 0 }],
      offer: () => null,
      keep: () => false,
    }
    const taken = offsite.exchange.hear(question, 'question') as Taken
    expect(taken.fresh).toBe(false)
    const answer = JSON.parse(offsite.exchange.say('home', { answers: taken }).body.toString()) as Message
    expect(answer.echo).toBe(taken.nonce)
    expect([answer.entries, answer.wants, answer.pieces]).toEqual([undefined, undefined, undefined])
    settle(home, offsite)
    expect(everything(home).join()).toContain('canary')
  })

  it('keeps nobody from hearing whom it was of, however often it comes', () => {
    const question = old()
    for (let n = 0; n < 20; n++) {
      const held = home.exchange.say('offsite', { wait: 10 * SECOND })
      const taken = offsite.exchange.hear(held, 'question') as Taken
      expect(taken.fresh).toBe(true)
      for (let m = 0; m < 300; m++) {
        const replayed = offsite.exchange.hear(question, 'question') as Taken
        offsite.exchange.say('home', { answers: replayed })
        pass(10)
      }
      const answer = offsite.exchange.say('home', { answers: taken })
      expect(home.exchange.hear(answer, 'answer')).toMatchObject({ fresh: true })
    }
    offsite.exchange.hear(question, 'question')
    const back = offsite.exchange.say('home', {})
    expect(home.exchange.hear(back, 'question')).toMatchObject({ fresh: true })
  })
})

describe('a site that was not heard yet', () => {
  it('is not sent a ledger before it is known what it has', () => {
    home.say('one', 'two')
    expect(call(home, offsite).question.body.toString()).not.toContain('payload')
    expect(settle(home, offsite)).toBe(1)
  })
})

describe('refused and counted', () => {
  const refusals = (side: Side, of: string) => Object.fromEntries(side.exchange.dialogue(of)?.refused ?? [])

  it('a message that was altered, repeated, for somebody else or of a stranger', () => {
    const { question } = call(home, offsite)
    call(home, offsite)
    expect(offsite.exchange.hear(question, 'question')).toBe('replayed')
    const fresh = home.exchange.say('offsite', { wait: 1 })
    const altered = Buffer.from(fresh.body.toString().replace('"wait":1', '"wait":9'))
    expect(offsite.exchange.hear({ ...fresh, body: altered }, 'question')).toBe('signature')
    expect(offsite.exchange.hear(fresh, 'answer')).toBe('signature')
    expect(home.exchange.hear({ ...fresh, from: 'offsite' }, 'question')).toBe('signature')
    expect(offsite.exchange.hear({ ...fresh, from: 'nobody' }, 'question')).toBe('foreign')
    expect(offsite.exchange.hear({ ...fresh, from: 'offsite' }, 'question')).toBe('foreign')
    expect(refusals(offsite, 'home')).toEqual({ replayed: 1, signature: 2 })
  })

  it('entries that their own site did not sign, of no site of ours, or out of their place', () => {
    home.say('one')
    const [entry] = home.ledger.entries('home', 0, 1)
    const other = createSides('third')
    const third = other.sides[0]!
    const fields = { ...entry!, prev: '', seq: 1 }
    const forged = [
      { ...entry!, payload: Buffer.from('{"text":"forged"}') },
      seal({ ...fields, origin: 'third' }, third.key),
      seal({ ...fields, origin: 'offsite' }, home.key),
      seal({ ...fields, seq: 9 }, home.key),
    ]
    const message = open(home.exchange.say('offsite', {}), 'POST', 'offsite', home.key.publicKey) as Message
    const lie = close({ ...message, entries: forged }, 'POST', 'home', 'offsite', home.key)
    offsite.exchange.hear(lie, 'question')
    expect(offsite.ledger.heads().size).toBe(0)
    expect(refusals(offsite, 'home')).toEqual({ altered: 2, foreign: 1, gap: 1 })
    other.close()
  })

  describe('of a site that lies in its ledger', () => {
    const fields = { origin: 'home', seq: 1, hlc: { at: 5, count: 0 }, seen: {}, type: 'x', payload: Buffer.from('{}') }
    const entryOf = (more: Partial<Entry>) => seal({ ...fields, prev: '', ...more }, home.key)
    let count = 1000
    function lie(entries: readonly Entry[], checkpoints: readonly Entry[] = []) {
      const message = open(home.exchange.say('offsite', {}), 'POST', 'offsite', home.key.publicKey) as Message
      const more = { entries, checkpoints, count: ++count }
      return offsite.exchange.hear(close({ ...message, ...more }, 'POST', 'home', 'offsite', home.key), 'question')
    }
    const heard = () => open(offsite.exchange.say('home', {}), 'POST', 'home', offsite.key.publicKey) as Message

    it('more names than anybody needs, and the exchange goes on', () => {
      lie(Array.from({ length: 300 }, (_, n) => entryOf({ origin: `home.${n + 2}` })))
      expect(offsite.ledger.heads().size).toBe(200)
      expect(refusals(offsite, 'home')).toMatchObject({ full: 100 })
      expect(Object.keys(heard().have)).toHaveLength(200)
    })

    it('more than the ledger may hold, and the exchange goes on once there is room', () => {
      const weigh = vi.spyOn(offsite.ledger, 'size').mockReturnValue(LEDGER_BOUND - 200)
      lie([entryOf({ payload: Buffer.alloc(1_000) })])
      expect(offsite.ledger.heads().size).toBe(0)
      expect(refusals(offsite, 'home')).toEqual({ full: 1 })
      weigh.mockReturnValue(LEDGER_BOUND - 2_000)
      pass(10 * MINUTE)
      lie([entryOf({ payload: Buffer.alloc(1_000) })])
      expect(offsite.ledger.heads().get('home')?.seq).toBe(1)
    })

    it('sites that nobody knows: they are not remembered without end', () => {
      for (let round = 0; round < 4; round++)
        lie(Array.from({ length: 400 }, (_, n) => entryOf({ origin: `nobody-${round}-${n}` })))
      expect(heard().unwanted).toHaveLength(1000)
    })

    it('more than fits, in what it says to have seen', () => {
      const seen = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`${n}-${'x'.repeat(90)}`, n]))
      const long = entryOf({ seen })
      lie([long])
      expect(offsite.ledger.size()).toBeGreaterThan(40_000)
      offsite.restart()
      expect(offsite.ledger.size()).toBeGreaterThan(40_000)
      const longer = {
        ...seen,
        ...Object.fromEntries(Array.from({ length: 590 }, (_, n) => [`${n}${'警'.repeat(95)}`, n])),
      }
      lie([entryOf({ seq: 2, prev: hashOf(long), hlc: { at: 6, count: 0 }, seen: longer })])
      expect(refusals(offsite, 'home')).toMatchObject({ form: 1 })
    })

    it('gaps, excused by words that are not its own: they are looked at once', () => {
      const point = {
        ...entryOf({ type: 'ledger.checkpoint', payload: Buffer.alloc(9_000) }),
        signature: Buffer.alloc(64),
      }
      const begun = performance.now()
      lie(Array(500).fill(entryOf({ seq: 9 })), Array(40).fill(point))
      expect(refusals(offsite, 'home')).toMatchObject({ gap: 500 })
      // It took five seconds to look at each of them for each gap.
      expect(performance.now() - begun).toBeLessThan(1_500)
    })

    it('again and again: what was refused is not looked at again so soon', () => {
      const altered = { ...entryOf({}), signature: Buffer.alloc(64) }
      lie([altered, altered])
      lie([altered, entryOf({})])
      expect(refusals(offsite, 'home')).toEqual({ altered: 2 })
      pass(DAY - MINUTE)
      lie([entryOf({})])
      expect(offsite.ledger.heads().size).toBe(0)
      pass(MINUTE)
      lie([entryOf({})])
      expect(offsite.ledger.heads().get('home')?.seq).toBe(1)
    })

    it('of a site that is none of ours, for a day; in a place that is taken, for ten minutes', () => {
      lie([entryOf({}), entryOf({ origin: 'third' })])
      lie([entryOf({ seq: 2, prev: 'a'.repeat(64) })])
      expect([...heard().unwanted].sort()).toEqual(['home', 'third'])
      pass(10 * MINUTE)
      expect(heard().unwanted).toEqual(['third'])
      pass(DAY)
      expect(heard().unwanted).toEqual([])
    })

    it('unless its site has another key now: then it is looked at again at once', () => {
      const { key } = home
      const told = offsite.ledger.heads
      const other = createSides('home')
      const fresh = other.sides[0]!.key
      lie([seal({ ...fields, prev: '' }, fresh)])
      expect(refusals(offsite, 'home')).toEqual({ altered: 1 })
      expect(heard().unwanted).toEqual(['home'])
      Object.assign(key, fresh)
      expect(heard().unwanted).toEqual([])
      lie([seal({ ...fields, prev: '' }, fresh)])
      expect(told().get('home')?.seq).toBe(1)
      other.close()
    })
  })

  it('any garbage, without a fault', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1')),
    )
    fc.assert(
      fc.property(junk, junk, (body, signature) => {
        const envelope = { from: 'home', signature, body: Buffer.from(body) }
        return typeof offsite.exchange.hear(envelope, 'question') === 'string'
      }),
    )
  })

  it('signed garbage, without a fault: a twin may lie', () => {
    const message = open(home.exchange.say('offsite', {}), 'POST', 'offsite', home.key.publicKey) as Message
    const anything = fc.record(
      Object.fromEntries(
        Object.keys(message).map((key) => [key, fc.oneof(fc.constant(message[key as 'boot']), fc.anything())]),
      ),
    )
    const digest = fc.record({
      epoch: fc.string(),
      number: fc.nat(),
      base: fc.constantFrom(0, 1),
      site: fc.oneof(fc.anything(), fc.tuple(fc.constant(null), fc.nat(), fc.string(), fc.string(), fc.nat())),
      words: fc.dictionary(fc.string(), fc.array(fc.oneof(fc.nat(4), fc.anything()), { maxLength: 12 })),
    })
    let count = 100
    fc.assert(
      fc.property(anything, digest, (fields, said) => {
        const lie = {
          ...message,
          ...fields,
          entries: [],
          checkpoints: [],
          wants: [],
          pieces: [],
          digest: said,
          count: ++count,
        } as unknown as Message
        try {
          offsite.exchange.hear(close(lie, 'POST', 'home', 'offsite', home.key), 'question')
        } catch (error) {
          if (!(error instanceof TypeError) || !/JSON|BigInt/.test(String(error))) throw error
        }
      }),
    )
  })
})

describe('a site whose ledger is older than others know it', () => {
  it('fetches its own past back and goes on as a new incarnation', () => {
    home.say('one')
    const image = home.image()
    home.say('two', 'three')
    settle(home, offsite)
    home.restart(image)
    settle(home, offsite)
    expect(texts(home)).toEqual(['one', 'three', 'two'])
    home.say('four')
    expect(home.ledger.origin()).toBe('home.2')
    settle(home, offsite)
    expect(texts(offsite)).toEqual(['four', 'one', 'three', 'two'])
    expect(everything(home)).toEqual(everything(offsite))
  })

  it.each([1, 3, 200])('loses nothing of what it said meanwhile: %i entries', (meanwhile) => {
    home.say(...Array.from({ length: 60 }, (_, n) => `before ${n}`))
    const image = home.image()
    home.say('two', 'three', 'four')
    settle(home, offsite)
    home.restart(image)
    home.say(...Array.from({ length: meanwhile }, (_, n) => `meanwhile ${n}`))
    settle(home, offsite)
    expect(texts(home)).toEqual(texts(offsite))
    expect(texts(home)).toHaveLength(63 + meanwhile)
    expect(home.ledger.origin()).toBe('home.2')
    expect([...home.ledger.heads().keys()].sort()).toEqual(['home', 'home.2'])
  })

  it('may happen to it again, and to one that lost everything but its key', () => {
    home.say('one')
    const image = home.image()
    home.say('two')
    settle(home, offsite)
    home.restart(image)
    settle(home, offsite)
    home.say('three')
    settle(home, offsite)
    home.restart(image)
    settle(home, offsite)
    home.say('four')
    settle(home, offsite)
    expect(home.ledger.origin()).toBe('home.3')
    expect(texts(offsite)).toEqual(['four', 'one', 'three', 'two'])
    expect(texts(home)).toEqual(texts(offsite))
  })
})

describe('a site with a new key', () => {
  /** As `vigie run` does without `keys/site.key`. */
  function rekey(side: Side) {
    changeKey(side)
    side.restart()
  }

  function changeKey(side: Side) {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-key-'))
    Object.assign(side.key, openKey(folder))
    rmSync(folder, { recursive: true, force: true })
  }

  it('is heard so although the disk refused at its first start with it', () => {
    const empty = offsite.image()
    home.say('before')
    settle(home, offsite)
    changeKey(home)
    home.say('under the old name')
    home.restart()
    home.say('after')
    offsite.restart(empty)
    for (let n = 0; n < 5; n++) call(home, offsite)
    expect(texts(offsite)).toEqual(['after'])
  })

  it('is heard by one that comes later or lost its disk, in all that it says from then on', () => {
    const empty = offsite.image()
    home.say('before')
    settle(home, offsite)
    rekey(home)
    home.say('after')
    settle(home, offsite)
    offsite.restart(empty)
    for (let n = 0; n < 5; n++) call(home, offsite)
    home.say('later')
    for (let n = 0; n < 5; n++) call(home, offsite)
    expect(texts(offsite)).toEqual(['after', 'later'])
    expect(texts(home)).toEqual(['after', 'before', 'later'])
    // Another start with that key is no other.
    home.restart()
    home.say('last')
    expect([...home.ledger.heads().keys()]).toEqual(['home', 'home.2'])
  })

  it('gets back what the new one signed when it loses its disk, and is not sent the rest again and again', () => {
    const empty = home.image()
    home.say('before')
    settle(home, offsite)
    rekey(home)
    home.say('after')
    settle(home, offsite)
    home.restart(empty)
    for (let n = 0; n < 5; n++) call(home, offsite)
    home.say('later')
    for (let n = 0; n < 5; n++) call(home, offsite)
    expect(texts(home)).toEqual(['after', 'later'])
    expect(texts(offsite)).toEqual(['after', 'before', 'later'])
    expect(Object.fromEntries(home.exchange.dialogue('offsite')!.refused)).toEqual({ altered: 1 })
    expect(call(home, offsite).answer.body.toString()).not.toContain('payload')
  })

  it('goes on where it was with those that know the new one, and nothing signed with the old one is taken any more', () => {
    home.say('before')
    settle(home, offsite)
    const old = { ...home.key }
    rekey(home)
    home.say('after')
    offsite.say('theirs')
    settle(home, offsite)
    expect(texts(offsite)).toEqual(['after', 'before', 'theirs'])
    expect(everything(home)).toEqual(everything(offsite))
    const question = home.exchange.say('offsite', {})
    const bytes = Buffer.concat([Buffer.from('vigie exchange 1|POST|/twin/v1/exchange|home|offsite|'), question.body])
    const stolen = { ...question, signature: Buffer.from(old.sign(bytes)).toString('base64') }
    expect(offsite.exchange.hear(stolen, 'question')).toBe('signature')
  })
})

describe('old mails', () => {
  const alerts = (side: Side, count: number) => {
    const entries = Array.from({ length: count }, (_, n) => ({ type: 'alert.intent', payload: { letter: `l${n}` } }))
    side.ledger.remember({ living: new Map(), letters: [], entries })
  }

  it('go by the word of their site, on every site; what people said stays, and a new site takes both', () => {
    alerts(home, 150)
    home.say('one')
    alerts(home, 150)
    settle(home, offsite)
    for (const side of sides) side.off = 100 * DAY
    home.say('two')
    home.ledger.fold(() => 0)
    expect(home.ledger.entries('home', 0, 1000)).toHaveLength(302)
    home.ledger.fold((origin) => offsite.ledger.heads().get(origin)!.seq)
    expect(home.ledger.entries('home', 0, 1000)).toHaveLength(3)
    settle(home, offsite)
    expect(offsite.ledger.entries('home', 0, 1000)).toHaveLength(3)
    expect(texts(offsite)).toEqual(texts(home))

    // A site that has nothing is told what is missing, and by whose word.
    const empty = createSides('home', 'offsite')
    const image = empty.sides[1]!.image()
    offsite.restart(image)
    settle(home, offsite)
    expect(everything(offsite)).toEqual(everything(home))
    // So is the one that folded it, when it lost everything.
    home.restart(image)
    settle(offsite, home)
    expect(texts(home)).toEqual(texts(offsite))
    empty.close()
  })

  it('do not go because another site says so', () => {
    alerts(home, 300)
    settle(home, offsite)
    for (const side of sides) side.off = 100 * DAY
    const payload = { folded: { home: [[1, 299]] } }
    offsite.ledger.remember({ living: new Map(), letters: [], entries: [{ type: 'ledger.checkpoint', payload }] })
    settle(home, offsite)
    expect(offsite.ledger.entries('home', 0, 1000)).toHaveLength(300)
    expect(home.ledger.entries('home', 0, 1000)).toHaveLength(300)
  })
})
