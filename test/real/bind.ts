// A real BIND on loopback: a primary with its zones, and a secondary that once copied them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'

export const BIND = ['named', 'setpriv'] as const

export interface Bind {
  readonly primary: number
  readonly secondary: number
  /** The primary serves another version of a zone from now on, and tells nobody. */
  publish(zone: string, serial: number): Promise<void>
  stop(): Promise<void>
}

const RECORDS = `
@ NS ns1
@ NS ns2
ns1 A 127.0.0.1
ns2 A 127.0.0.1
@ A 192.0.2.1
@ A 192.0.2.2
@ AAAA 2001:db8::1
@ MX 10 mail
@ MX 20 mail.other.test.
mail A 192.0.2.25
@ TXT "v=spf1 mx -all"
@ TXT "two " "pieces"
@ CAA 0 issue "ca.test"
_imaps._tcp SRV 0 1 993 mail
alias CNAME mail
long TXT ${Array.from({ length: 12 }, (_, index) => `"${String(index).padStart(250, 'x')}"`).join(' ')}
`

/** Zones are called as they are on the primary; those of `lame` the secondary was never told of. */
export async function startBind(
  folder: string,
  zones: {
    readonly both: readonly string[]
    readonly lame: readonly string[]
    /** Zones of the primary alone, and what is in them beside SOA and NS. */
    readonly own?: Readonly<Record<string, string>>
  },
): Promise<Bind> {
  const open: Daemon[] = []
  const { primary, secondary } = await freePorts('primary', 'secondary')
  const zoneFile = (zone: string) => join(folder, 'primary', `${zone}.zone`)
  const write = (zone: string, serial: number) =>
    writeFileSync(
      zoneFile(zone),
      `$TTL 300\n@ SOA ns1 hostmaster ${serial} 3600 600 1209600 300\n${owned(zone) ?? RECORDS}`,
    )
  const owned = (zone: string) => {
    const records = zones.own?.[zone]
    return records === undefined ? undefined : `@ NS ns1\nns1 A 127.0.0.1\n${records}\n`
  }
  try {
    mkdirSync(join(folder, 'primary'))
    const all = [...zones.both, ...zones.lame, ...Object.keys(zones.own ?? {})]
    for (const zone of all) write(zone, 1)
    const own = all.map((zone) => `zone "${zone}" { type primary; file "${zoneFile(zone)}"; };`)
    const first = await named('primary', primary, own, [])
    const copied = zones.both.map(
      (zone) => `zone "${zone}" { type secondary; primaries port ${primary} { 127.0.0.1; }; file "${zone}.copy"; };`,
    )
    await named('secondary', secondary, copied, zones.both)
    return { primary, secondary, publish, stop }

    async function publish(zone: string, serial: number) {
      write(zone, serial)
      process.kill(first.pid, 'SIGHUP')
      await first.until('serving the new zone', () => first.log().includes(`${zone}/IN: loaded serial ${serial}`))
    }
  } catch (error) {
    await stop()
    throw error
  }

  async function named(name: string, port: number, served: readonly string[], copies: readonly string[]) {
    const dir = join(folder, name)
    mkdirSync(dir, { recursive: true })
    const file = join(dir, 'named.conf')
    writeFileSync(
      file,
      `options {
  directory "${dir}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "${dir}";
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no; allow-transfer { 127.0.0.1; }; zone-statistics none;
};
controls { };
${served.join('\n')}
`,
    )
    const daemon = await startDaemon({
      command: '/usr/sbin/named',
      arguments: ['-g', '-4', '-n', '1', '-c', file],
      folder: dir,
      ready: async (log) =>
        / running$/m.test(log) &&
        copies.every((zone) => log.includes(`zone ${zone}/IN: transferred serial`)) &&
        (await listening('127.0.0.1', { port })),
    })
    open.push(daemon)
    return daemon
  }

  async function stop() {
    for (const daemon of open.splice(0).reverse()) await daemon.stop()
  }
}
