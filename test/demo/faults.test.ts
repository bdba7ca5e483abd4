// Each fault of the shipped catalogue, as a look at the replica sees it.
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import type { Check, Configuration, Witness } from '../../src/core/check.ts'
import { createFaults } from '../../src/demo/faults.ts'
import { repertoireOf } from '../../src/demo/repertoire.ts'
import { domainOf, type Replica, startReplica } from '../../src/demo/replica.ts'
import { runLook } from '../../src/net/run.ts'
import { askWitness } from '../../src/net/witness.ts'
import { kinds } from '../../src/probes/index.ts'

const { configuration: shipped, plans } = readConfiguration({ dir: 'checks', environment: {}, data: 'none', kinds })
const configuration: Configuration = {
  ...shipped!,
  services: shipped!.services.map((service) => ({
    ...service,
    checks: service.checks.map((check) => ({
      ...check,
      rule: { ...check.rule, slow: check.rule.slow === null ? null : 200 },
      family: check.id === 'website.http' ? ('both' as const) : check.family,
    })),
  })),
}
const TIMEOUT = 500

const faults = createFaults()
faults.offer(repertoireOf(configuration, domainOf(configuration)))
const pings: string[] = []
let replica: Replica

beforeAll(async () => {
  const ping = (check: Check, ok: boolean) => void pings.push(`${check.id} ${ok}`)
  replica = await startReplica({ configuration, now: Date.now, ping, faults })
})
afterAll(() => replica.stop())
beforeEach(() => faults.clearAll())

async function look(id: string, family: 4 | 6 | null = null) {
  const { plan, connect, allowPrivate, ca } = plans.get(id)!
  if (plan.does === 'wait') throw new Error(`${id} waits`)
  const aim = { network: replica.network, family, connect, allowPrivate, ca, now: Date.now, timeout: TIMEOUT }
  const { outcome, took } = await runLook(plan.probe, aim)
  return { outcome, took, reason: outcome.ok === true ? 'ok' : outcome.reason }
}

async function witnessed(witness: Witness): Promise<number | null> {
  return (await askWitness(witness, { network: replica.network, name: '', within: TIMEOUT, now: Date.now })).took
}

describe('a fault of a service', () => {
  it.each([
    ['files-down', 'files.ping', 'refused'],
    ['files-silent', 'files.ping', 'timeout'],
    ['files-error', 'files.ping', 'status'],
    ['files-garbage', 'files.ping', 'tls'],
    ['files-expired', 'files.ping', 'certificate'],
    ['files-foreign', 'files.ping', 'certificate'],
    ['files-slow', 'files.ping', 'ok'],
    ['mail-down', 'mail.imap', 'refused'],
    ['mail-error', 'mail.imap', 'tls'],
    ['mail.submission-down', 'mail.submission', 'refused'],
    ['mail.submission-down', 'mail.imap', 'ok'],
    ['mail.submission-silent', 'mail.submission', 'timeout'],
    ['mail.submission-error', 'mail.submission', 'status'],
    ['mail.submission-garbage', 'mail.submission', 'protocol'],
    ['mail.imap-expired', 'mail.imap', 'certificate'],
    ['mail.imap-expired', 'mail.submission', 'ok'],
    ['mail.sieve-error', 'mail.sieve', 'status'],
    ['mail.smtp-foreign', 'mail.smtp', 'certificate'],
    ['xmpp-expired', 'xmpp.client', 'certificate'],
    ['xmpp.server-error', 'xmpp.server', 'protocol'],
    ['matrix-down', 'matrix.client', 'refused'],
    ['webmail-error', 'webmail.caldav', 'status'],
    ['hetzner.ssh-error', 'hetzner.ssh', 'content'],
    ['hetzner.ssh-error', 'hetzner.proxmox', 'ok'],
  ])('%s makes %s %s', async (name, id, reason) => {
    expect(faults.set(name)).toBe(true)
    expect((await look(id)).reason).toBe(reason)
    faults.clear(name)
    expect((await look(id)).reason).toBe('ok')
  })

  it('slows it down beyond what counts as quick, and stays within the deadline', async () => {
    faults.set('files-slow')
    const { took } = await look('files.ping')
    expect(took).toBeGreaterThan(200)
    expect(took).toBeLessThan(TIMEOUT)
  })

  it('stops a job from calling, or lets it say that it failed, at once', async () => {
    await expect.poll(() => pings.length).toBeGreaterThanOrEqual(2)
    pings.length = 0
    faults.set('backups.nightly-failed')
    await expect.poll(() => pings).toEqual(['backups.nightly false'])
    faults.clear('backups.nightly-failed')
    await expect.poll(() => pings).toEqual(['backups.nightly false', 'backups.nightly true'])
    faults.set('backups.nightly-missing')
    // Like the others it would say so at once.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(pings).toHaveLength(2)
  })

  it('is there for each door, and only where it makes a difference', () => {
    const names = faults.all().map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).not.toContain('hetzner.ssh-expired')
    expect(names).not.toContain('files.ping-down')
    expect(names).not.toContain('mail.mx-down')
    expect(faults.set('files-nonsense')).toBe(false)
    expect(faults.clear('files-nonsense')).toBe(false)
  })
})

