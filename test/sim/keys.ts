// The keys of simulated sites: real ones, or quick ones that make a schedule half as long.
import crypto, { createHash, createPrivateKey, createPublicKey, sign, type verify } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { SiteKey } from '../../src/twin/key.ts'

/** Always the same key for a site, so that a seed repeats a schedule to the byte. */
export function keyOf(site: string): SiteKey {
  const seed = createHash('sha256').update(site).digest()
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const raw = rawOf(createPublicKey(privateKey))
  return { publicKey: `ed25519:${raw.toString('base64')}`, sign: (bytes) => sign(null, bytes, privateKey) }
}

/** The same key, whose signatures are a hash that anybody could make: nobody here forges any. */
export function quickKeyOf(site: string): SiteKey {
  const { publicKey } = keyOf(site)
  const raw = Buffer.from(publicKey.slice('ed25519:'.length), 'base64')
  return { publicKey, sign: (bytes) => quick(raw, bytes) }
}

/** FNV-1a over the key and the bytes, as long as a signature. */
function quick(raw: Buffer, bytes: Uint8Array): Buffer {
  let hash = 0x811c9dc5
  for (const byte of raw) hash = Math.imul(hash ^ byte, 0x01000193)
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  const signature = Buffer.alloc(64)
  signature.writeInt32BE(hash | 0)
  return signature
}

const raws = new WeakMap<crypto.KeyObject, Buffer>()

function rawOf(key: crypto.KeyObject): Buffer {
  const known = raws.get(key) ?? Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')
  raws.set(key, known)
  return known
}

/** In this process, what a quick key signed is good as well. What vigie itself calls is not touched for that. */
export function allowQuickKeys(): void {
  const also = (...[algorithm, data, key, signature]: Parameters<typeof verify>) => {
    const quickly = key instanceof crypto.KeyObject && quick(rawOf(key), data as Uint8Array).equals(signature as Buffer)
    return quickly || verifyReally(algorithm, data, key, signature)
  }
  crypto.verify = also as typeof verify
  syncBuiltinESMExports()
}

const verifyReally = crypto.verify
