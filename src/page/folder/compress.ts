// A body in every encoding it is served in, each with an ETag of its own.
import { createHash } from 'node:crypto'
import { brotliCompress, constants, gunzip, gzip } from 'node:zlib'

export const ENCODINGS = ['br', 'gzip', 'identity'] as const

export type Encoding = (typeof ENCODINGS)[number]

export interface Encoded {
  readonly body: Buffer
  /** Strong, quotes included (RFC 9110, 8.8.3); differs between encodings. */
  readonly etag: string
}

/** One file, ready to be sent in whichever encoding is asked for. */
export type Served = { readonly type: string } & Readonly<Record<Encoding, Encoded>>

/** One file as small as memory can hold it: for whoever takes no gzip it is unpacked. */
export type Packed = Pick<Served, 'type' | 'gzip'>

/** Enough to be within 3 % of the best while a Raspberry Pi needs a few milliseconds. */
const BROTLI_QUALITY = 5
const GZIP_LEVEL = 6

/**
 * Compresses off the main thread, one encoding after the other: each thread keeps what memory it ever needed.
 * `digest`: of the text.
 */
export async function encode(type: string, text: string, digest: string): Promise<Served> {
  const body = Buffer.from(text)
  const br = { body: await brotlied(body), etag: etagOf(digest, 'br') }
  return { ...(await pack(type, body, digest)), br, identity: { body, etag: etagOf(digest, 'identity') } }
}

/** As `encode`, in one encoding alone. */
export async function pack(type: string, text: string | Buffer, digest: string): Promise<Packed> {
  return { type, gzip: { body: await gzipped(Buffer.from(text)), etag: etagOf(digest, 'gzip') } }
}

/** What a packed file is for who takes no gzip. */
export async function unpack({ gzip: { body, etag } }: Packed): Promise<Encoded> {
  return { body: await gunzipped(body), etag: etag.replace(/-gz"$/, '"') }
}

const SUFFIXES: Readonly<Record<Encoding, string>> = { br: '-br', gzip: '-gz', identity: '' }

/** What tells a text from any other. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

/** The ETag of the text with this digest, in an encoding. */
export function etagOf(digest: string, encoding: Encoding): string {
  return `"${digest}${SUFFIXES[encoding]}"`
}

/** The window is as wide as the text: the usual 4 MB cost both sides memory and win nothing (RFC 7932, 9.1). */
function brotlied(body: Buffer): Promise<Buffer> {
  const window = Math.ceil(Math.log2(body.length + 16))
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
    [constants.BROTLI_PARAM_LGWIN]: Math.min(
      Math.max(window, constants.BROTLI_MIN_WINDOW_BITS),
      constants.BROTLI_MAX_WINDOW_BITS,
    ),
  }
  return new Promise((done, failed) => {
    brotliCompress(body, { params }, (error, result) => (error === null ? done(result) : failed(error)))
  })
}

/** Off the main thread. */
export function gzipped(body: Buffer): Promise<Buffer> {
  return new Promise((done, failed) => {
    gzip(body, { level: GZIP_LEVEL }, (error, result) => (error === null ? done(result) : failed(error)))
  })
}

function gunzipped(body: Buffer): Promise<Buffer> {
  return new Promise((done, failed) => {
    gunzip(body, (error, result) => (error === null ? done(result) : failed(error)))
  })
}
