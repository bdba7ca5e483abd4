// An observer stands at somebody else's home: what lets people in does not get there, and all the rest does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Entry, isWithheld } from '../../src/core/ledger/entry.ts'
import { seal } from '../../src/twin/seal.ts'
import { call, createSides, everything, pass, type Side, settle, texts } from './sides.ts'

let close: () => void
let home: Side
let observer: Side
let offsite: Side
beforeEach(() => {
  const made = createSides('home', 'observer', 'offsite')
  ;[home, observer, offsite] = made.sides as [Side, Side, Side]
  close = made.close
})
afterEach(() => close())

describe('an observer', () => {
  it('gets what is said, in the same chain, and nothing of accounts', () => {
    home.say('first')
    home.state('account.credential', { name: 'ada', password: 'CANARY' })
    home.say('second')
    settle(home, observer)
    expect(texts(observer)).toEqual(['', 'first', 'second'])
    expect(everything(observer).join()).not.toContain('CANARY')
    expect(observer.ledger.entries('home', 0, 10).map(isWithheld)).toEqual([false, true, false])
    expect(home.exchange.dialogue('observer')!.refused.size).toBe(0)
    home.state('account.login', { name: 'ada', code: 'CANARY' })
    settle(home, observer)
    home.say('third')
    settle(home, observer)
    expect(texts(observer)).toContain('third')
  })

  it('goes on after a restart, and passes on what it has whole and no more', () => {
    home.say('first')
    home.state('account.credential', { name: 'ada' })
    home.say('second')
    settle(home, observer)
    observer.restart()
    for (let calls = 0; calls < 5; calls++) call(observer, offsite)
    expect(texts(offsite)).toEqual(['first'])
    expect(offsite.exchange.dialogue('observer')!.refused.size).toBe(0)
    settle(home, offsite)
    expect(everything(offsite)).toEqual(everything(home))
    expect(texts(observer)).toContain('second')
  })

  it('keeps the hash alone of a credential that is sent whole, since its sender does not know yet, and what follows', () => {
    home.say('first')
    settle(home, observer)
    const whole = { type: 'account.credential', payload: Buffer.from('"CANARY"') }
    hear(seal({ ...nextOfHome(), ...whole }, home.key))
    hear(seal({ ...nextOfHome(), type: 'alert.sent', payload: Buffer.from('{}') }, home.key))
    expect(observer.ledger.entries('home', 1, 10).map(isWithheld)).toEqual([true, false])
    expect(everything(observer).join()).not.toContain(Buffer.from('CANARY').toString('base64'))
    expect(everything(observer).join()).not.toContain('CANARY')
    hear(seal({ ...nextOfHome(), ...whole }, offsite.key))
    expect(observer.ledger.heads().get('home')!.seq, 'signed by another').toBe(3)
  })

  it('takes no chain that does not hold', () => {
    home.say('first')
    settle(home, observer)
    hear({ ...nextOfHome(), type: 'incident.update', payload: new Uint8Array(), signature: new Uint8Array(32) })
    expect(observer.ledger.heads().get('home')!.seq).toBe(1)
  })

  function nextOfHome() {
    const { seq, hlc, hash } = observer.ledger.heads().get('home')!
    return { origin: 'home', seq: seq + 1, hlc: { at: hlc.at + 5, count: 0 }, seen: {}, prev: hash }
  }

  /** Somebody who has home's key says so. */
  function hear({ hlc, payload, signature, ...rest }: Entry) {
    const answer = home.exchange.say('observer', {})
    const body = JSON.parse(answer.body.toString()) as Record<string, unknown>
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
    body.entries = [{ ...rest, hlc: [hlc.at, hlc.count], payload: base64(payload), signature: base64(signature) }]
    pass(10)
    observer.exchange.hear(resealed(body), 'question')
  }

  function resealed(body: object) {
    const bytes = Buffer.from(JSON.stringify(body))
    const signed = Buffer.concat([Buffer.from('vigie exchange 1|POST|/twin/v1/exchange|home|observer|'), bytes])
    return { from: 'home', body: bytes, signature: Buffer.from(home.key.sign(signed)).toString('base64') }
  }
})

it('an observer gets back what it said as a full site, too, as far as it may have it', () => {
  const image = observer.image()
  observer.say('first')
  observer.state('account.credential', { name: 'ada', password: 'CANARY' })
  observer.say('second')
  settle(observer, home)
  observer.restart(image)
  settle(observer, home)
  observer.say('third')
  settle(observer, home)
  expect(texts(observer)).toEqual(['', 'first', 'second', 'third'])
  expect(everything(observer).join()).not.toContain('CANARY')
})

describe('of the only full site an observer has no accounts to give back', () => {
  let alone: Side
  let watcher: Side
  beforeEach(() => {
    close()
    const made = createSides('home', 'observer')
    ;[alone, watcher] = made.sides as [Side, Side]
    close = made.close
  })

  it('but all the rest: a lost login holds up nothing that was said after it', () => {
    alone.say('first')
    const image = alone.image()
    alone.state('account.credential', { name: 'ada' })
    alone.say('second')
    settle(alone, watcher)
    alone.restart(image)
    settle(alone, watcher)
    alone.say('third')
    settle(alone, watcher)
    expect(texts(alone)).toEqual(['', 'first', 'second', 'third'])
    expect(texts(watcher)).toEqual(texts(alone))
    expect(call(watcher, alone).taken).toMatchObject({ entries: [] })
    expect(alone.exchange.rest('observer')).toBeLessThan(Infinity)
  })

  it('nor is the last entry of all missed, if it was one', () => {
    const image = alone.image()
    alone.say('first')
    alone.state('account.credential', { name: 'ada' })
    settle(alone, watcher)
    alone.restart(image)
    settle(alone, watcher)
    alone.say('second')
    settle(alone, watcher)
    expect(texts(alone)).toEqual(['', 'first', 'second'])
  })

  it('and hashes without end, of what nobody said, it gives in vain', () => {
    alone.say('first')
    settle(alone, watcher)
    const { hlc } = alone.ledger.entries('home', 0, 1)[0]!
    for (let turn = 0; turn < 150; turn++) {
      const origin = alone.ledger.origin()
      const head = alone.ledger.heads().get(origin)
      const body = JSON.parse(watcher.exchange.say('home', {}).body.toString()) as Record<string, unknown>
      const made = { origin, seq: (head?.seq ?? 0) + 1, seen: {}, type: 'account.x', prev: head?.hash ?? '' }
      const signature = Buffer.alloc(32, turn + 1).toString('base64')
      body.entries = [{ ...made, hlc: [hlc.at + turn + 1, 0], payload: '', signature }]
      const bytes = Buffer.from(JSON.stringify(body))
      const signed = Buffer.concat([Buffer.from('vigie exchange 1|POST|/twin/v1/exchange|observer|home|'), bytes])
      pass(10)
      alone.exchange.hear(
        { from: 'observer', body: bytes, signature: Buffer.from(watcher.key.sign(signed)).toString('base64') },
        'question',
      )
    }
    expect(alone.ledger.heads().size).toBeLessThanOrEqual(101)
    expect(alone.ledger.heads().size).toBeGreaterThan(50)
  })
})
