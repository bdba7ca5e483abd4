import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBoard } from '../../src/board/board.ts'
import { incidentsIn } from '../../src/cli/folder/statements.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { type Ledger, openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { correction, INCIDENT, NOON, OPEN, update } from '../core/sayings.ts'

let dir: string
let now: number
let ledger: Ledger

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-board-'))
  now = NOON
  ledger = open()
})
afterEach(() => {
  ledger.close()
  rmSync(dir, { recursive: true, force: true })
})

function open(): Ledger {
  return openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: () => now })
}

const PLAN = {
  id: 'mmmmmmmmmmmm',
  by: 'cli',
  at: NOON,
  key: null,
  title: { fr: 'Travaux' },
  text: { fr: 'Nous travaillons.' },
  services: ['pads', 'notes'],
  plan: { begins: NOON + HOUR, ends: NOON + 2 * HOUR, repeats: null, timezone: 'Europe/Paris' },
}

describe('the board', () => {
  it('shows what was said, at once and after a restart', () => {
    const board = createBoard(ledger)
    let news = 0
    board.onNews(() => news++)
    board.say('incident.open', OPEN)
    board.say('incident.update', update('a', 'identified'))
    expect(news).toBe(2)
    expect(board.incidents()).toMatchObject([{ id: INCIDENT, status: 'identified' }])
    expect(board.incidents()).toBe(board.incidents())
    const before = board.incident(INCIDENT)
    ledger.close()
    ledger = open()
    expect(createBoard(ledger).incident(INCIDENT)).toEqual(before)
  })

  it('hides what was taken back, and still knows it', () => {
    const board = createBoard(ledger)
    board.say('incident.open', OPEN)
    board.say('incident.retract', { id: INCIDENT, by: 'alice', at: NOON, key: null, update: null })
    expect(board.incidents()).toEqual([])
    expect(board.incident(INCIDENT)?.retracted).toBe(true)
  })

  it('is one incident what two sites drafted from one outage, under every name that it has', () => {
    const board = createBoard(ledger)
    const other = { ...OPEN, id: 'bbbbbbbbbbbb', update: 'v00000000000', outages: ['web-early'] }
    board.say('incident.update', { ...update('a', 'identified'), id: 'bbbbbbbbbbbb' })
    board.say('incident.open', { ...OPEN, outages: ['web-late'] })
    board.say('incident.open', other)
    expect(board.incidents()).toHaveLength(2)
    ledger.say('outage.close', { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' })
    board.say('incident.update', { ...update('b', 'monitoring'), id: INCIDENT })
    for (const now of [board, createBoard(ledger)]) {
      expect(now.incidents()).toMatchObject([{ id: INCIDENT, formerly: ['bbbbbbbbbbbb'], outages: ['web-early'] }])
      for (const id of [INCIDENT, 'bbbbbbbbbbbb']) expect(now.incident(id)).toEqual(now.incident(INCIDENT))
      expect(now.incident(INCIDENT)?.updates).toHaveLength(4)
    }
    expect(incidentsIn(dir)).toMatchObject([{ id: INCIDENT, formerly: ['bbbbbbbbbbbb'] }])
  })

  it('is one still when the mails of that time were taken out, whatever the word for it names', () => {
    ledger.say('incident.open', { ...OPEN, outages: ['web-late'] })
    ledger.say('incident.open', { ...OPEN, id: 'bbbbbbbbbbbb', update: 'v00000000000', outages: ['web-early'] })
    ledger.say('outage.close', { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' })
    const outage = { id: 'mail-1', service: 'mail', audience: 'members' }
    const entries = Array.from({ length: 250 }, () => ({ type: 'outage.close', payload: outage }))
    ledger.remember({ living: new Map(), letters: [], entries })
    ledger.say('incident.update', update('a', 'resolved'))
    now += 100 * DAY
    ledger.fold(() => Number.MAX_SAFE_INTEGER)
    expect(ledger.statements('outage').map(({ seq }) => seq)).toEqual([3])
    expect(createBoard(ledger).incidents()).toHaveLength(1)
    ledger.say('ledger.checkpoint', { folded: { home: [[3, 253]] } })
    expect(createBoard(ledger).incidents()).toHaveLength(1)
  })

  it('knows an outage under every name that sites gave it, whatever they heard first, and after a restart', () => {
    const gaveWay = { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' }
    const board = createBoard(ledger)
    let news = 0
    board.say('ack', { outage: 'web-late', by: 'alice', at: NOON + MINUTE })
    board.say('ack', { outage: 'web-early', by: 'bob', at: NOON + 2 * MINUTE })
    board.say('incident.open', { ...OPEN, outages: ['web-late', 'web-early', 'mail-1'] })
    expect(board.acknowledgement('web-early')?.by).toBe('bob')
    board.onNews(() => news++)
    ledger.say('outage.close', gaveWay)
    ledger.say('outage.open', { id: 'mail-1', service: 'mail', audience: 'members' })
    expect(news).toBe(1)
    for (const now of [board, createBoard(ledger)]) {
      expect(now.isSame('web-late', 'web-early')).toBe(true)
      expect(now.isSame('web-late', 'mail-1')).toBe(false)
      for (const name of ['web-late', 'web-early']) expect(now.acknowledgement(name)?.by).toBe('alice')
      expect(now.acknowledgement('mail-1')).toBeNull()
      for (const one of [...now.incidents(), now.incident(INCIDENT)!])
        expect(one.outages).toEqual(['web-early', 'mail-1'])
    }
    board.say('ack', { outage: 'web-late', by: 'carol', at: NOON + 3 * MINUTE })
    expect(board.acknowledgement('web-early')?.by).toBe('alice')
  })

  it('knows which services are being worked on, from the first moment to the last', () => {
    const board = createBoard(ledger)
    board.say('maintenance.plan', PLAN)
    const at = (moment: number) => [...board.maintained(moment)].sort()
    expect(at(NOON)).toEqual([])
    expect(at(NOON + HOUR)).toEqual(['notes', 'pads'])
    expect(at(NOON + 2 * HOUR - 1)).toEqual(['notes', 'pads'])
    expect(at(NOON + 2 * HOUR)).toEqual([])
    const said = { id: PLAN.id, by: 'cli', at: NOON, key: null }
    board.say('maintenance.prolong', { ...said, time: NOON + HOUR, ends: NOON + 3 * HOUR })
    expect(at(NOON + 2 * HOUR)).toEqual(['notes', 'pads'])
    board.say('maintenance.cancel', { ...said, at: NOON + 2 * HOUR, time: null })
    expect(at(NOON + 2 * HOUR)).toEqual([])
    expect(at(NOON - DAY)).toEqual([])
  })

  it('remembers who saw an outage first', () => {
    const board = createBoard(ledger)
    expect(board.acknowledgement('mail-1')).toBeNull()
    board.say('ack', { outage: 'mail-1', by: 'alice', at: NOON })
    board.say('ack', { outage: 'mail-1', by: 'bob', at: NOON + 1 })
    expect(board.acknowledgement('mail-1')).toEqual({ outage: 'mail-1', by: 'alice', at: NOON })
  })

  it('lets an admin say otherwise for a while', () => {
    const board = createBoard(ledger)
    const said = { service: 'mail', status: 'operational', text: null, by: 'alice', at: NOON, key: null } as const
    board.say('override', { ...said, until: NOON + HOUR })
    expect(board.override('mail', NOON + MINUTE)?.status).toBe('operational')
    expect(board.override('mail', NOON + HOUR)).toBeNull()
    board.say('override', { ...said, status: null, until: NOON + HOUR })
    expect(board.override('mail', NOON + MINUTE)).toBeNull()
  })

  it('knows what a request made that is repeated, also after a restart', () => {
    createBoard(ledger).say('incident.open', { ...OPEN, key: 'alice:1' })
    createBoard(ledger).say('incident.update', { ...update('a', 'resolved'), key: 'alice:2' })
    const board = createBoard(ledger)
    expect(board.made('alice:1')).toBe(INCIDENT)
    expect(board.made('alice:2')).toBe(INCIDENT)
    expect(board.made('alice:3')).toBeUndefined()
  })

  it('forgets the key of a request after ten thousand others', () => {
    const saying = (at: number) => ({ id: INCIDENT, by: 'alice', at: NOON, key: `alice:${at}`, update: null })
    const statements = Array.from({ length: 10_001 }, (_, at) => ({
      ...{ origin: 'home', seq: at + 1, hlc: { at: NOON, count: at }, seen: {} },
      ...{ type: 'incident.retract', payload: saying(at) },
    }))
    const board = createBoard({ ...ledger, statements: () => statements })
    expect(board.made('alice:0')).toBeUndefined()
    expect(board.made('alice:1')).toBe(INCIDENT)
    expect(board.made('alice:10000')).toBe(INCIDENT)
  })

  it('counts what was said once where it is said again, because this ledger was an old copy', () => {
    const board = createBoard(ledger)
    board.say('incident.open', OPEN)
    board.say('incident.update', update('a', 'identified'))
    let news = 0
    board.onNews(() => news++)
    ledger.beginAnew('home', 0, null)
    expect(ledger.origin()).toBe('home.2')
    expect(news).toBeGreaterThan(0)
    expect(board.incident(INCIDENT)).toEqual(createBoard(ledger).incident(INCIDENT))
    expect(board.incident(INCIDENT)).toMatchObject({ said: 2, status: 'identified' })
  })

  it('passes over what it does not understand', () => {
    ledger.say('incident.open', { id: 'nonsense' })
    ledger.say('incident.sing', {})
    ledger.say('account.invite', {})
    const board = createBoard(ledger)
    board.say('incident.open', OPEN)
    expect(board.incidents().length).toBe(1)
  })

  it('knows who had an outage, by any of its names', () => {
    const board = createBoard(ledger)
    const web = { service: 'web', audience: 'members', since: NOON }
    ledger.say('outage.open', { ...web, id: 'web-late' })
    expect([...board.hadBy('web-late')]).toEqual(['home'])
    expect(board.hadBy('web-early').size).toBe(0)
    ledger.say('outage.open', { ...web, id: 'web-early' })
    ledger.say('outage.close', { ...web, id: 'web-late', became: 'web-early' })
    ledger.say('outage.close', { ...web, id: 'web-early', ended: NOON + MINUTE })
    for (const now of [board, createBoard(ledger)])
      for (const name of ['web-late', 'web-early']) expect([...now.hadBy(name)]).toEqual(['home'])
  })

  it('begins within three seconds of work with 10,000 incidents', () => {
    ledger.close()
    const quick = openLedger(dir, {
      site: 'home',
      sealer: { seal: (f) => ({ ...f, signature: new Uint8Array(64) }), isOwn: () => true, hashOf: () => '' },
      now: () => now,
    })
    const name = (at: number, letter: string) => letter + at.toString(36).padStart(11, '0')
    const entries = Array.from({ length: 10_000 }, (_, at) => {
      const id = name(at, 'i')
      const opened = { ...OPEN, id, update: name(at, 'u'), started: NOON - at * HOUR }
      return [
        { type: 'incident.open', payload: opened },
        { type: 'incident.correct', payload: { ...correction({ impact: 'minor' }), id } },
        { type: 'incident.update', payload: { ...update('', 'resolved', 'Fini.'), id, update: name(at, 'r') } },
      ]
    }).flat()
    quick.remember({ living: new Map(), letters: [], entries })
    quick.close()
    ledger = open()
    const begun = process.cpuUsage()
    const board = createBoard(ledger)
    expect(board.incidents().length).toBe(10_000)
    const { user, system } = process.cpuUsage(begun)
    expect((user + system) / 1000).toBeLessThan(3000)
  }, 30_000)

  it('keeps a service muted until its time is over, or until somebody speaks', () => {
    const board = createBoard(ledger)
    const mute = { service: 'pads', muted: true, until: NOON + HOUR, by: 'alice', at: NOON }
    board.say('mute', mute)
    expect(board.mutedUntil('pads', NOON)).toBe(NOON + HOUR)
    expect(board.mutedUntil('notes', NOON)).toBeNull()
    expect(board.mutedUntil('pads', NOON + HOUR)).toBeNull()
    // A clock that was set back by years mutes nothing for years.
    expect(board.mutedUntil('pads', NOON - 400 * DAY)).toBeNull()
    board.say('mute', { ...mute, muted: false })
    expect(board.mutedUntil('pads', NOON)).toBeNull()
    ledger.say('mute', { ...mute, until: NOON + 30 * DAY })
    expect(board.mutedUntil('pads', NOON)).toBeNull()
  })
})
