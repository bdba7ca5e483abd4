// Every key of every kind: taken as it is promised, and recognised with a slip.

import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { kinds } from '../../src/probes/index.ts'
import { EVERY, SECRETS, serviceOf } from './every-key.ts'
import { briefly, readFiles } from './folders.ts'

const PARENT = 'service: Parent\nchecks:\n  - ping: parent.asso.test\n'

const read = (checks: readonly string[], environment: Readonly<Record<string, string>> = SECRETS) =>
  readFiles({ 'parent.yaml': PARENT, 'all.yaml': serviceOf(checks) }, { kinds, environment })

describe('every key of every kind', () => {
  it('is taken, and every kind is there', () => {
    const reading = read(EVERY)
    expect(briefly(reading)).toEqual([])
    const [all] = reading.configuration!.services
    expect([...new Set(all!.checks.map(({ kind }) => kind))].sort()).toEqual(Object.keys(kinds).sort())
  })

  it('is taken with the keys that all kinds have, those that do nothing there with a warning', () => {
    const common = [
      ['every: 2m', 'timeout: 90s', 'retry: 10s', 'fall: 2', 'rise: 3', 'slow: 2s', 'family: both'],
      ['connect: y.asso.test:444', 'depends: [parent]', 'expires_in: 14d', 'essential: true', 'allow_private: true'],
      ['audience: admins', 'from: [home]'],
    ].flat()
    const whole = EVERY.map((check) => {
      const missing = common.filter((line) => !check.includes(`\n${line.split(':', 1)[0]}:`))
      return [check, ...missing].join('\n')
    })
    const reading = read(whole)
    expect(briefly(reading)).toEqual([])
    const idle = reading.warnings.map(({ message }) => message).filter((message) => message.includes('does nothing'))
    expect([...new Set(idle)].sort()).toEqual([
      'connect does nothing for heartbeat',
      'connect does nothing for mailtrip',
      'connect does nothing for xmpptrip',
      'every does nothing here: heartbeat comes as often as its target says',
      'family does nothing for dns',
      'family does nothing for heartbeat',
      'family does nothing for mailhealth',
    ])
    const [all] = reading.configuration!.services
    for (const { id, kind, family } of all!.checks) {
      expect(family).toBe(['dns', 'heartbeat', 'mailhealth'].includes(kind) ? null : 'both')
      const looks = !['heartbeat', 'mailtrip', 'xmpptrip'].includes(kind)
      expect(reading.plans.get(id)?.connect != null).toBe(looks)
    }
  })

  it('tells what a chat check proves, whatever it is called', () => {
    const { configuration } = read(EVERY)
    const chats = configuration!.services[0]!.checks.filter(({ kind }) => kind === 'xmpp')
    expect(chats.map(({ proves }) => proves)).toEqual(['connect', 'federate', 'browse', 'browse'])
  })

  it('is taken while the secrets are missing: warnings, and checks that can’t be used', () => {
    const reading = read(EVERY, {})
    expect(briefly(reading)).toEqual([])
    const secretive = EVERY.flatMap((check, at) => (check.includes('${secret:') ? [`all.c${at}`] : []))
    const [all] = reading.configuration!.services
    expect(all!.checks.filter(({ unusable }) => unusable !== null).map(({ id }) => id)).toEqual(secretive)
    expect(reading.warnings.filter(({ message }) => message.includes('is missing')).length).toBeGreaterThan(15)
  })

  it('shows no secret in what it is complained of', () => {
    const spoilt = EVERY.map((check) => `${check.replace(/\n\w+:.*$/, '')}\nsecret: "\${secret:word}"`)
    const said = JSON.stringify(read(spoilt).mistakes)
    expect(said).toContain('secret')
    for (const secret of Object.values(SECRETS)) expect(said).not.toContain(secret)
  })

  it.each(EVERY.map((check) => [check.split('\n', 1)[0]!, check] as const))('%s: a slip is recognised', (_, check) => {
    const [, ...keys] = Object.keys(parse(check) as object)
    for (const key of keys) {
      const slip = key.slice(0, -2) + key.at(-1) + key.at(-2)
      if (slip === key || key.length < 4) continue
      const line = 4 + check.split('\n').findIndex((text) => text.startsWith(`${key}:`)) - 1
      const { mistakes } = read([check.replace(`\n${key}:`, `\n${slip}:`)])
      expect(mistakes).toContainEqual(
        expect.objectContaining({ line, message: `unknown key "${slip}"`, hint: `did you mean "${key}"?` }),
      )
    }
  })
})
