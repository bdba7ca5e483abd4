// How a message travels: as it is, or smaller when it is long (RFC 9110, 8.4.1). What is signed is the message itself.
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { LONGEST_MESSAGE } from './wire.ts'

export interface Parcel {
  readonly body: Buffer
  /** To be said with it: `content-encoding`, or nothing. */
  readonly headers: Readonly<Record<string, string>>
}

/** Shorter ones are as long, or nearly so. */
const WORTH_IT = 1024

const smaller = promisify(gzip)
const larger = promisify(gunzip)

/** Below 1 KiB as it is. */
export async function pack(message: Buffer): Promise<Parcel> {
  if (message.length < WORTH_IT) return { body: message, headers: {} }
  return { body: await smaller(message), headers: { 'content-encoding': 'gzip' } }
}

/** The message; null: it is none, or longer than one may be. `encoding`: what `content-encoding` said of it. */
export async function unpack(body: Buffer, encoding: unknown): Promise<Buffer | null> {
  if (encoding === undefined) return body
  if (encoding !== 'gzip') return null
  return larger(body, { maxOutputLength: LONGEST_MESSAGE }).catch(() => null)
}
