// A real Prosody on loopback.

import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import { type Certificates, SHOWN } from './shown.ts'

export const PROSODY = ['root', 'prosody', 'setpriv'] as const

export interface Prosody extends Pick<Daemon, 'pid' | 'stop'> {
  readonly ports: Readonly<Record<'c2s' | 'c2sTls' | 's2s' | 's2sTls' | 'http' | 'https', number>>
}

/** Accounts of each domain, and the password of all. */
export const ACCOUNTS = ['probe', 'probe2'] as const
export const XMPP_PASSWORD = 'mot de passe & clé'

/**
 * Serves the domains `good.test`, `expired.test` … on 127.0.0.1, each with its certificate; BOSH and WebSocket too, at
 * `/http-bind` and `/xmpp-websocket` with the good one.
 */
export async function startProsody(folder: string, certificates: Certificates): Promise<Prosody> {
  const dir = join(folder, 'prosody')
  for (const one of ['', 'data']) mkdirSync(join(dir, one))
  for (const shown of SHOWN) writeAccounts(join(dir, 'data', `${shown}%2etest`, 'accounts'))
  const id = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'prosody'], { encoding: 'utf8' }))
  for (const one of [dir, join(dir, 'data')]) chownSync(one, id('-u'), id('-g'))
  const ports = await freePorts('c2s', 'c2sTls', 's2s', 's2sTls', 'http', 'https')
  const hosts = SHOWN.map((shown) => {
    // A path is enough: the key is beside it.
    const certificate = `certificate = "${certificates.file(shown, 'crt')}"`
    return `VirtualHost "${shown}.test"\n  ${shown === 'clear' ? 'modules_disabled = { "tls" }' : certificate}`
  })
  const file = join(dir, 'prosody.cfg.lua')
  writeFileSync(
    file,
    `pidfile = "${dir}/pid"
data_path = "${dir}/data"
certificates = "${dir}"
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.c2s} }
c2s_direct_tls_ports = { ${ports.c2sTls} }
c2s_direct_tls_certificate = "${certificates.file('clear', 'crt')}"
s2s_ports = { ${ports.s2s} }
s2s_direct_tls_ports = { ${ports.s2sTls} }
s2s_direct_tls_certificate = "${certificates.file('good', 'crt')}"
http_ports = { ${ports.http} }
http_interfaces = { "127.0.0.1" }
https_ports = { ${ports.https} }
https_interfaces = { "127.0.0.1" }
https_certificate = "${certificates.file('good', 'crt')}"
modules_enabled = { "saslauth"; "tls"; "dialback"; "ping"; "roster"; "offline"; "carbons"; "bosh"; "websocket" }
modules_disabled = { "posix" }
authentication = "internal_plain"
allow_registration = false
c2s_require_encryption = false
s2s_require_encryption = false
log = { info = "*console" }
${hosts.join('\n')}
`,
  )
  const { pid, stop } = await startDaemon({
    command: '/usr/bin/prosody',
    arguments: ['--config', file, '-F'],
    folder: dir,
    user: 'prosody',
    ready: () => listening('127.0.0.1', ports),
  })
  return { ports, pid, stop }
}

/** Readable by everybody, as Prosody runs as somebody else; the folder is this test's own. */
function writeAccounts(folder: string) {
  mkdirSync(folder, { recursive: true })
  for (const account of ACCOUNTS) {
    writeFileSync(join(folder, `${account}.dat`), `return { ["password"] = ${JSON.stringify(XMPP_PASSWORD)}; };\n`)
  }
}
