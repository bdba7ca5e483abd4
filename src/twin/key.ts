// The site's own key. It never leaves data/keys/; the public half goes into site.yaml of every site.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'

export interface SiteKey {
  /** `ed25519:` and the 32 bytes in base64. */
  readonly publicKey: string
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
}

/** What lies in the place of the key is none. The message says what to do. */
export class KeyFault extends Error {}

const PREFIX = 'ed25519:'

/**
 * The key in `DIR/keys/site.key`, made at the first start: on disk before anything is signed with it, readable by its
 * owner alone (permissions found looser are tightened). Throws `KeyFault` when the file is there but holds no such key: a new
 * one made quietly would be refused by the twin.
 */
export function openKey(dir: string): SiteKey {
  const folder = `${dir}/keys`
  const file = `${folder}/site.key`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const pem = read(file) ?? make(folder, file)
  chmodSync(file, 0o600)
  const key = parse(pem, file)
  return { publicKey: PREFIX + rawPublic(key).toString('base64'), sign: (bytes) => sign(null, bytes, key) }
}

/** The public half of the key in a data folder; null where there is none, or none that can be read. Makes nothing. */
export function keyThere(dir: string): string | null {
  try {
    return publicKeyOf(readFileSync(`${dir}/keys/site.key`, 'utf8'))
  } catch {
    return null
  }
}

/** The public half of a key as `keys/site.key` holds it. Throws for anything else. */
export function publicKeyOf(pem: string): string {
  return PREFIX + rawPublic(parse(pem, 'keys/site.key')).toString('base64')
}

/** Keys read before: a key is read as long as a signature is looked at, and there are few. */
const parsed = new Map<string, KeyObject>()
const MOST_PARSED = 64

/** Reads `ed25519:BASE64`; undefined when it is anything else. */
export function parsePublicKey(text: string): KeyObject | undefined {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const raw = text.startsWith(PREFIX) ? Buffer.from(text.slice(PREFIX.length), 'base64') : undefined
  if (raw === undefined || raw.length !== 32 || PREFIX + raw.toString('base64') !== text) return undefined
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' })
  if (parsed.size >= MOST_PARSED) parsed.clear()
  parsed.set(text, key)
  return key
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function make(folder: string, file: string): string {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const temporary = `${file}.new`
  writeDurably(temporary, pem)
  renameSync(temporary, file)
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
  return pem
}

function writeDurably(file: string, text: string): void {
  const fd = openSync(file, 'w', 0o600)
  try {
    writeSync(fd, text)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function parse(pem: string, file: string): KeyObject {
  let key: KeyObject | undefined
  try {
    key = createPrivateKey(pem)
  } catch {
    key = undefined
  }
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new KeyFault(
    `${file} holds no Ed25519 key. Bring it back from a backup; or delete it, and the next start makes a new one, ` +
      'which must then replace the old public key in site.yaml of every site.',
  )
}

function rawPublic(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url')
}
