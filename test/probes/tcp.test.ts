import { describe, expect, it } from 'vitest'
import { tcp } from '../../src/probes/tcp.ts'
import { openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { configure, probeOf } from './settings.ts'

async function look(serve: Parameters<typeof openDoor>[0], banner?: string) {
  const door = await openDoor(serve)
  try {
    return await lookWith(probeOf(tcp, `ssh.test:${door.port}`, banner === undefined ? {} : { banner }), {
      timeout: 300,
    })
  } finally {
    await door.close()
  }
}

describe('tcp', () => {
  it('is content with an open port', async () => {
    const { outcome, phases } = await look(() => {})
    expect(outcome).toEqual({ ok: true, note: 'port open' })
    expect(Object.keys(phases)).toEqual(['resolve', 'connect'])
  })

  it('wants the banner it is told of', async () => {
    const greet = (text: string) => (socket: import('node:net').Socket) => {
      socket.write(text)
    }
    expect((await look(greet('SSH-2.0-OpenSSH_9.2\r\n'), 'SSH-2.0-')).outcome).toEqual({
      ok: true,
      note: 'SSH-2.0-OpenSSH_9.2',
    })
    expect((await look(greet('HTTP/1.1 400\r\n'), 'SSH-2.0-')).outcome).toMatchObject({ ok: false, reason: 'content' })
    expect((await look(greet('SSH-2.0'), 'SSH-2.0-')).outcome).toMatchObject({
      ok: false,
      reason: 'timeout',
      note: 'no greeting within 300ms',
    })
  })

  it('says refused where the port is closed', async () => {
    const door = await openDoor(() => {})
    await door.close()
    const { outcome } = await lookWith(probeOf(tcp, `ssh.test:${door.port}`))
    expect(outcome).toMatchObject({ ok: false, reason: 'refused' })
  })

  it('reads its own keys', () => {
    expect([...configure(tcp, 'ssh.test:22').read]).toEqual(['banner'])
  })
})
