import { describe, expect, it, vi } from 'vitest'
import { doing } from '../probes/settings.ts'
import { atDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'

const pause = (length: number) => new Promise((resolve) => setTimeout(resolve, length))

describe('a look', () => {
  it('measures phases in order, and they add up', async () => {
    await atDoor(silent, async ({ port }) => {
      const { outcome, took, phases, via } = await lookWith(
        doing(async (look) => {
          await look.dial({ host: 'web.test', port })
          await pause(30)
          look.mark('greeting')
          await pause(20)
        }),
      )
      expect(outcome).toEqual({ ok: true, note: 'done' })
      expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'greeting'])
      expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(1)
      expect(took).toBeGreaterThan(45)
      expect(via).toEqual({ dns: true, family: 4, port })
    })
  })

  it('lets a probe say at its deadline that it learnt nothing about the target', async () => {
    const { outcome } = await lookWith(
      async (look) => {
        await new Promise((resolve) => look.signal().addEventListener('abort', resolve))
        return { ok: null, reason: 'overload', note: 'whom it asked was silent' }
      },
      { timeout: 100 },
    )
    expect(outcome).toEqual({ ok: null, reason: 'overload', note: 'whom it asked was silent' })
  })

  it('ends at its deadline although the probe ignores it, and names what it waited for', async () => {
    const started = performance.now()
    const { outcome, phases, took } = await lookWith(
      async (look) => {
        look.mark('connect')
        look.begin('tls', 'mx.test')
        return new Promise(() => {})
      },
      { timeout: 200 },
    )
    expect(performance.now() - started).toBeLessThan(1_900)
    expect(outcome).toEqual({
      ok: false,
      reason: 'timeout',
      note: 'no answer to the TLS handshake (mx.test) within 200ms',
    })
    expect(Object.keys(phases)).toEqual(['connect', 'tls'])
    expect(took).toBeGreaterThanOrEqual(199)
  })

  it('does not take good news after the deadline', async () => {
    const late = doing(async (look) => new Promise((resolve) => look.signal().addEventListener('abort', resolve)))
    expect((await lookWith(late, { timeout: 100 })).outcome).toMatchObject({ ok: false, reason: 'timeout' })
  })

  it('blames this machine for a deadline noticed far too late', async () => {
    const busy = doing(async () => {
      const until = performance.now() + 900
      while (performance.now() < until);
      await new Promise(() => {})
    })
    expect((await lookWith(busy, { timeout: 100 })).outcome).toMatchObject({ ok: null, reason: 'overload' })
  })

  it('throws a bug of the probe on, and closes what it had opened', async () => {
    const closed = vi.fn()
    await atDoor(
      (socket) => socket.once('close', closed).resume(),
      async ({ port }) => {
        const broken = doing(async (look) => {
          await look.dial({ host: 'web.test', port })
          throw new TypeError('no such thing')
        })
        await expect(lookWith(broken)).rejects.toThrow(TypeError)
        await expect.poll(() => closed.mock.calls.length).toBe(1)
      },
    )
  })

  it('tells whatever a probe left running to stop', async () => {
    let signal: AbortSignal | undefined
    await lookWith(
      doing(async (look) => {
        signal = look.signal()
      }),
    )
    expect(signal?.aborted).toBe(true)
  })

  it('makes one clean line of a note', async () => {
    const { outcome } = await lookWith(async () => ({ ok: true, note: 'a\r\n\u202eb\u0000' }))
    expect(outcome.note).toBe('a b')
  })

  it('is unknown while our own resolver does not answer', async () => {
    const network = { ...loopback(), resolve: () => new Promise<never>(() => {}) }
    const { outcome, via } = await lookWith(
      doing((look) => look.dial({ host: 'web.test', port: 1 })),
      { network, timeout: 100 },
    )
    expect(outcome).toMatchObject({ ok: null, reason: 'resolver' })
    expect(via).toEqual({ dns: true, family: null, port: 1 })
  })
})
