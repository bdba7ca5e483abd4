// `ca: FILE`: roots that are trusted beside the system's.
import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { quote } from './mistake.ts'
import type { Convert } from './reader.ts'
import { asText } from './scalars.ts'

const LARGEST = 1_000_000

/** Reads certificates as PEM, each by itself, from a file named relative to the folder of the configuration. */
export function openAuthorities(folder: string): Convert<readonly string[]> {
  const known = new Map<string, readonly string[] | string>()
  return (reader, entry) => {
    const file = asText(reader, entry)
    if (file === undefined) return undefined
    const path = isAbsolute(file) ? file : join(folder, file)
    const found = known.get(path) ?? certificatesIn(path)
    known.set(path, found)
    if (typeof found !== 'string') return found
    reader.source.complain(entry.at, `${entry.name}: ${quote(path)} ${found}`)
    return undefined
  }
}

/** The roots NODE_EXTRA_CA_CERTS names, none when it names none; Node itself warns where the file can't be read. */
export function rootsOf({ NODE_EXTRA_CA_CERTS }: Readonly<Record<string, string | undefined>>): readonly string[] {
  const found = NODE_EXTRA_CA_CERTS ? certificatesIn(NODE_EXTRA_CA_CERTS) : []
  return typeof found === 'string' ? [] : found
}

/** The certificates, or what is wrong with the file. */
function certificatesIn(path: string): readonly string[] | string {
  try {
    const stat = statSync(path)
    if (!stat.isFile() || stat.size > LARGEST) return 'is no small file'
    const found = readFileSync(path, 'latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
    return found?.map((pem) => new X509Certificate(pem).toString()) ?? 'holds no certificate (PEM)'
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    return code === 'ENOENT'
      ? 'is not there'
      : /^E[A-Z]+$/.test(code)
        ? `can't be read (${code})`
        : 'holds a broken certificate'
  }
}
