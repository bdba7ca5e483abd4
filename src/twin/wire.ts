// What sites say to each other, byte by byte: one JSON document a message, signed as a whole.
//
// Signed (Ed25519) are the UTF-8 bytes of `vigie exchange 1|METHOD|PATH|FROM|TO|` followed by the body as sent; METHOD is
// POST for what asks and ANSWER for what answers. The signature travels in base64 in `vigie-signature`, the sender's id
// in `vigie-site`.
import { verify as verifySignature } from 'node:crypto'
import type { Piece, Want } from '../core/history/measure.ts'
import { type Entry, LONGEST_ENTRY, MOST_INCARNATIONS } from '../core/ledger/entry.ts'
import type { Millis } from '../core/time/time.ts'
import { isCount, isList, isRecord, isText, isWhole } from '../core/untrusted.ts'
import { parsePublicKey, type SiteKey } from './key.ts'
import { pieceDocument, piecesOf, wantsOf, wantTuple } from './pieces.ts'

export const PATH = '/twin/v1/exchange'

/** Bounds of one message; what is longer isn't read. */
export const LONGEST_MESSAGE = 1024 * 1024
export const MOST_ENTRIES = 500
/** Entries of one message take at most so many bytes of it. */
export const ENTRIES_ROOM = 480 * 1024
/** Five sites with all the names they may have. */
export const MOST_ORIGINS = 5 * MOST_INCARNATIONS
/** Words of sites on their own past, in one message. */
const MOST_CHECKPOINTS = 64
/** Hexadecimal digits. */
const CLAIM = 16

export type Method = 'POST' | 'ANSWER'

export interface Message {
  /** Made at the sender's start; with `count` it tells a repeated message. */
  readonly boot: string
  readonly count: number
  /** Whoever answers repeats it, which proves that the answer came after. */
  readonly nonce: string
  /** The last nonce heard of whom this goes to; null: none yet. */
  readonly echo: string | null
  /** The last entry of every origin that the sender has: number, and how its hash begins (`claimOf`). */
  readonly have: Readonly<Record<string, readonly [seq: number, hash: string]>>
  /** Origins whose entries were refused lately and are not wanted. */
  readonly unwanted: readonly string[]
  readonly entries: readonly Entry[]
  /** What sites took out of their own past, where some of it is missing in `entries`. */
  readonly checkpoints: readonly Entry[]
  /** Which of the hearer's digests the sender has; null: none. */
  readonly knows: { readonly epoch: string; readonly number: number } | null
  /** What changed since the digest that the hearer has, null when nothing did; read by digest.ts. */
  readonly digest: unknown
  /** The answer may be held back so long, until there is news. */
  readonly wait: Millis
  /** The address that the hearer's last words came from, as seen by the sender. */
  readonly seenAt: string | null
  /** Measures that the sender would like to have, and those that the hearer asked for. */
  readonly wants: readonly Want[]
  readonly pieces: readonly Piece[]
}

/** A message on its way. */
export interface Envelope {
  readonly from: string
  readonly signature: string
  readonly body: Buffer
}

/** Signs a message. `to`: the site it is for. What is empty is left out: most messages say nothing new. */
export function close(message: Message, method: Method, from: string, to: string, key: SiteKey): Envelope {
  const { entries, checkpoints, wants, pieces } = message
  const document = {
    ...message,
    entries: entries.map(written),
    checkpoints: checkpoints.map(written),
    wants: wants.map(wantTuple),
    pieces: pieces.map(pieceDocument),
  }
  const told = Object.entries(document).filter(([, value]) => !isNothing(value))
  const body = Buffer.from(JSON.stringify(Object.fromEntries(told)), 'utf8')
  const signature = Buffer.from(key.sign(signedBytes(method, from, to, body))).toString('base64')
  return { from, signature, body }
}

function isNothing(value: unknown): boolean {
  return value === null || value === false || value === 0 || (Array.isArray(value) && value.length === 0)
}

/** Of a hash, what tells two pasts of one site apart: entries themselves are checked by the whole of it. */
export function claimOf(hash: string): string {
  return hash.slice(0, CLAIM)
}

/** Bytes that an entry takes of a message. */
export function roomOf(entry: Entry): number {
  return Buffer.byteLength(JSON.stringify(written(entry))) + 1
}