describe('a fault of the world', () => {
  const [https, dns] = [configuration.witnesses[4]!, configuration.witnesses[0]!]
  const [road] = configuration.path

  it.each([
    ['line', 'files.ping', 'resolver', [false, false, false]],
    ['dns', 'files.ping', 'resolver', [false, true, false]],
    ['dns', 'mail.mx', 'resolver', [false, true, false]],
    ['hetzner', 'files.ping', 'timeout', [true, true, false]],
    ['hetzner', 'mail.mx', 'dns', [true, true, false]],
    ['servers', 'mail.imap', 'timeout', [true, true, true]],
    ['servers', 'website.dns', 'dns', [true, true, true]],
    ['names', 'website.dns', 'dns', [true, true, true]],
    ['names', 'files.ping', 'ok', [true, true, true]],
    ['port-25', 'mail.smtp', 'timeout', [true, true, true]],
    ['port-25', 'mail.submission', 'ok', [true, true, true]],
    ['relay-refuses', 'mail.submission', 'ok', [true, true, true]],
  ] as const)('%s makes %s %s', async (name, id, reason, [byName, byAddress, onPath]) => {
    faults.set(name)
    const seen = await Promise.all([look(id), witnessed(https), witnessed(dns), witnessed(road!)])
    const [{ reason: found }, ...answered] = seen
    expect(found).toBe(reason)
    expect(answered.map((took) => took !== null)).toEqual([byName, byAddress, onPath])
  })

  it('busy slows everything, witnesses too', async () => {
    // The quickest of three: now and then the machine is busy by itself.
    const thrice = [await witnessed(https), await witnessed(https), await witnessed(https)]
    const before = Math.min(...thrice.map((took) => took ?? Number.POSITIVE_INFINITY))
    faults.set('busy')
    expect((await look('files.ping')).took).toBeGreaterThan(200)
    expect(await witnessed(https)).toBeGreaterThan(200)
    expect(await witnessed(dns)).toBeGreaterThan(100)
    expect(before).toBeLessThan(200)
  })

  it('ipv6 leaves IPv4 alone', async () => {
    expect((await look('website.http', 6)).reason).toBe('ok')
    faults.set('ipv6')
    expect((await look('website.http', 6)).reason).toBe('timeout')
    expect((await look('website.http', 4)).reason).toBe('ok')
  })

  it('holds nobody any longer once all is repaired', async () => {
    faults.set('relay-hangs')
    const { port } = replica.relays[0]!
    const socket = await replica.network.connect({ address: '127.0.0.1', port, family: 4 }, AbortSignal.timeout(2_000))
    const ended = once(socket.resume(), 'close')
    faults.clearAll()
    await ended
  })

  it('shows the worst of several, and what is left when that is repaired', async () => {
    faults.set('files-slow')
    faults.set('files-error')
    faults.set('servers')
    expect((await look('files.ping')).reason).toBe('timeout')
    faults.clear('servers')
    expect((await look('files.ping')).reason).toBe('status')
    expect(faults.broken().map(({ name }) => name)).toEqual(['files-slow', 'files-error'])
  })
})
