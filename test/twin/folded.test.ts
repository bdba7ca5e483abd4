// A site that forgot, where part of its true past was folded: no entry follows directly what it has, and yet it gets all
// of it back, and loses nothing that it said meanwhile.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHECKPOINT } from '../../src/core/ledger/checkpoint.ts'
import { DAY, MINUTE } from '../../src/core/time/time.ts'
import { close, type Message, open } from '../../src/twin/wire.ts'
import { createRandom } from '../sim/random.ts'
import { call, createSides, everything, meet, pass, type Side, settle, texts } from './sides.ts'

let sides: readonly Side[]
let end: () => void
let home: Side
let offsite: Side

beforeEach(() => {
  ;({ sides, close: end } = createSides('home', 'offsite'))
  ;[home, offsite] = sides as [Side, Side]
})
afterEach(() => end())

function alerts(side: Side, count: number) {
  const entries = Array.from({ length: count }, (_, n) => ({ type: 'alert.intent', payload: { letter: `l${n}` } }))
  side.ledger.remember({ living: new Map(), letters: [], entries })
}

/** A hundred days go by, then home folds what is old. */
function fold() {
  for (const side of sides) side.off += 100 * DAY
  home.say(`folded ${home.off}`)
  settle(home, offsite)
  home.ledger.fold((origin) => offsite.ledger.heads().get(origin)?.seq ?? 0)
  settle(home, offsite)
}

/** Its ledger as it was before anything was said. */
function nothing(): string {
  const fresh = createSides('home')
  const image = home.image()
  home.restart(fresh.sides[0]!.image())
  const empty = home.image()
  home.restart(image)
  fresh.close()
  return empty
}

const checkpoints = (side: Side) =>
  [...side.ledger.heads().keys()]
    .flatMap((origin) => side.ledger.entries(origin, 0, 10_000))
    .filter(({ type }) => type === CHECKPOINT)

/** Nothing is refused any more, and what either says the other hears. */
function expectTalk() {
  const refused = () => sides.map((side, at) => [...(side.exchange.dialogue(sides[1 - at]!.site)?.refused ?? [])])
  pass(30 * MINUTE)
  for (let n = 0; n < 3; n++) call(home, offsite)
  const before = refused()
  home.say('hello from home')
  offsite.say('hello from offsite')
  settle(home, offsite)
  expect(everything(home)).toEqual(everything(offsite))
  expect(texts(offsite)).toEqual(expect.arrayContaining(['hello from home', 'hello from offsite']))
  expect(refused()).toEqual(before)
}

describe('a site whose true past was folded', () => {
  it.each([1, 40, 700])('gets it back when it lost everything and spoke first: %i entries', (count) => {
    const empty = nothing()
    alerts(home, 398)
    home.say('at 3 am')
    fold()
    home.restart(empty)
    home.say(...Array.from({ length: count }, (_, n) => `meanwhile ${n}`))
    settle(home, offsite)
    expect(texts(home)).toEqual(expect.arrayContaining(['at 3 am', 'meanwhile 0', `meanwhile ${count - 1}`]))
    expect(texts(home)).toEqual(texts(offsite))
    expect(home.ledger.origin()).toBe('home.2')
    expectTalk()
  })

  it('gets it back whoever called, wherever what people said stands among what was folded', () => {
    const empty = nothing()
    home.say('first')
    alerts(home, 150)
    home.say('second')
    alerts(home, 150)
    home.say('third')
    fold()
    home.restart(empty)
    home.say('meanwhile', 'and more')
    settle(offsite, home)
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'second', 'third', 'meanwhile', 'and more']))
    expectTalk()
  })

  it.each([0, 1, 5, 300])('gets it back with a copy from before that, having said %i things since', (count) => {
    home.say('first')
    alerts(home, 120)
    home.say('second')
    alerts(home, 30)
    const image = home.image()
    alerts(home, 250)
    home.say('third')
    fold()
    home.restart(image)
    if (count > 0) home.say(...Array.from({ length: count }, (_, n) => `meanwhile ${n}`))
    settle(home, offsite)
    expect(texts(home)).toEqual(texts(offsite))
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'second', 'third']))
    expect(texts(home).filter((text) => text.startsWith('meanwhile'))).toHaveLength(count)
    expect(home.ledger.origin()).toBe('home.2')
    // Old mails are gone, and are not said again.
    const mails = everything(offsite).filter((line) => line.includes('"letter"'))
    expect(mails).toEqual([])
    expectTalk()
  })

  it('gets it back with a copy that has the first checkpoint and not the second', () => {
    home.say('first')
    alerts(home, 300)
    fold()
    const image = home.image()
    home.say('second')
    alerts(home, 300)
    fold()
    home.restart(image)
    home.say('meanwhile')
    settle(home, offsite)
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'second', 'meanwhile']))
    expectTalk()
  })

  it('gets it back when a message has room for one of its entries', () => {
    const long = (text: string) => `${text} ${'x'.repeat(190_000)}`
    home.say('first')
    alerts(home, 40)
    home.say(long('second'))
    alerts(home, 210)
    const image = home.image()
    alerts(home, 50)
    home.say(long('third'))
    fold()
    home.restart(image)
    home.say('meanwhile')
    settle(home, offsite)
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'meanwhile', long('second'), long('third')]))
    expectTalk()
  })

  it('gets it back when it folded what it said since by itself: the word that counts is the one others go by', () => {
    const empty = nothing()
    home.say('first')
    alerts(home, 300)
    fold()
    home.restart(empty)
    home.say('meanwhile')
    alerts(home, 250)
    for (const side of sides) side.off += 100 * DAY
    home.ledger.fold(() => Number.MAX_SAFE_INTEGER)
    settle(home, offsite)
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'meanwhile']))
    expect(checkpoints(home)).toHaveLength(1)
    expectTalk()
    // A site that has nothing gets all of it from either.
    const fresh = createSides('home', 'offsite')
    offsite.restart(fresh.sides[1]!.image())
    settle(home, offsite)
    expect(everything(offsite)).toEqual(everything(home))
    fresh.close()
  })

  it('however often it forgets, folds and speaks', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const random = createRandom(seed)
      const images = [home.image()]
      for (let step = 0; step < 14; step++) {
        const what = random.whole(0, 7)
        if (what === 0) images.push(home.image())
        else if (what === 1) home.restart(random.pick(images))
        else if (what <= 3) home.say(`seed ${seed} step ${step}`)
        else if (what <= 5) alerts(home, random.whole(1, 250))
        else if (what === 6) for (let n = 0; n < 20; n++) call(home, offsite)
        else {
          for (const side of sides) side.off += 100 * DAY
          home.ledger.fold((origin) => offsite.ledger.heads().get(origin)?.seq ?? 0)
        }
        pass(1_000)
      }
      const held = sides.flatMap(texts).filter(Boolean)
      for (let n = 0; n < 20; n++, pass(MINUTE)) meet(home, offsite)
      for (const side of sides) expect(texts(side), `seed ${seed}`).toEqual(expect.arrayContaining(held))
      expectTalk()
      expect(home.ledger.heads().size, `seed ${seed}`).toBeLessThan(16)
      end()
      ;({ sides, close: end } = createSides('home', 'offsite'))
      ;[home, offsite] = sides as [Side, Side]
    }
  }, 120_000)
})

