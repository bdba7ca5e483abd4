import { afterEach, describe, expect, it } from 'vitest'
import { reverseName } from '../../src/net/reverse.ts'
import { smtp } from '../../src/probes/smtp.ts'
import { atDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { openNames, type Said } from '../servers/names.ts'
import { GOOD, scripted } from '../servers/script.ts'
import { probeOf } from './settings.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

/** Looks at a server that calls itself mx.test and whose address is looked up so. */
async function look(answer: (name: string, type: string) => Said | undefined, port = 25) {
  const names = await openNames(answer)
  open.push(names)
  const network = loopback({ resolvers: [`127.0.0.1:${names.port}`] })
  const { outcome, phases } = await atDoor(scripted(GOOD.smtp.greeting, GOOD.smtp.script), (door) =>
    lookWith(probeOf(smtp, `mx.test:${port}`, { tls: 'none' }), {
      network,
      connect: { host: 'mx.test', port: door.port },
      timeout: 4_000,
    }),
  )
  return { outcome, phases, heard: names.heard }
}

const called = (data: string): Said => ({ answers: [{ type: 'PTR', name: '1.0.0.127.in-addr.arpa', ttl: 60, data }] })

describe('the name of an address', () => {
  it.each([
    ['127.0.0.1', '1.0.0.127.in-addr.arpa'],
    ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::1', `1.${'0.'.repeat(31)}ip6.arpa`],
    ['1:2:3:4:5:6:7:8', '8.0.0.0.7.0.0.0.6.0.0.0.5.0.0.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.ip6.arpa'],
  ])('of %s is asked for as %s', (address, name) => {
    expect(reverseName(address)).toBe(name)
  })

  it('is noted where a server on port 25 calls itself otherwise', async () => {
    const { outcome, phases, heard } = await look(() => called('dsl-1.example.'))
    expect(outcome).toMatchObject({ ok: true })
    expect(outcome.note).toBe('250, AUTH PLAIN LOGIN, calls itself mx.test, its address dsl-1.example')
    expect(heard).toContain('udp PTR 1.0.0.127.in-addr.arpa')
    expect(phases).toHaveProperty('reverse')
  })

  it.each([
    ['agrees', () => called('MX.test.')],
    ['is nowhere to be found', () => ({ rcode: 3 })],
    ['is refused to us', () => ({ rcode: 5 })],
    ['is never told', () => undefined],
    ['is garbage', () => ({ raw: Buffer.from('8180000100010000000000', 'hex') })],
  ] as [string, () => Said | undefined][])('is not noted where it %s', async (_, answer) => {
    const { outcome } = await look(answer)
    expect(outcome).toMatchObject({ ok: true, note: '250, AUTH PLAIN LOGIN' })
  })

  it('is nobody’s business where members hand in their mail', async () => {
    const { outcome, heard } = await look(() => called('dsl-1.example.'), 587)
    expect(outcome.note).not.toContain('calls itself')
    expect(heard).toEqual([])
  })
})
