// The body of an answer: unpacked as it arrives, and no further than wanted.
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import { failed } from './failure.ts'

export interface Body {
  /** Settles when the end is reached or enough was read; rejects with `protocol` what can't be unpacked. */
  readonly whole: Promise<{ readonly bytes: Buffer; readonly cut: boolean }>
  /** As it came in, packed or not. */
  take(chunk: Buffer): void
  end(): void
  /** Lets go: nothing more will come and nobody waits. */
  stop(): void
}

/** What can hold back the peer while we unpack. */
export interface Tap {
  pause(): void
  resume(): void
}

type Unpacker = ReturnType<typeof createGunzip>

/** Reads a body with the `content-encoding` of its headers (RFC 9110, 8.4), one coding at most, `most` bytes unpacked. */
export function createBody(encoding: string | string[] | undefined, most: number, tap: Tap): Body {
  const coding = String(encoding ?? 'identity')
    .trim()
    .toLowerCase()
  const chunks: Buffer[] = []
  let size = 0
  let packed = 0
  let unpacker: Unpacker | null = null
  let settle: (error: Error | null, cut: boolean) => void = () => {}
  const whole = new Promise<{ bytes: Buffer; cut: boolean }>((resolve, reject) => {
    settle = (error, cut) => {
      stop()
      if (error) reject(error)
      else resolve({ bytes: Buffer.concat(chunks), cut })
    }
  })
  // Whoever waits hears of it; when nobody does any more, it is no surprise.
  whole.catch(() => {})

  return { whole, take, end, stop }

  function take(chunk: Buffer) {
    if (coding === 'identity') {
      keep(chunk)
      return
    }
    unpacker ??= open(chunk)
    if (unpacker === null) {
      settle(unreadable(`coding ${coding}`), false)
      return
    }
    if (packed > most) return
    packed += chunk.length
    if (!unpacker.write(chunk)) tap.pause()
    // Nothing worth reading is longer packed than unpacked: padding without end.
    if (packed > most) unpacker.flush(() => settle(null, true))
  }

  function end() {
    if (unpacker === null) settle(null, false)
    else unpacker.end()
  }

  function stop() {
    unpacker?.destroy()
  }

  function keep(chunk: Buffer) {
    const kept = chunk.subarray(0, most - size)
    size += kept.length
    chunks.push(kept)
    if (kept.length < chunk.length) settle(null, true)
  }

  function open(first: Buffer): Unpacker | null {
    const stream = createUnpacker(coding, first)
    stream?.on('data', keep)
    stream?.on('end', () => settle(null, false))
    stream?.on('drain', () => tap.resume())
    stream?.on('error', () => settle(unreadable(`not ${coding}`), false))
    return stream
  }
}

function createUnpacker(coding: string, first: Buffer): Unpacker | null {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip()
  if (coding === 'br') return createBrotliDecompress()
  if (coding !== 'deflate') return null
  // Some servers send deflate without the zlib wrapper that RFC 9110, 8.4.1.2 asks for.
  return first.length > 0 && (first[0]! & 0x0f) === 8 ? createInflate() : createInflateRaw()
}

function unreadable(what: string): Error {
  return failed({ ok: false, reason: 'protocol', note: `the body can not be unpacked: ${what}` })
}
