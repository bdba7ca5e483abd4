// What a service manager hears, on a real datagram socket and by systemd's own command, from a whole site.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { supervisorFrom } from '../../src/process/watchdog.ts'
import { whenPresent } from '../real/present.ts'
import { QUICK, startSite } from '../servers/site.ts'

/** Which of the three that must move stands still; what stops the schedule for good; a page under way is finished. */
const hand = vi.hoisted(() => ({ stands: '', stopLooking: () => {}, settled: async () => {} }))

vi.mock(import('../../src/rounds.ts'), async (original) => {
  const { createRounds } = await original()
  return {
    createRounds: (deps) => {
      const rounds = createRounds(deps)
      hand.stopLooking = rounds.stop
      return rounds
    },
  }
})

vi.mock(import('../../src/cycle.ts'), async (original) => {
  const { createCycle } = await original()
  return {
    createCycle: (deps) => {
      const cycle = createCycle(deps)
      const tick = () => {
        if (hand.stands === 'store') throw new Error('disk I/O error')
        cycle.tick()
      }
      return { ...cycle, tick }
    },
  }
})

vi.mock(import('../../src/page/folder/publish.ts'), async (original) => {
  const { createPublisher } = await original()
  return {
    createPublisher: (deps) => {
      const publisher = createPublisher(deps)
      hand.settled = publisher.settled
      return {
        ...publisher,
        publish: async (picture) => {
          if (hand.stands !== 'publisher') await publisher.publish(picture)
        },
      }
    },
  }
})

/** Reads datagrams as a service manager does: one line of JSON each, and closes what `BARRIER=1` brings to be closed. */
const EAR = `
import array, json, os, socket, sys
ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
ear.bind(sys.argv[1])
print('null', flush=True)
while True:
    said, ancillary, _, _ = ear.recvmsg(65536, socket.CMSG_SPACE(16))
    for level, kind, data in ancillary:
        if kind == socket.SCM_RIGHTS:
            for handle in array.array('i', data):
                os.close(handle)
    if said != b'BARRIER=1':
        print(json.dumps(said.decode().strip()), flush=True)
`

