// What routers and firewalls say of a way that leads nowhere, as `vigie check` takes it: theirs is a fault of the
// target, our own system's is ours.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openFolder } from './daemon.ts'
import { mayMakeNamespaces } from './laboratory.ts'
import { whenPresent } from './present.ts'

const [HOME, ROUTER] = ['home', 'router'].map((name) => `vigie${process.pid}-far-${name}`) as [string, string]
const FILES = {
  'site.yaml': `name: Far
languages: [en]
witnesses: []
mail: { from: vigie@elsewhere.example, relays: [ "smtp://relay.elsewhere.example" ] }
alerts: [ { email: admins@elsewhere.example } ]
sites: { home: { where: Home } }
`,
  'web.yaml': `service: Web
checks:
  - tcp: 203.0.113.10:81
    id: four
    allow_private: true
  - tcp: "[2001:db8:77::10]:81"
    id: six
    allow_private: true
`,
}

whenPresent(['root', 'ip', 'nft', 'sysctl'])('a way that leads nowhere', () => {
  if (process.env.VIGIE_REAL !== '1' && !mayMakeNamespaces()) return it.skip('may make no namespaces here', () => {})
  const folder = openFolder()
  const checks = join(folder.path, 'checks')

  beforeAll(() => {
    mkdirSync(checks)
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(checks, name), text)
    for (const name of [HOME, ROUTER]) execFileSync('ip', ['netns', 'add', name])
    const [here, there] = [`v${process.pid % 100_000}h`, `v${process.pid % 100_000}r`]
    ip(HOME, `link add ${here} type veth peer name ${there} netns ${ROUTER}`)
    const ends = [
      { name: HOME, link: here, host: 1 },
      { name: ROUTER, link: there, host: 2 },
    ]
    for (const { name, link, host } of ends) {
      ip(name, `addr add 198.51.100.${host}/24 dev ${link}`)
      ip(name, `addr add fd00:198::${host}/64 dev ${link} nodad`)
      ip(name, 'link set lo up')
      ip(name, `link set ${link} up`)
    }
    within(ROUTER, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1')
    within(ROUTER, 'sysctl', '-qw', 'net.ipv4.icmp_ratelimit=0', 'net.ipv6.icmp.ratelimit=0')
  }, 60_000)

  afterAll(async () => {
    for (const name of [HOME, ROUTER]) spawnSync('ip', ['netns', 'del', name])
    await folder.stop()
  })

  const REJECTS = [
    ['net-unreachable', 'no-route'],
    ['host-unreachable', 'addr-unreachable'],
    ['prot-unreachable', 'policy-fail'],
    ['net-prohibited', 'reject-route'],
    ['admin-prohibited', 'admin-prohibited'],
  ] as const

  it.each(REJECTS)(
    'is the target’s where a router says so: %s, %s',
    (four, six) => {
      withRoutes()
      const rules = [
        `ip daddr 203.0.113.10 reject with icmp ${four}`,
        `ip6 daddr 2001:db8:77::10 reject with icmpv6 ${six}`,
      ]
      within(
        ROUTER,
        'nft',
        `add table inet far; flush table inet far; add chain inet far way { type filter hook prerouting priority 0; }`,
      )
      for (const rule of rules) within(ROUTER, 'nft', `add rule inet far way ${rule}`)
      expect(looked()).toEqual([
        [false, 'unreachable'],
        [false, 'unreachable'],
      ])
      within(ROUTER, 'nft', 'delete table inet far')
    },
    60_000,
  )

  it('is the target’s where a router has no route, as after its provider withdrew it', () => {
    withRoutes()
    expect(looked()).toEqual([
      [false, 'unreachable'],
      [false, 'unreachable'],
    ])
  }, 60_000)

  it('is ours where our own system has none, or forbids it', () => {
    withoutRoutes()
    expect(looked()).toEqual([
      [null, 'offline'],
      [null, 'offline'],
    ])
    ip(HOME, 'route add prohibit default')
    ip(HOME, '-6 route add prohibit default')
    expect(looked()).toEqual([
      [null, 'blocked'],
      [null, 'blocked'],
    ])
  }, 60_000)

  function withRoutes() {
    ip(HOME, 'route replace default via 198.51.100.2')
    ip(HOME, '-6 route replace default via fd00:198::2')
  }

  function withoutRoutes() {
    ip(HOME, 'route flush default')
    ip(HOME, '-6 route flush default')
  }

  /** What `vigie check` says from there, over IPv4 and IPv6. */
  function looked(): readonly (readonly [boolean | null, string | null])[] {
    const words = ['check', '--json', '--checks', checks, '--data', join(folder.path, 'data')]
    const vigie = [process.execPath, resolve('dist/main.js'), ...words]
    const { stdout, stderr } = spawnSync('ip', ['netns', 'exec', HOME, ...vigie], { encoding: 'utf8' })
    expect(stderr).not.toContain('nothing was done')
    const results = JSON.parse(stdout) as { ok: boolean | null; reason: string | null }[]
    return results.map(({ ok, reason }) => [ok, reason])
  }
})

function ip(name: string, words: string) {
  execFileSync('ip', ['-n', name, ...words.split(' ')])
}

function within(name: string, ...words: readonly string[]) {
  execFileSync('ip', ['netns', 'exec', name, ...words])
}
