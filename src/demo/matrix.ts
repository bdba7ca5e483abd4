// What a Matrix server publishes of its keys, signed with them (server-server API, "Publishing Keys").
import { generateKeyPairSync, sign } from 'node:crypto'

const KEY = 'ed25519:replica'
const UNTIL = Date.UTC(2099, 11, 31)

/** A new key, and the document that says so. */
export function publishedKeys(server: string): object {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key = unpadded(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
  // In the order of canonical JSON, which is what is signed.
  const document = {
    old_verify_keys: {},
    server_name: server,
    valid_until_ts: UNTIL,
    verify_keys: { [KEY]: { key } },
  }
  const signature = unpadded(sign(null, Buffer.from(JSON.stringify(document)), privateKey))
  return { ...document, signatures: { [server]: { [KEY]: signature } } }
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
