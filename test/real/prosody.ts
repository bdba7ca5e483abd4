// A real Prosody on loopback.

import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import { type Certificates, SHOWN } from './shown.ts'

export const PROSODY = ['root', 'prosody', 'setpriv'] as const

export interface Prosody extends Pick<Daemon, 'stop'> {
  readonly ports: Readonly<Record<'c2s' | 'c2sTls' | 's2s', number>>
}

/** Serves the domains `good.test`, `expired.test` … on 127.0.0.1, each with its certificate. */
export async function startProsody(folder: string, certificates: Certificates): Promise<Prosody> {
  const dir = join(folder, 'prosody')
  for (const one of ['', 'data']) mkdirSync(join(dir, one))
  const id = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'prosody'], { encoding: 'utf8' }))
  for (const one of [dir, join(dir, 'data')]) chownSync(one, id('-u'), id('-g'))
  const ports = await freePorts('c2s', 'c2sTls', 's2s')
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
modules_enabled = { "saslauth"; "tls"; "dialback" }
modules_disabled = { "posix" }
authentication = "internal_hashed"
allow_registration = false
c2s_require_encryption = false
s2s_require_encryption = false
log = { info = "*console" }
${hosts.join('\n')}
`,
  )
  const { stop } = await startDaemon({
    command: '/usr/bin/prosody',
    arguments: ['--config', file, '-F'],
    folder: dir,
    user: 'prosody',
    ready: () => listening('127.0.0.1', ports),
  })
  return { ports, stop }
}
