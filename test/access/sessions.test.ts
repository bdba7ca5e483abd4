import { describe, expect, it } from 'vitest'
import { createSessions, LASTS } from '../../src/access/sessions.ts'
import type { Session, SessionStore } from '../../src/store/sessions.ts'
import { createFolk } from './folk.ts'

const HOUR = 3_600_000

function createStore(): SessionStore & { readonly kept: Map<string, Session>; full: boolean } {
  const kept = new Map<string, Session>()
  const store = {
    kept,
    full: false,
    sessions: () => [...kept.values()],
    keepSession: (session: Session) => {
      if (store.full) throw new Error('SQLITE_FULL')
      kept.set(session.digest, session)
    },
    dropSession: (digest: string) => {
      kept.delete(digest)
    },
  }
  return store
}

async function setUp() {
  const folk = createFolk()
  const store = createStore()
  await folk.enrol('ana')
  const open = () =>
    createSessions({
      store,
      account: (name) => folk.access.known().accounts.get(name),
      now: () => folk.at,
      warn: (note) => folk.warnings.push(note),
    })
  const ana = () => folk.access.known().accounts.get('ana')!
  return { folk, store, open, ana }
}

describe('a session', () => {
  it('lasts twelve hours, or thirty days on a device one trusts, and survives a restart', async () => {
    const { folk, store, open, ana } = await setUp()
    const passing = open().begin(ana(), { trusted: false, device: 'Firefox' })
    const trusted = open().begin(ana(), { trusted: true, device: 'Firefox' })
    expect(open().find(passing)?.account).toBe('ana')
    folk.at += LASTS.passing
    expect(open().find(passing)).toBeNull()
    expect(open().find(trusted)?.account).toBe('ana')
    folk.at += LASTS.trusted
    expect(open().find(trusted)).toBeNull()
    open().begin(ana(), { trusted: false, device: '' })
    expect(JSON.stringify([...store.kept.values()])).not.toContain(passing)
  })

  it('is over when the credential changes or the account goes', async () => {
    const { folk, open, ana } = await setUp()
    const secret = open().begin(ana(), { trusted: true, device: '' })
    await folk.enrol('ana')
    expect(open().find(secret)).toBeNull()
    const second = open().begin(ana(), { trusted: true, device: '' })
    expect(open().of('ana')).toHaveLength(1)
    folk.access.remove('ana', 'cli')
    expect(open().find(second)).toBeNull()
  })

  it('can be ended, is written at most once an hour, and lives without a disk', async () => {
    const { folk, store, open, ana } = await setUp()
    const sessions = open()
    const secret = sessions.begin(ana(), { trusted: true, device: 'x'.repeat(300) })
    folk.at += HOUR / 2
    const { seen, digest, device } = sessions.find(secret)!
    expect(device).toHaveLength(60)
    expect(store.kept.get(digest)!.seen).toBe(seen)
    folk.at += HOUR
    sessions.find(secret)
    expect(store.kept.get(digest)!.seen).toBe(folk.at)
    sessions.end(digest)
    expect(sessions.find(secret)).toBeNull()
    expect(store.kept.size).toBe(0)
    store.full = true
    expect(sessions.find(sessions.begin(ana(), { trusted: false, device: '' }))).not.toBeNull()
    expect(folk.warnings).toHaveLength(1)
  })
})
