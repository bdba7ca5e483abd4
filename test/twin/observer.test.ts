// An observer stands at somebody else's home: what lets people in does not get there, and all the rest does.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isWithheld } from '../../src/core/ledger/entry.ts'
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
    expect(home.exchange.session('observer')!.refused.size).toBe(0)
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
    expect(offsite.exchange.session('observer')!.refused.size).toBe(0)
    settle(home, offsite)
    expect(everything(offsite)).toEqual(everything(home))
    expect(texts(observer)).toContain('second')
  })

  it('takes no credential that is sent all the same, nor a chain that does not hold', () => {
    home.say('first')
    settle(home, observer)
    const [first] = home.ledger.entries('home', 0, 1)
    const next = {
      origin: 'home',
      seq: 2,
      hlc: { at: first!.hlc.at + 5, count: 0 },
      seen: {},
      prev: observer.ledger.heads().get('home')!.hash,
    }
    const sent = [
      { ...seal({ ...next, type: 'account.credential', payload: Buffer.from('"CANARY"') }, home.key) },
      { ...next, type: 'incident.update', payload: new Uint8Array(), signature: new Uint8Array(32) },
    ]
    for (const entry of sent) {
      const answer = home.exchange.say('observer', {})
      const body = JSON.parse(answer.body.toString()) as Record<string, unknown>
      const { hlc, payload, signature, ...rest } = entry
      body.entries = [
        {
          ...rest,
          hlc: [hlc.at, hlc.count],
          payload: Buffer.from(payload).toString('base64'),
          signature: Buffer.from(signature).toString('base64'),
        },
      ]
      pass(10)
      observer.exchange.hear(resealed(body), 'question')
      expect(observer.ledger.heads().get('home')!.seq).toBe(1)
    }
  })

  function resealed(body: object) {
    const bytes = Buffer.from(JSON.stringify(body))
    const signed = Buffer.concat([Buffer.from('vigie exchange 1|POST|/twin/v1/exchange|home|observer|'), bytes])
    return { from: 'home', body: bytes, signature: Buffer.from(home.key.sign(signed)).toString('base64') }
  }
})
