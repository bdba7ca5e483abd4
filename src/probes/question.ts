// A question put to one DNS server, as a packet: node:dns shows neither authority nor half of the record types.
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createRequire } from 'node:module'
import type * as Dns from 'dns-packet'
import { failed } from '../net/failure.ts'
import type { Endpoint, Network } from '../net/network.ts'

// Loaded with the first question.
const load = createRequire(import.meta.url)
const dns = () => load('dns-packet') as typeof Dns

export interface Question {
  readonly name: string
  /** dns-packet's name of a type; `UNKNOWN_65` for one it doesn't know. */
  readonly type: string
  /** True for a resolver, false for a name server asked about its own zone. */
  readonly recursive: boolean
}

export interface Reply {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL` … */
  readonly rcode: string
  readonly authoritative: boolean
  readonly answers: readonly Dns.Answer[]
}

/** UDP gets lost: the question is repeated after so long, then after twice that, and so on. */
const REPEAT = 1_000
/** What fits through any network unfragmented (RFC 9715). */
const PAYLOAD = 1_232
/** The bits for "an answer" and "cut off". */
const TRUNCATED = 0x8200

/**
 * Asks over UDP, over TCP where the answer is too long for it (RFC 1035, 4.2), and waits until the signal aborts.
 * Answers that aren't to this question are passed over. Rejects with the system's codes (`ECONNREFUSED` …), `protocol`
 * on garbage, or when aborted.
 */
export async function askDns(
  network: Network,
  server: Endpoint,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> {
  const id = randomInt(65_536)
  const packet = dns().encode({
    type: 'query',
    id,
    flags: question.recursive ? dns().RECURSION_DESIRED : 0,
    questions: [{ name: question.name, type: question.type as Dns.RecordType }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: PAYLOAD,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  })
  const reply = await overUdp(server, packet, (bytes) => read(bytes, id, question), signal)
  return reply === 'truncated' ? overTcp(network, server, packet, (bytes) => read(bytes, id, question), signal) : reply
}

type Read = (bytes: Buffer) => Reply | 'truncated' | undefined

function overUdp(server: Endpoint, packet: Buffer, read: Read, signal: AbortSignal): Promise<Reply | 'truncated'> {
  // Connected: the system drops what others send, and tells when nobody listens there.
  const socket = createSocket(server.family === 6 ? 'udp6' : 'udp4')
  let timer: NodeJS.Timeout | undefined
  let abort = () => {}
  return new Promise<Reply | 'truncated'>((resolve, reject) => {
    abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    socket.on('error', reject)
    socket.on('message', (bytes) => {
      try {
        const reply = read(bytes)
        if (reply !== undefined) resolve(reply)
      } catch (error) {
        reject(error)
      }
    })
    const send = (pause: number) => {
      timer = setTimeout(send, pause, pause * 2)
      socket.send(packet, (error) => error && reject(error))
    }
    // Without a route this is called with the error, and no event tells of it.
    socket.connect(server.port, server.address, (error?: Error) => (error ? reject(error) : send(REPEAT)))
  }).finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    socket.removeAllListeners('connect').close()
  })
}

async function overTcp(network: Network, server: Endpoint, packet: Buffer, read: Read, signal: AbortSignal) {
  const socket = await network.connect(server, signal)
  const abort = () => socket.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(packet.length)
    socket.write(Buffer.concat([length, packet]))
    let received = Buffer.alloc(0)
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer])
      const end = received.length < 2 ? 2 : 2 + received.readUInt16BE(0)
      if (received.length < end || received.length < 3) continue
      const reply = read(received.subarray(2, end))
      if (reply === undefined || reply === 'truncated') throw garbage()
      return reply
    }
    throw failed({ ok: false, reason: 'closed', note: 'connection closed without an answer' })
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
}

/** The reply in a packet; undefined when it isn't one to this question. Throws on garbage that claims to be. */
export function read(bytes: Buffer, id: number, question: Question): Reply | 'truncated' | undefined {
  if (bytes.length < 12 || bytes.readUInt16BE(0) !== id) return undefined
  // What is cut off may end anywhere: its header is enough to ask again over TCP.
  if ((bytes.readUInt16BE(2) & TRUNCATED) === TRUNCATED) return 'truncated'
  const packet = parse(bytes)
  const [asked, ...more] = packet.questions ?? []
  if (!packet.flag_qr || more.length > 0) return undefined
  // A server that can't even read the question may leave it out.
  const same = asked && plain(asked.name) === plain(question.name) && String(asked.type) === question.type
  if (!same && !(asked === undefined && packet.rcode === 'FORMERR')) return undefined
  return { rcode: packet.rcode, authoritative: packet.flag_aa, answers: packet.answers ?? [] }
}

function parse(bytes: Buffer): Dns.Packet & { flag_qr: boolean; flag_aa: boolean; rcode: string } {
  try {
    return dns().decode(bytes) as ReturnType<typeof Dns.decode> & { rcode: string }
  } catch {
    throw garbage()
  }
}

function garbage(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'the answer is not DNS' })
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
