// A map within a check: read by its kind, its slips reported like any other.
import { describe, expect, it } from 'vitest'
import type { Login } from '../../src/core/settings.ts'
import type { ProbeKind } from '../../src/probes/kind.ts'
import { briefly, readFiles } from './folders.ts'

const read: { user?: string; within?: number }[] = []

const trip: ProbeKind = {
  summary: 'A letter arrives.',
  example: 'probe@example.org',
  configure(settings) {
    settings.target()
    const login = settings.section('submit', (keys): Login | undefined => {
      if (keys.text('smtp') === undefined) keys.complain(null, 'submit needs smtp')
      return keys.login('login')
    })
    read.push(login ? { user: login.user } : {})
    return { does: 'look', probe: async () => ({ ok: true, note: '' }) }
  },
}

const files = (submit: string) =>
  readFiles(
    { 'mail.yaml': `service: Mail\nchecks:\n  - trip: probe@nomagic.test\n    submit: ${submit}\n` },
    { kinds: { trip } },
  )

describe('a section', () => {
  it('is read as its kind says', () => {
    expect(files('{ smtp: mail.example, login: { user: probe, password: secret } }').mistakes).toEqual([])
    expect(read.at(-1)).toEqual({ user: 'probe' })
  })

  it.each([
    ['{ smpt: mail.example }', ['mail.yaml:4:13: submit needs smtp', 'mail.yaml:4:15: unknown key "smpt"']],
    ['{ smtp: mail.example, login: { user: probe } }', ['mail.yaml:4:42: login needs `password`']],
    ['often', ['mail.yaml:4:13: submit must be a map (key: value), not text']],
  ])('%s is reported where it stands', (submit, expected) => {
    expect(briefly(files(submit))).toEqual(expected)
  })
})

describe('a round trip', () => {
  const chat: ProbeKind = {
    summary: 'A message arrives.',
    example: 'probe@example.org',
    from: 'any',
    ownFrom: true,
    configure(settings) {
      settings.target()
      settings.section('from', (keys) => keys.login('login'))
      return { does: 'look', probe: async () => ({ ok: true, note: '' }) }
    },
  }
  const written = (from: string) =>
    readFiles(
      { 'chat.yaml': `service: Chat\nchecks:\n  - chat: probe@nomagic.test\n    from: ${from}\n` },
      { kinds: { chat } },
    )

  it('has a sender where other kinds say which sites look, and is made by one site at a time', () => {
    const read = written('{ login: { user: probe, password: secret } }')
    expect(read.mistakes).toEqual([])
    expect(read.configuration?.services[0]?.checks[0]?.from).toBe('any')
  })

  it('has no other way to say which sites look', () => {
    expect(briefly(written('all'))).toEqual(['chat.yaml:4:11: from must be a map (key: value), not text'])
  })
})
