import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { checksOf } from '../../src/core/check.ts'
import { statusOf } from '../../src/core/verdict/service.ts'
import { type Replica, startReplica } from '../../src/demo/replica.ts'
import { runLook } from '../../src/net/run.ts'
import { kinds } from '../../src/probes/index.ts'

const { configuration, plans, mistakes, warnings } = readConfiguration({
  dir: 'checks',
  environment: {},
  data: 'no-such-folder',
  kinds,
})

describe('the shipped checks/', () => {
  it('read without a mistake or a warning', () => {
    expect(mistakes).toEqual([])
    expect(warnings).toEqual([])
  })

  it('hold the whole catalogue, with every text in both languages', () => {
    const { services, groups } = configuration!
    expect(services.map(({ id }) => id)).toEqual(
      'backups files framadate hetzner lufi lutim mail matrix notes office pads turtl wallabag webmail website xmpp'.split(
        ' ',
      ),
    )
    for (const { id, name, about, group } of services) {
      expect([name.fr, name.en].every(Boolean), id).toBe(true)
      if (id !== 'backups') expect([about?.fr, about?.en].every(Boolean), id).toBe(true)
      expect(groups.map((one) => one.id)).toContain(group)
    }
  })

  it('have words ready for bad nights, in both languages', () => {
    const { templates } = configuration!
    expect(templates.map(({ id }) => id)).toEqual([
      'certificate',
      'mail-delayed',
      'provider',
      'slow',
      'unknown',
      'update',
    ])
    for (const { id, title, text } of templates)
      for (const one of [title, text]) expect([one.fr, one.en].every(Boolean), id).toBe(true)
  })

  it('hang everything on the machine that carries it', () => {
    for (const check of checksOf(configuration!)) {
      if (!['hetzner', 'backups'].includes(check.service)) expect(check.depends, check.id).toContain('hetzner')
    }
  })

  it('call mail down as a whole when none of its servers answers, and in part when one does', () => {
    const { checks } = configuration!.services.find(({ id }) => id === 'mail')!
    const without = (answers: (target: string) => boolean) =>
      statusOf(checks, ({ target }) => (/:\d+$/.test(target) && !answers(target) ? 'down' : 'up'), false).status
    expect(without(() => false)).toBe('major_outage')
    expect(without((target) => target.endsWith(':993'))).toBe('partial_outage')
  })

  it('ask enough witnesses, and none too often', () => {
    const { witnesses, policy } = configuration!
    const hosts = witnesses.map((one) =>
      one.kind === 'https' ? new URL(one.url).hostname : one.kind === 'dns' ? one.address : one.host,
    )
    expect(new Set(hosts).size).toBeGreaterThanOrEqual(8)
    expect((2 * 86_400_000) / policy.witnessEvery).toBeLessThanOrEqual(12_000)
  })
})

describe('the shipped checks/ against the replica', () => {
  let replica: Replica
  beforeAll(async () => {
    replica = await startReplica({ configuration: configuration!, now: Date.now, ping: () => {} })
  })
  afterAll(() => replica.stop())

  const looks = [...plans].flatMap(([id, { plan, connect, allowPrivate, ca }]) =>
    plan.does === 'look' ? [{ id, probe: plan.probe, connect, allowPrivate, ca }] : [],
  )

  it.each(looks)('$id is fine', async ({ probe, ...aim }) => {
    const { outcome } = await runLook(probe, {
      ...aim,
      network: replica.network,
      family: null,
      now: Date.now,
      timeout: 5_000,
    })
    expect(outcome).toMatchObject({ ok: true })
  })
})
