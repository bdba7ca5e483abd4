// What a trial puts on the stage: targets that break and mend, relays, one whole site. All of it ends with the test.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { afterEach, expect } from 'vitest'
import { type Received, type RelayManners, startRelay, type TestRelay } from '../servers/relay.ts'
import { startSite, type TestSite } from '../servers/site.ts'

/** A web server that can be broken, mended and slowed down under way. */
export interface Target {
  readonly port: number
  readonly url: string
  /** When it was asked, in monotonic milliseconds. */
  readonly asked: readonly number[]
  break(how?: boolean): void
  /** Answers so many milliseconds late from now on. */
  slow(by: number): void
}

export interface Stage {
  /** Ends with the test, the last one first. */
  ends(close: () => unknown): void
  relay(manners?: RelayManners): Promise<TestRelay>
  target(): Promise<Target>
  /** Somebody else's host that accepts connections; `port` to come back at the same place. */
  witness(port?: number): Promise<{ readonly port: number; stop(): Promise<void> }>
  site(files: Readonly<Record<string, string>>, options?: Parameters<typeof startSite>[1]): Promise<TestSite>
}

export function openStage(): Stage {
  const open: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close()
  })
  return {
    ends: (close) => {
      open.push(close)
    },
    relay: async (manners) => {
      const relay = await startRelay(manners)
      open.push(relay.close)
      return relay
    },
    target,
    witness,
    site: async (files, options) => {
      const one = await startSite(files, options)
      open.push(one.stop)
      return one
    },
  }

  async function target(): Promise<Target> {
    let broken = false
    let late = 0
    const asked: number[] = []
    const server = createServer((_request, response) => {
      asked.push(performance.now())
      response.statusCode = broken ? 500 : 200
      setTimeout(() => response.end('fine'), late)
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    open.push(() => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    })
    const { port } = server.address() as AddressInfo
    return {
      port,
      url: `http://127.0.0.1:${port}/`,
      asked,
      break: (how = true) => {
        broken = how
      },
      slow: (by) => {
        late = by
      },
    }
  }

  async function witness(port = 0) {
    const server = createTcp((socket) => socket.on('error', () => {}).destroy())
    await once(server.listen(port, '127.0.0.1'), 'listening')
    const stop = () => new Promise<void>((done) => (server.listening ? server.close(() => done()) : done()))
    open.push(stop)
    return { port: (server.address() as AddressInfo).port, stop }
  }
}

/** Makes up its mind in a second or two, and waits long enough for a busy machine. */
const QUICK: Readonly<Record<string, string>> = {
  every: '300ms',
  retry: '150ms',
  timeout: '1s',
  fall: '2',
  rise: '1',
  witness_every: '400ms',
  taint: '1s',
  mail_after: '2s',
}

/** `site.yaml` of a site with a quick policy that mails by these relays. */
export function siteFile(parts: {
  readonly relays?: readonly { readonly port: number }[]
  readonly witnesses?: readonly string[]
  /** What is other than QUICK. */
  readonly policy?: Readonly<Record<string, string>>
  readonly alerts?: string
  /** What the site is; without: nothing is said of it. */
  readonly home?: string
}): string {
  const quoted = (items: readonly string[]) => items.map((item) => `"${item}"`).join(', ')
  const relays = (parts.relays ?? []).map(({ port }) => `smtp://127.0.0.1:${port}`)
  return `name: Essai
sites: { home: ${parts.home ?? '{}'} }
policy: { ${Object.entries({ ...QUICK, ...parts.policy })
    .map(([key, value]) => `${key}: ${value}`)
    .join(', ')} }
witnesses: [${quoted(parts.witnesses ?? [])}]
${relays.length === 0 ? '' : `mail: { from: "Vigie <vigie@elsewhere.example>", relays: [${quoted(relays)}] }\n${parts.alerts ?? 'alerts: [ { email: admins@elsewhere.example } ]'}`}
`
}

/** A service with one `http` check of a target. */
export function webFile(name: string, { url }: { readonly url: string }, more = ''): string {
  return `service: ${name}\nchecks:\n  - http: ${url}\n    allow_private: true\n${more}`
}

/** A condition to wait for: a service stands so. */
export function stands(site: TestSite, service: string, status: string): () => Promise<boolean> {
  return async () => (await site.status()).get(service)?.status === status
}

/** The first check of a service, as `/api/vigie/status.json` has it. */
export async function firstCheck(
  site: TestSite,
  service: string,
): Promise<{ state: string; reason: string | null; at: string }> {
  const { services } = JSON.parse(await site.get('/api/vigie/status.json')) as {
    services: { id: string; checks: { state: string; reason: string | null; at: string }[] }[]
  }
  return services.find(({ id }) => id === service)!.checks[0]!
}

/** Fails when it ever stands otherwise within that time. */
export async function stays(site: TestSite, service: string, status: string, length: number) {
  for (const end = performance.now() + length; performance.now() < end; await wait(100)) {
    expect((await site.status()).get(service)?.status).toBe(status)
  }
}

export function subjects(relay: { readonly received: readonly Received[] }): readonly string[] {
  return relay.received.map(({ headers }) => headers.subject ?? '')
}

/** Long enough, where nothing is to come, for what should not come: two rounds of looks by QUICK, and the way of a mail. */
export function quiet(): Promise<void> {
  return wait(700)
}

export function wait(length: number): Promise<void> {
  return new Promise((done) => setTimeout(done, length))
}
