// A small internet in network namespaces: a router, and around it home behind NAT, the site elsewhere, the hoster, hosts
// of others, a relay. Lines are real, and cut in the router. All of it is gone after `close`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import { openKey } from '../../src/twin/key.ts'
import { readMail } from '../servers/relay.ts'
import { type Daemon, openFolder, startDaemon } from './daemon.ts'

/** Who hangs on the router: its prefixes, and its own addresses in them; the router is the first of each. */
const PLACES = {
  home: { v4: '192.168.7', v6: 'fd00:7', hosts: [2] },
  offsite: { v4: '198.51.100', v6: 'fd00:198', hosts: [2] },
  hoster: { v4: '203.0.113', v6: 'fd00:203', hosts: [10, 20] },
  witnesses: { v4: '192.0.2', v6: 'fd00:192', hosts: [11, 12, 53] },
  relay: { v4: '198.18.0', v6: 'fd00:18', hosts: [25] },
} as const
type Place = keyof typeof PLACES
export type SiteName = 'home' | 'offsite'
const SITES: readonly SiteName[] = ['home', 'offsite']

/** A rule of nftables for packets that the router passes on: `iifname home oifname offsite drop`. */
export type Cut = string

export interface SiteSeen {
  readonly blind: object | null
  readonly sentence: { readonly en: string }
  readonly services: readonly {
    readonly state: string
    readonly status: string
    readonly confidence: {
      readonly confirmed: number
      readonly of: number
      readonly note: string
      readonly sites: string[]
    }
  }[]
}

export interface Mail {
  readonly by: SiteName
  readonly subject: string
  readonly id: string
  readonly body: string
}

export interface Laboratory {
  /** These rules and no others, from now on; connections that were open stay as they are. */
  cut(...rules: readonly Cut[]): void
  /** What the site says now, whatever is cut. */
  seen(site: SiteName): Promise<SiteSeen>
  page(site: SiteName): Promise<string>
  /** What the relay took, oldest first. */
  mails(): readonly Mail[]
  data(site: SiteName): string
  log(site: SiteName): string
  /** Ends a site's process as systemd would. */
  stop(site: SiteName): Promise<void>
  close(): Promise<void>
}

/** Namespaces of two laboratories don't meet; names of links have room for 15 letters. */
const PREFIX = `vigie${process.pid}`
let opened = 0

type Names = ReturnType<typeof namesOf>

function namesOf(laboratory: number) {
  const of = (place: string) => `${PREFIX}-${laboratory}-${place}`
  return { of, router: of('router'), link: (index: number) => `v${process.pid % 100_000}x${laboratory}${index}` }
}

const first = ({ v4, hosts }: (typeof PLACES)[Place]) => `${v4}.${hosts[0]}`

