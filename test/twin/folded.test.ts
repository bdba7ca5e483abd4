// A site whose past was folded in part, as others know it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHECKPOINT } from '../../src/core/ledger/checkpoint.ts'
import { DAY } from '../../src/core/time/time.ts'
import { close, type Message, open } from '../../src/twin/wire.ts'
import { createSides, everything, pass, type Side, settle } from './sides.ts'

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

const checkpoints = (side: Side) =>
  [...side.ledger.heads().keys()]
    .flatMap((origin) => side.ledger.entries(origin, 0, 10_000))
    .filter(({ type }) => type === CHECKPOINT)

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
})
