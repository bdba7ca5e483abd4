// A real ejabberd on loopback, without the distribution that its own scripts start beside it (epmd).
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import { ACCOUNTS, XMPP_PASSWORD } from './prosody.ts'
import type { Certificates } from './shown.ts'

export const EJABBERD = ['root', 'ejabberdctl', 'erl', 'setpriv'] as const

export interface Ejabberd extends Pick<Daemon, 'pid' | 'stop'> {
  readonly ports: Readonly<Record<'c2s' | 'c2sTls' | 's2s' | 'https', number>>
}

/** Serves `good.test` on 127.0.0.1, with the accounts of Prosody; BOSH at `/bosh`, WebSocket at `/ws`. */
export async function startEjabberd(folder: string, certificates: Certificates): Promise<Ejabberd> {
  const dir = join(folder, 'ejabberd')
  for (const one of ['', 'db', 'log']) mkdirSync(join(dir, one))
  const id = (which: '-u' | '-g') => Number(execFileSync('id', [which, 'ejabberd'], { encoding: 'utf8' }))
  for (const one of ['', 'db', 'log']) chownSync(join(dir, one), id('-u'), id('-g'))
  const ports = await freePorts('c2s', 'c2sTls', 's2s', 'https')
  writeFileSync(
    join(dir, 'ejabberd.yml'),
    `hosts: [good.test]
loglevel: warning
certfiles: ["${certificates.file('good', 'crt')}", "${certificates.file('good', 'key')}"]
acme: { auto: false }
s2s_use_starttls: optional
auth_method: [internal]
auth_password_format: scram
modules: { mod_bosh: {}, mod_roster: {}, mod_offline: {} }
listen:
  - { port: ${ports.c2s}, ip: "127.0.0.1", module: ejabberd_c2s, starttls_required: true }
  - { port: ${ports.c2sTls}, ip: "127.0.0.1", module: ejabberd_c2s, tls: true }
  - { port: ${ports.s2s}, ip: "127.0.0.1", module: ejabberd_s2s_in }
  - { port: ${ports.https}, ip: "127.0.0.1", module: ejabberd_http, tls: true, request_handlers: { /bosh: mod_bosh, /ws: ejabberd_http_ws } }
`,
  )
  const accounts = ACCOUNTS.map(
    (name) => `ejabberd_auth:try_register(<<"${name}">>, <<"good.test">>, <<"${XMPP_PASSWORD}"/utf8>>)`,
  )
  const { pid, stop } = await startDaemon({
    command: '/usr/bin/env',
    arguments: [
      `EJABBERD_CONFIG_PATH=${dir}/ejabberd.yml`,
      `EJABBERD_LOG_PATH=${dir}/log/ejabberd.log`,
      `HOME=${dir}`,
      'ERL_CRASH_DUMP=/dev/null',
      ...['erl', '-noinput', '+pc', 'unicode', '-pa', ...programs(), '-mnesia', 'dir', `"${dir}/db"`, '-s', 'ejabberd'],
      ...['-eval', `${accounts.join(', ')}, io:format("accounts made~n").`],
    ],
    folder: dir,
    user: 'ejabberd',
    logFile: join(dir, 'log', 'ejabberd.log'),
    ready: async (log) => log.includes('accounts made') && (await listening('127.0.0.1', ports)),
  })
  return { ports, pid, stop }
}

/** Debian keeps them under `/usr/lib/ARCHITECTURE/ejabberd-VERSION/ebin`. */
function programs(): readonly string[] {
  const folders = readdirSync('/usr/lib', { withFileTypes: true }).filter(
    (one) => one.isDirectory() && /-linux-/.test(one.name),
  )
  return folders.flatMap(({ name }) =>
    readdirSync(join('/usr/lib', name))
      .filter((one) => one.startsWith('ejabberd-'))
      .map((one) => join('/usr/lib', name, one, 'ebin')),
  )
}