async function startManager() {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-manager-'))
  const socket = join(folder, 'notify')
  const heard: string[] = []
  const child: ChildProcess = spawn('python3', ['-c', EAR, socket], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise<void>((listening) => {
    createInterface(child.stdout!).on('line', (line) => {
      const said: unknown = JSON.parse(line)
      if (typeof said === 'string') heard.push(said)
      else listening()
    })
  })
  return {
    socket,
    heard,
    fed: () => heard.filter((said) => said.startsWith('WATCHDOG=1')).length,
    stop: async () => {
      child.kill('SIGKILL')
      await new Promise((gone) => child.once('exit', gone))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const PATIENCE = 400
const open: { stop(): unknown }[] = []

beforeEach(() => {
  hand.stands = ''
})

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

/** A site under a manager with little patience; `sleep` moves its clocks on, as a machine asleep would. */
async function startSupervised() {
  const target = createServer((_request, response) => response.end('fine'))
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
  open.push({ stop: () => new Promise((done) => target.close(done)) })
  const manager = await startManager()
  open.push(manager)
  let slept = 0
  const site = await startSite(
    {
      'site.yaml': `name: Essai\nsites: { home: {} }\n${QUICK}\n`,
      'web.yaml': `service: Web\nchecks:\n  - http: http://127.0.0.1:${(target.address() as AddressInfo).port}/\n    allow_private: true\n`,
    },
    {
      supervisor: { socket: manager.socket, patience: PATIENCE },
      wall: () => Date.now() + slept,
      monotonic: () => performance.now() + slept,
    },
  )
  open.push(site)
  const sleep = (minutes: number) => {
    slept += minutes * 60_000
  }
  const feeds = (times: number) => {
    const before = manager.fed()
    return site.until(`fed ${times} times`, () => manager.fed() >= before + times)
  }
  await site.until('ready', () => manager.heard.length > 0)
  return { site, manager, sleep, feeds }
}

whenPresent(['python3', 'systemd-notify'])('a site under a service manager', () => {
  it('says that it is ready when the page answers, and feeds the watchdog at half of its patience', async () => {
    const { site, manager, feeds } = await startSupervised()
    expect(manager.heard[0]).toMatch(/^READY=1\nSTATUS=scheduler: .*; store: .*; publisher: .*$/)
    expect(await site.get('/healthz')).toContain('"ok":true')
    const began = performance.now()
    await feeds(3)
    expect(performance.now() - began).toBeGreaterThan(2 * (PATIENCE / 2) - 50)
    expect(manager.heard.at(-1)).toMatch(/^WATCHDOG=1\nSTATUS=scheduler: last look \d+ s ago; store: .*; publisher: /)
  })

  it('goes on feeding after a sleep of ten minutes: all three move again by themselves', async () => {
    const { sleep, feeds } = await startSupervised()
    await feeds(1)
    sleep(10)
    await feeds(3)
  })

  it('says that it reads the configuration, and that it is ready again, whether that was good or not', async () => {
    const { site, manager, feeds } = await startSupervised()
    const words = () => manager.heard.map((said) => said.split('=')[0]).filter((word) => word !== 'WATCHDOG')
    for (const text of ['service: Web\n', 'service: Web\nchecks: [ { tcp: "127.0.0.1:9", allow_private: true } ]\n']) {
      manager.heard.length = 0
      site.write('web.yaml', text)
      await site.until('read', () => words().length >= 2)
      expect(words().slice(0, 2)).toEqual(['RELOADING', 'READY'])
    }
    await feeds(2)
  })

  it('says that it stops, before it has stopped', async () => {
    const { site, manager } = await startSupervised()
    await site.stop()
    open.pop()
    expect(manager.heard.at(-1)).toBe('STOPPING=1\nSTATUS=Stopping.')
  })

  it('feeds on while only the disk of the pages is at fault: starting anew would not mend it', async () => {
    const { site, manager, sleep, feeds } = await startSupervised()
    await feeds(1)
    rmSync(join(site.data, 'public'), { recursive: true })
    writeFileSync(join(site.data, 'public'), 'no folder')
    site.write('other.yaml', 'service: Other\nchecks: [ { tcp: "127.0.0.1:9", allow_private: true } ]\n')
    await site.until('unwell', async () => (await site.get('/healthz')).includes('"ok":false'))
    sleep(4)
    await feeds(3)
    expect(manager.heard.at(-1)).not.toContain('Standing still')
  })

  describe('goes hungry when one part stands still and the others move', () => {
    it.each(['scheduler', 'store', 'publisher'])('the %s', async (part) => {
      const { site, manager, sleep, feeds } = await startSupervised()
      await feeds(1)
      hand.stands = part
      if (part === 'scheduler') hand.stopLooking()
      await hand.settled()
      sleep(4)
      await site.until('hungry', () => manager.heard.at(-1)?.startsWith(`STATUS=Standing still: ${part}. `) ?? false)
      const fed = manager.fed()
      // So long that the manager, who had heard nothing, would have ended it.
      await new Promise((resolve) => setTimeout(resolve, PATIENCE))
      expect(manager.fed()).toBe(fed)
      const { parts } = JSON.parse(await site.get('/healthz')) as { parts: Record<string, { ok: boolean }> }
      expect(Object.keys(parts).filter((name) => !parts[name]!.ok)).toEqual([part])
      expect(site.log.filter((line) => line.includes(`goes hungry: Standing still: ${part}`))).not.toHaveLength(0)
      if (part === 'scheduler') return
      hand.stands = ''
      sleep(1)
      await feeds(2)
    })
  })
})

describe('the environment', () => {
  it('says who listens and how patient they are', () => {
    expect(supervisorFrom({ NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '120000000' })).toEqual({
      socket: '/run/systemd/notify',
      patience: 120_000,
    })
    expect(supervisorFrom({ NOTIFY_SOCKET: '@abstract', WATCHDOG_USEC: 'soon' })).toEqual({
      socket: '@abstract',
      patience: null,
    })
  })

  it.each([{}, { NOTIFY_SOCKET: '' }, { WATCHDOG_USEC: '1000000' }])('without a socket names nobody: %o', (given) => {
    expect(supervisorFrom(given)).toBeNull()
  })
})
