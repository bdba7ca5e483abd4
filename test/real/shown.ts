// The certificates that servers show in these tests, good and bad: each on a loopback address of its own, so that one
// server shows them all.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DAY } from '../../src/core/time/time.ts'
import { createAuthority, selfSigned } from '../../src/demo/certificates.ts'

/** `bare`: without its intermediate. `clear`: no TLS is offered at all. */
export const ADDRESSES = {
  good: '127.0.0.2',
  expired: '127.0.0.3',
  foreign: '127.0.0.4',
  self: '127.0.0.5',
  bare: '127.0.0.6',
  clear: '127.0.0.7',
} as const

export type Shown = keyof typeof ADDRESSES
export const SHOWN = Object.keys(ADDRESSES) as readonly Shown[]

/** The name that mail servers are looked at by. */
export const HOST = 'mail.test'

export interface Certificates {
  /** The root, PEM, and the file it is in. */
  readonly root: string
  readonly rootFile: string
  /** Where the files of a certificate are; `clear` has the good one, for servers that want one all the same. */
  file(shown: Shown, part: 'crt' | 'key'): string
}

/** Issues them and writes them into a folder, readable by everybody. */
export function writeCertificates(folder: string): Certificates {
  const authority = createAuthority({ name: 'vigie test' })
  const dir = join(folder, 'certificates')
  mkdirSync(dir)
  for (const shown of SHOWN) {
    const names = [HOST, `${shown}.test`, '127.0.0.1', ADDRESSES[shown]]
    const issued = {
      good: () => authority.issue({ names, intermediate: 'sent' }),
      expired: () => authority.issue({ names, intermediate: 'sent', until: Date.now() - 2 * DAY }),
      foreign: () => authority.issue({ names: ['elsewhere.test'], intermediate: 'sent' }),
      self: () => selfSigned(names),
      bare: () => authority.issue({ names, intermediate: 'missing' }),
      clear: () => authority.issue({ names, intermediate: 'sent' }),
    }[shown]()
    writeFileSync(join(dir, `${shown}.crt`), issued.certificate, { mode: 0o644 })
    writeFileSync(join(dir, `${shown}.key`), issued.key, { mode: 0o644 })
  }
  const rootFile = join(dir, 'root.pem')
  writeFileSync(rootFile, authority.certificate, { mode: 0o644 })
  return { root: authority.certificate, rootFile, file: (shown, part) => join(dir, `${shown}.${part}`) }
}
