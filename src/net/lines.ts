// Dialogues in lines: bounded, whatever the peer sends.
import type { Socket } from 'node:net'
import { failed } from './failure.ts'

export interface Lines {
  /** The next line without its end (CRLF or LF). Throws when it is too long, and `closed` when the peer ends before. */
  next(): Promise<string>
  /** What arrives up to the end of a match, for peers that don't speak in lines. */
  until(pattern: RegExp): Promise<string>
  /** Exactly so many bytes, as a literal announces them. Throws `protocol` when they would be too long. */
  bytes(count: number): Promise<string>
  /** Sends a line; CRLF is added. */
  send(line: string): void
  /** Sends text as it is. */
  write(text: string): void
  /** Sends a last line, unless the socket was let go of or nobody listens any more. */
  leave(line: string): void
  /**
   * Lets go of the socket, for TLS to take over. Throws `protocol` when more was already said in the clear: it could be
   * an attacker's, to be believed once encrypted (CVE-2011-0411).
   */
  release(): Socket
}

const LONGEST_LINE = 4_096
const LONGEST_TALK = 65_536

/** Talks in lines over a connected socket. One reader at a time. */
export function createLines(socket: Socket, longest = LONGEST_LINE, most = LONGEST_TALK): Lines {
  // Latin 1 keeps every byte one character; a line is decoded when it is whole.
  let buffered = ''
  let total = 0
  let released = false
  let fault: Error | null = null
  let wake: (() => void) | null = null

  socket.on('data', take)
  socket.on('error', stop)
  socket.on('close', close)
  socket.on('end', close)

  return { next, until, bytes, send, write, leave, release }

  async function next(): Promise<string> {
    const line = await read(() => {
      const end = buffered.indexOf('\n')
      if (end > longest || (end < 0 && buffered.length > longest)) throw protocol(`a line longer than ${longest} bytes`)
      return end < 0 ? undefined : end + 1
    })
    return line.replace(/\r?\n$/, '')
  }

  function until(pattern: RegExp): Promise<string> {
    return read(() => {
      const match = pattern.exec(buffered)
      if (match === null && buffered.length > longest) throw protocol(`more than ${longest} bytes instead of an answer`)
      return match === null ? undefined : match.index + match[0].length
    })
  }

  async function bytes(count: number): Promise<string> {
    if (!(count <= longest)) throw protocol(`${count} bytes announced, more than ${longest}`)
    return read(() => (buffered.length >= count ? count : undefined))
  }

  async function read(find: () => number | undefined): Promise<string> {
    for (;;) {
      const end = find()
      if (end !== undefined) {
        const text = buffered.slice(0, end)
        buffered = buffered.slice(end)
        socket.resume()
        return Buffer.from(text, 'latin1').toString('utf8')
      }
      if (fault) throw fault
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  function send(line: string) {
    write(`${line}\r\n`)
  }

  function write(text: string) {
    socket.write(text)
  }

  function leave(line: string) {
    if (!released && socket.writable) socket.end(`${line}\r\n`)
  }

  function release(): Socket {
    if (buffered !== '') throw protocol('more was sent in the clear after the answer that begins TLS')
    socket.off('data', take)
    socket.off('error', stop)
    socket.off('close', close)
    socket.off('end', close)
    socket.pause()
    released = true
    return socket
  }

  function take(chunk: Buffer) {
    total += chunk.length
    buffered += chunk.toString('latin1')
    if (total > most) stop(protocol(`more than ${most} bytes`))
    else if (buffered.length > longest) socket.pause()
    rouse()
  }

  function close() {
    stop(failed({ ok: false, reason: 'closed', note: 'connection closed by the other side' }))
  }

  function stop(error: Error) {
    fault ??= error
    if (total > most) socket.destroy()
    rouse()
  }

  function rouse() {
    wake?.()
    wake = null
  }
}

function protocol(what: string): Error {
  return failed({ ok: false, reason: 'protocol', note: `not understood: ${what}` })
}
