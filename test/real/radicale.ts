// A real Radicale on loopback: calendars and contacts of one account.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Daemon, freePorts, listening, startDaemon } from './daemon.ts'
import type { Certificates, Shown } from './shown.ts'

export const RADICALE = ['radicale', 'setpriv'] as const
export const ACCOUNT = { user: 'probe', password: 'right-horse' } as const

export interface Radicale extends Pick<Daemon, 'stop' | 'log'> {
  readonly port: number
  /** Where it keeps what members wrote. */
  readonly storage: string
}

/** Serves on 127.0.0.1 with one of the certificates; `auth`: who may come in. */
export async function startRadicale(
  folder: string,
  certificates: Certificates,
  shown: Shown,
  auth: 'htpasswd' | 'none' = 'htpasswd',
): Promise<Radicale> {
  const dir = join(folder, `radicale-${shown}-${auth}`)
  const storage = join(dir, 'storage')
  mkdirSync(storage, { recursive: true })
  writeFileSync(join(dir, 'users'), `${ACCOUNT.user}:${ACCOUNT.password}\n`)
  const { web } = await freePorts('web')
  const file = join(dir, 'config')
  writeFileSync(
    file,
    `[server]
hosts = 127.0.0.1:${web}
ssl = True
certificate = ${certificates.file(shown, 'crt')}
key = ${certificates.file(shown, 'key')}
[auth]
type = ${auth}
htpasswd_filename = ${join(dir, 'users')}
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = ${storage}
`,
  )
  const daemon = await startDaemon({
    command: '/usr/bin/radicale',
    arguments: ['--config', file],
    folder: dir,
    ready: () => listening('127.0.0.1', { web }),
  })
  return { port: web, storage, stop: daemon.stop, log: daemon.log }
}
