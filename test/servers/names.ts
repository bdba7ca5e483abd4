// A small DNS server over UDP and TCP that answers from a table, or misbehaves.
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet'

export interface Said {
  readonly rcode?: number
  readonly answers?: readonly Answer[]
  readonly authoritative?: boolean
  /** Over UDP: too long, ask over TCP. */
  readonly truncated?: boolean
  /** Sent as it is instead of an answer; `id` in its first two bytes is filled in. */
  readonly raw?: Buffer
}

export interface Names {
  readonly port: number
  /** Questions heard: `udp MX example.test`. */
  readonly heard: readonly string[]
  close(): Promise<void>
}

/** Undefined: it stays silent. */
export async function openNames(
  answer: (name: string, type: string, over: 'udp' | 'tcp') => Said | undefined,
): Promise<Names> {
  const heard: string[] = []
  const reply = (bytes: Buffer, over: 'udp' | 'tcp'): Buffer | undefined => {
    const asked: Packet = decode(bytes)
    const question = asked.questions![0]!
    heard.push(`${over} ${question.type} ${question.name}`)
    const said = answer(question.name, question.type, over)
    if (said === undefined) return undefined
    if (said.raw) return Buffer.concat([bytes.subarray(0, 2), said.raw])
    const flags =
      (said.authoritative ? AUTHORITATIVE_ANSWER : 0) | (said.truncated ? TRUNCATED_RESPONSE : 0) | (said.rcode ?? 0)
    return encode({
      type: 'response',
      id: asked.id!,
      flags,
      questions: [question],
      answers: said.truncated ? [] : [...(said.answers ?? [])],
    })
  }
  const tcp = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const bytes = reply(chunk.subarray(2), 'tcp')
      if (!bytes) return
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      // In two pieces, as a network may cut it.
      socket.write(Buffer.concat([length, bytes.subarray(0, 5)]))
      setTimeout(() => socket.write(bytes.subarray(5)), 10)
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const { port } = tcp.address() as { port: number }
  const udp = createSocket('udp4')
  udp.on('message', (bytes, from) => {
    const said = reply(bytes, 'udp')
    if (said) udp.send(said, from.port, from.address)
  })
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve))
  return {
    port,
    heard,
    close: async () => {
      udp.close()
      await new Promise((resolve) => tcp.close(resolve))
    },
  }
}
