import type { Answer } from 'dns-packet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findService } from '../../src/probes/resolver.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { openNames, type Said } from '../servers/names.ts'

async function services(said: Said) {
  const names = await openNames(() => said)
  onTestFinished(() => names.close())
  let found: unknown
  const { outcome } = await lookWith(
    async (look) => {
      found = await findService(look, '_x._tcp.example.test')
      return { ok: true, note: 'asked' }
    },
    { network: loopback({ resolvers: [`127.0.0.1:${names.port}`] }) },
  )
  return outcome.ok === true ? found : outcome
}

const srv = (target: string, port: number, priority: number, weight: number): Answer => ({
  type: 'SRV',
  name: '_x._tcp.example.test',
  ttl: 60,
  data: { target, port, priority, weight },
})

describe('a service of a domain', () => {
  it('is found in the order of its records', async () => {
    const answers = [srv('c.test', 3, 20, 0), srv('B.test.', 2, 10, 1), srv('a.test', 1, 10, 5)]
    expect(await services({ answers })).toEqual([
      { host: 'a.test', port: 1 },
      { host: 'b.test', port: 2 },
      { host: 'c.test', port: 3 },
    ])
  })

  it('may have no record, or one that says there is none', async () => {
    expect(await services({ rcode: 3 })).toBeNull()
    expect(await services({ answers: [] })).toBeNull()
    expect(await services({ answers: [srv('.', 0, 0, 0)] })).toEqual([])
  })

  it('fails with its name servers, and is unknown with our resolver', async () => {
    expect(await services({ rcode: 2 })).toMatchObject({ ok: false, reason: 'dns' })
    expect(await services({ rcode: 5 })).toMatchObject({ ok: null, reason: 'resolver' })
  })
})