describe('a twin that says again what was folded', () => {
  let count = 10_000
  /** It has all that home ever said, and says of it what it likes. */
  function lie(part: Partial<Message>) {
    const message = open(offsite.exchange.say('home', {}), 'POST', 'home', offsite.key.publicKey) as Message
    const said = { ...message, ...part, count: ++count }
    home.exchange.hear(close(said, 'POST', 'offsite', 'home', offsite.key), 'question')
    pass(1_000)
  }

  it('makes nobody step back, whatever it claims to have', () => {
    home.say('first')
    alerts(home, 300)
    home.say('second')
    const whole = home.ledger.entries('home', 0, 1_000)
    settle(home, offsite)
    fold()
    const before = everything(home)
    const [point] = checkpoints(home)
    const have = (seq: number) => ({ home: [seq, 'f'.repeat(16)] }) as unknown as Message['have']
    for (let n = 0; n < 40; n++) {
      lie({ have: have(n * 8 + 1), entries: whole.slice(n * 7, n * 7 + 20), checkpoints: [point!] })
      lie({ have: have(302 - n), entries: whole.slice(-3 - n) })
      lie({ entries: home.ledger.entries('home', n === 0 ? 0 : 1, 10), checkpoints: n % 2 ? [point!] : [] })
    }
    expect(everything(home)).toEqual(before)
    expect(home.ledger.origin()).toBe('home')
  })

  it('gains one new name by what was truly forgotten, and no more', () => {
    const empty = nothing()
    home.say('first')
    alerts(home, 300)
    home.say('second')
    fold()
    const past = home.ledger.entries('home', 0, 1_000)
    const [point] = checkpoints(home)
    home.restart(empty)
    home.say('meanwhile', 'and more')
    for (let n = 0; n < 200; n++) lie({ entries: past.slice(n % 3, 3), checkpoints: [point!] })
    expect(home.ledger.origin()).toBe('home.2')
    expect(home.ledger.heads().size).toBeLessThan(3)
    offsite.restart()
    settle(home, offsite)
    expect(texts(home)).toEqual(expect.arrayContaining(['first', 'second', 'meanwhile', 'and more']))
    expectTalk()
  })
  it('nor does it gain anything by what was taken back', () => {
    const empty = nothing()
    alerts(home, 398)
    home.say('at 3 am')
    fold()
    home.restart(empty)
    home.say(...Array.from({ length: 450 }, (_, n) => `meanwhile ${n}`))
    const other = home.ledger.entries('home', 0, 1_000)
    settle(home, offsite)
    const [point] = checkpoints(home)
    const before = everything(home).length
    for (let n = 0; n < 10; n++) lie({ entries: other.slice(n % 2 ? 395 : 390 + n, n + 400), checkpoints: [point!] })
    expect(everything(home).length).toBeLessThan(before + 2)
    expect(home.ledger.origin()).toBe('home.2')
    offsite.restart()
    expectTalk()
  })
})
