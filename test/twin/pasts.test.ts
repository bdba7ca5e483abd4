// Three sites, one of which forgot: what it said in the same place to two others becomes one past for all.
import { afterEach, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time/time.ts'
import { createRandom } from '../sim/random.ts'
import { createSides, everything, meet, pass, type Side, settle, texts } from './sides.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function three(): readonly [Side, Side, Side] {
  const { sides, close } = createSides('home', 'offsite', 'third')
  closing.push(close)
  return sides as unknown as readonly [Side, Side, Side]
}

/** All talk with all until nobody lacks anything. */
function gather(sides: readonly Side[]) {
  const sames = () => new Set(sides.map((side) => JSON.stringify(everything(side)))).size === 1
  for (let round = 0; round < 60; round++) {
    for (const [at, from] of sides.entries()) for (const to of sides.slice(at + 1)) meet(from, to)
    pass(MINUTE)
    if (sames()) return
  }
  throw new Error(sides.map((side) => JSON.stringify(everything(side))).join('\n'))
}

it.each(['offsite', 'third'])(
  'one past counts everywhere, and nothing of the other is lost (%s is met first)',
  (first) => {
    const [home, offsite, third] = three()
    home.say('one')
    settle(home, offsite)
    settle(home, third)
    const image = home.image()
    home.say('two', 'three')
    settle(home, offsite)
    home.restart(image)
    home.say('meanwhile')
    settle(home, third)
    gather(first === 'offsite' ? [home, offsite, third] : [home, third, offsite])
    for (const side of [home, offsite, third])
      expect(texts(side).filter(Boolean)).toEqual(['meanwhile', 'one', 'three', 'two'])
    expect([...home.ledger.heads().keys()].sort()).toEqual(['home', 'home.2'])
    // What it said is read again from the start by whoever it was taken from.
    home.say('four')
    gather([home, offsite, third])
  },
)

it('whoever it was taken from reads it again', () => {
  const [home, offsite, third] = three()
  home.say('one')
  settle(home, offsite)
  settle(home, third)
  const image = home.image()
  home.say('two')
  settle(home, offsite)
  home.restart(image)
  home.say('meanwhile')
  settle(home, third)
  let mended = 0
  third.ledger.onMended(() => mended++)
  gather([home, offsite, third])
  expect(mended).toBe(1)
})

it('however often it forgets, whomever it meets in between, all are of one mind at last', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = createRandom(seed)
    const sides = three()
    const [home] = sides
    home.say('first')
    const images = [home.image()]
    for (let step = 0; step < 14; step++) {
      const what = random.whole(0, 5)
      if (what === 0) images.push(home.image())
      else if (what === 1) home.restart(random.pick(images))
      else if (what <= 3) home.say(`step ${step}`)
      else meet(home, random.pick(sides.slice(1)))
      pass(1_000)
    }
    const held = sides.flatMap(texts)
    gather(sides)
    expect(texts(home), `seed ${seed}`).toEqual(expect.arrayContaining(held))
    expect(home.ledger.heads().size, `seed ${seed}`).toBeLessThan(12)
    for (const close of closing.splice(0)) close()
  }
}, 120_000)

it('nobody says of another site which past counts', () => {
  const [home, offsite, third] = three()
  home.say('one', 'two')
  settle(home, offsite)
  settle(home, third)
  offsite.state('ledger.past', { origin: 'home', common: 0, next: 'f'.repeat(64) })
  gather([home, offsite, third])
  for (const side of [home, offsite, third]) expect(texts(side).filter(Boolean)).toEqual(['one', 'two'])
})
