// Two whole sites of one hoster on loopback, with keys of their own, that know each other.
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openKey } from '../../src/twin/key.ts'
import { freePort } from '../servers/ports.ts'
import { QUICK, type TestSite } from '../servers/site.ts'
import type { Stage } from './stage.ts'

export interface PairOptions {
  readonly relays?: Readonly<Record<string, readonly number[]>>
  readonly witnesses?: Readonly<Record<string, readonly number[]>>
  /** Services, by file name. */
  readonly services: Readonly<Record<string, string>>
  readonly policy?: string
  /** Sites that nobody can call (behind NAT). */
  readonly hidden?: readonly string[]
  /** The second one is an observer. */
  readonly observer?: boolean
  /** The public key of a site `old` that ran once. */
  readonly old?: string
  /** Puts what a site had before into its data folder. */
  readonly before?: (site: 'home' | 'offsite', data: string) => void
}

export interface Pair {
  readonly home: TestSite
  readonly offsite: TestSite
  /** Cuts what is between the sites, or mends it; each keeps its own way to everything else. */
  cut(how?: boolean): void
  /** Starts it again on its data, after `stop`. */
  start(site: 'home' | 'offsite', files?: Readonly<Record<string, string>>): Promise<TestSite>
}

/** A policy for tests: minds are made up in seconds. */
export const FAST = QUICK.replace('}', ', fresh: 4s, hold: 2s, takeover: 8s, flap: { changes: 50 } }')

export async function startPair(stage: Stage, options: PairOptions): Promise<Pair> {
  const names = ['home', 'offsite'] as const
  const data = new Map(names.map((name) => [name, mkdtempSync(join(tmpdir(), `vigie-${name}-`))]))
  stage.ends(() => {
    for (const dir of data.values()) rmSync(dir, { recursive: true, force: true })
  })
  const ports = new Map(await Promise.all(names.map(async (name) => [name, await freePort()] as const)))
  const link = await openLink(() => ports.get('offsite')!)
  stage.ends(link.close)
  const sites = names.map((name) => {
    const port = name === 'offsite' ? link.port : ports.get(name)
    const url = options.hidden?.includes(name) ? '' : `url: "http://127.0.0.1:${port}", `
    const role = options.observer && name === 'offsite' ? 'role: observer, ' : ''
    options.before?.(name, data.get(name)!)
    return `  ${name}: { ${role}${url}key: "${openKey(data.get(name)!).publicKey}" }`
  })
  if (options.old !== undefined) sites.push(`  old: { role: former, key: "${options.old}" }`)
  const whole = (name: 'home' | 'offsite') => `
name: Essai
sites:
${sites.join('\n')}
${options.policy ?? FAST}
witnesses: [${(options.witnesses?.[name] ?? []).map((port) => `"127.0.0.1:${port}"`).join(', ')}]
mail:
  from: "Vigie <vigie@elsewhere.example>"
  relays: [${(options.relays?.[name] ?? []).map((port) => `"smtp://127.0.0.1:${port}"`).join(', ')}]
alerts: [ { email: admins@elsewhere.example } ]
`
  const start: Pair['start'] = (name, files = {}) =>
    stage.site(
      { 'site.yaml': whole(name), ...options.services, ...files },
      { site: name, listen: `127.0.0.1:${ports.get(name)}`, data: data.get(name)! },
    )
  const [home, offsite] = [await start('home'), await start('offsite')]
  return { home, offsite, start, cut: link.cut }
}

/** Carries connections to a port until it is cut: then what is open ends, and nothing new comes through. */
async function openLink(to: () => number) {
  const open = new Set<Socket>()
  let down = false
  const server = createServer((socket) => {
    if (down) return socket.destroy()
    const there = connect(to(), '127.0.0.1')
    for (const [one, other] of [
      [socket, there],
      [there, socket],
    ] as const) {
      open.add(one)
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
    return socket
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const cut = (how = true) => {
    down = how
    if (how) for (const socket of open) socket.destroy()
  }
  const close = () => {
    cut()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, cut, close }
}