function written({ payload, signature, hlc, ...rest }: Entry) {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  return { ...rest, hlc: [hlc.at, hlc.count], payload: text(payload), signature: text(signature) }
}

/** Why an envelope is not opened. */
export type Unreadable = 'signature' | 'form'

const strict = new TextDecoder('utf-8', { fatal: true })

/** Reads what came in; `publicKey`: that of the site it says it is from. Never throws, whatever it is given. */
export function open(envelope: Envelope, method: Method, to: string, publicKey: string): Message | Unreadable {
  const key = parsePublicKey(publicKey)
  const signature = Buffer.from(envelope.signature, 'base64')
  const signed = signedBytes(method, envelope.from, to, envelope.body)
  if (key === undefined || signature.length !== 64 || !verifySignature(null, signed, key, signature)) return 'signature'
  try {
    return messageOf(JSON.parse(strict.decode(envelope.body)) as unknown) ?? 'form'
  } catch {
    return 'form'
  }
}

function signedBytes(method: Method, from: string, to: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`vigie exchange 1|${method}|${PATH}|${from}|${to}|`, 'utf8'), body])
}

function messageOf(value: unknown): Message | null {
  if (!isRecord(value)) return null
  const { boot, count, nonce, have } = value
  const { echo = null, knows = null, digest = null, seenAt = null, wait = 0 } = value
  const { unwanted = [], entries = [], checkpoints = [] } = value
  const found = haveOf(have)
  const list = entriesOf(entries, MOST_ENTRIES)
  const points = entriesOf(checkpoints, MOST_CHECKPOINTS)
  const digestKnown = knowsOf(knows)
  const wants = wantsOf(value.wants)
  const pieces = piecesOf(value.pieces)
  if (!isText(boot, 64) || !isWhole(count) || !isText(nonce, 64) || !(echo === null || isText(echo, 64))) return null
  if (found === null || list === null || points === null || digestKnown === undefined) return null
  if (!isList(unwanted, MOST_ORIGINS) || !unwanted.every((one) => isText(one, 100))) return null
  if (!isWhole(wait) || !(seenAt === null || isText(seenAt, 64))) return null
  if (wants === null || pieces === null) return null
  const names = unwanted as readonly string[]
  return {
    boot,
    count,
    nonce,
    echo,
    have: found,
    unwanted: names,
    entries: list,
    checkpoints: points,
    knows: digestKnown,
    digest,
    wait,
    seenAt,
    wants,
    pieces,
  }
}

function haveOf(value: unknown): Message['have'] | null {
  if (!isRecord(value)) return null
  const pairs = Object.entries(value)
  if (pairs.length > MOST_ORIGINS) return null
  const sound = pairs.every(
    ([origin, pair]) => isText(origin, 100) && isList(pair, 2) && isWhole(pair[0]) && isText(pair[1], 64),
  )
  return sound ? (value as Message['have']) : null
}

function knowsOf(value: unknown): Message['knows'] | undefined {
  if (value === null) return null
  if (!isRecord(value) || !isText(value.epoch, 100) || !isWhole(value.number)) return undefined
  return { epoch: value.epoch, number: value.number }
}

function entriesOf(value: unknown, most: number): readonly Entry[] | null {
  if (!isList(value, most)) return null
  const entries = value.map(entryOf)
  return entries.every((entry) => entry !== null) ? entries : null
}

function entryOf(value: unknown): Entry | null {
  if (!isRecord(value)) return null
  const { origin, seq, hlc, seen, type, payload, prev, signature } = value
  if (!isText(origin, 100) || !isWhole(seq) || seq < 1 || !isText(type, 100) || !isText(prev, 64)) return null
  if (!isList(hlc, 2) || !isWhole(hlc[0]) || !isCount(hlc[1])) return null
  if (!isText(payload, LONGEST_ENTRY * 2) || !isText(signature, 100)) return null
  if (!isRecord(seen) || Object.keys(seen).length > MOST_ORIGINS) return null
  if (!Object.entries(seen).every(([name, last]) => isText(name, 100) && isWhole(last))) return null
  return {
    origin,
    seq,
    hlc: { at: hlc[0], count: hlc[1] },
    seen: seen as Readonly<Record<string, number>>,
    type,
    payload: Buffer.from(payload, 'base64'),
    prev,
    signature: Buffer.from(signature, 'base64'),
  }
}