/** False where even root may not make a namespace (in a container). */
export function mayMakeNamespaces(): boolean {
  const name = `${PREFIX}-try`
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' })
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Builds it and starts everybody; `site`: the text of `site.yaml` but for `sites`, `files` the services. */
export async function openLaboratory(files: Readonly<Record<string, string>>): Promise<Laboratory> {
  const names = namesOf(opened++)
  const folder = openFolder()
  const daemons = new Map<string, Daemon>()
  const made: string[] = []
  try {
    lay(made, names)
    const actor = resolve('test/real/lab/actor.mjs')
    for (const role of ['hoster', 'witnesses', 'relay'] as const)
      await launch(role, role, [process.execPath, actor, role], (log) => log.includes('ready'))
    const checks = join(folder.path, 'checks')
    mkdirSync(checks)
    const keys = Object.fromEntries(SITES.map((site) => [site, openKey(join(folder.path, site)).publicKey]))
    const sites = `sites:
  home: { key: "${keys.home}", where: Home }
  offsite: { url: "http://${first(PLACES.offsite)}:8080", key: "${keys.offsite}", where: Elsewhere }
`
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(checks, name), name === 'site.yaml' ? `${text}\n${sites}` : text)
    // Home calls: it finds somebody at once when it comes last.
    for (const site of ['offsite', 'home'] as const) {
      const words = ['run', '--site', site, '--checks', checks, '--data', join(folder.path, site)]
      const vigie = [process.execPath, resolve('dist/main.js'), ...words, '--listen', '0.0.0.0:8080']
      await launch(site, site, vigie, (log) => log.includes('The page:'))
      const window = [process.execPath, actor, 'window', socketOf(site)]
      await launch(`${site}-window`, site, window, (log) => log.includes('ready'))
    }
  } catch (error) {
    await close()
    throw error
  }
  return {
    cut: (...rules) => {
      const lines = ['flush chain inet lab cuts', ...rules.map((rule) => `add rule inet lab cuts ${rule}`)]
      within(names.router, ['nft', '-f', '-'], `${lines.join('\n')}\n`)
    },
    seen: async (site) => JSON.parse(await look(site, '/api/vigie/status.json')) as SiteSeen,
    page: (site) => look(site, '/en/'),
    mails,
    data: (site) => join(folder.path, site),
    log: (site) => daemons.get(site)!.log(),
    stop: async (site) => {
      await daemons.get(site)!.stop()
    },
    close,
  }

  async function launch(name: string, place: Place, words: readonly string[], ready: (log: string) => boolean) {
    const options = { folder: folder.path, ready, command: 'ip' }
    daemons.set(name, await startDaemon({ ...options, arguments: ['netns', 'exec', names.of(place), ...words] }))
  }

  function socketOf(site: SiteName): string {
    return join(folder.path, `${site}.sock`)
  }

  function look(site: SiteName, path: string): Promise<string> {
    return new Promise((done, fail) => {
      const asked = request({ socketPath: socketOf(site), path, timeout: 5_000 }, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => done(text))
      })
      asked.on('error', fail).end()
    })
  }

  function mails(): readonly Mail[] {
    const lines = daemons.get('relay')!.log().split('\n')
    return lines
      .filter((line) => line.startsWith('{'))
      .map((line) => {
        const { from, text } = JSON.parse(line) as { from: string; text: string }
        const { headers, body } = readMail(text)
        const by = from.endsWith(first(PLACES.offsite)) ? 'offsite' : 'home'
        return { by, subject: headers.subject ?? '', id: headers['message-id'] ?? '', body }
      })
  }

  async function close() {
    for (const daemon of [...daemons.values()].reverse()) await daemon.stop()
    for (const name of made.reverse()) {
      execFileSync('ip', ['netns', 'del', name])
      rmSync(`/etc/netns/${name}`, { recursive: true, force: true })
    }
    await folder.stop()
  }
}

/** Namespaces, links, addresses, routes and the router's rules. */
function lay(made: string[], { router, of, link: linkOf }: Names) {
  add(router)
  within(router, ['sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'])
  for (const [index, place] of (Object.keys(PLACES) as Place[]).entries()) {
    const { v4, v6, hosts } = PLACES[place]
    const name = of(place)
    add(name)
    // What programs in this namespace find as /etc/resolv.conf and /etc/hosts (ip-netns(8)).
    mkdirSync(`/etc/netns/${name}`, { recursive: true })
    writeFileSync(`/etc/netns/${name}/resolv.conf`, 'nameserver 192.0.2.53\n')
    writeFileSync(`/etc/netns/${name}/hosts`, '127.0.0.1 localhost\n')
    const link = linkOf(index)
    execFileSync('ip', ['link', 'add', link, 'netns', router, 'type', 'veth', 'peer', 'name', 'wan', 'netns', name])
    const here = (words: string) => within(router, ['ip', ...words.split(' ')])
    const there = (words: string) => within(name, ['ip', ...words.split(' ')])
    here(`link set ${link} name ${place}`)
    here(`addr add ${v4}.1/24 dev ${place}`)
    here(`addr add ${v6}::1/64 dev ${place} nodad`)
    here(`link set ${place} up`)
    there('link set lo up')
    for (const host of hosts) {
      there(`addr add ${v4}.${host}/24 dev wan`)
      there(`addr add ${v6}::${host}/64 dev wan nodad`)
    }
    there('link set wan up')
    there(`route add default via ${v4}.1`)
    there(`-6 route add default via ${v6}::1`)
  }
  within(router, ['nft', '-f', '-'], RULES)

  function add(name: string) {
    execFileSync('ip', ['netns', 'add', name])
    made.push(name)
  }
}

/** Nobody calls home: it is behind NAT, as most are. IPv6 is without, but as closed. */
const RULES = `table inet lab {
  chain cuts { }
  chain forward {
    type filter hook forward priority 0; policy accept
    jump cuts
    oifname home ct state new drop
  }
  chain nat {
    type nat hook postrouting priority 100
    ip saddr 192.168.7.0/24 masquerade
  }
}
`

function within(name: string, words: readonly string[], input?: string) {
  execFileSync('ip', ['netns', 'exec', name, ...words], { input, stdio: ['pipe', 'ignore', 'pipe'] })
}
