// Asks a witness once: does a host of somebody else answer over our line?
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Witness } from '../core/check.ts'
import type { Outcome } from '../core/observation.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { Layer, Testimony } from '../core/verdict/blindness.ts'
import { layersOf } from '../core/verdict/blindness.ts'
import { familyOf } from './address.ts'
import type { Look, Probe } from './look.ts'
import type { Network } from './network.ts'
import { runLook } from './run.ts'

export interface AskOptions {
  readonly network: Network
  /** Its name, as it is configured. */
  readonly name: string
  readonly within: Millis
  readonly now: () => Instant
}

/** What it testifies, and what it answered or why not, in a line. */
export type Heard = Testimony & { readonly note: string }

/** An answer's head is read up to here to find its `Date`. */
const HEAD: number = 4_096

/**
 * One look at a witness. What it came to testifies for a layer, what it failed at against it; a layer it never reached
 * is left out. `took` is null when it did not answer as a witness must: `https` with a good certificate and an HTTP
 * answer, DNS with an answer to the question, anything else by accepting the connection.
 */
export async function askWitness(witness: Witness, { network, name, within, now }: AskOptions): Promise<Heard> {
  let offset: Millis | null = null
  const probe: Probe = (look) => {
    if (witness.kind === 'dns') return askDns(look, witness.address, witness.port)
    if (witness.kind === 'tcp') return look.dial({ host: witness.host, port: witness.port }).then(() => FINE)
    return askHttps(look, new URL(witness.url), (date) => {
      offset = date - now()
    })
  }
  const looked = await runLook(probe, {
    network,
    family: null,
    connect: null,
    allowPrivate: true,
    ca: [],
    now,
    timeout: within,
  })
  const ok = looked.outcome.ok === true
  const layers: Partial<Record<Layer, boolean>> = {}
  for (const layer of layersOf(witness)) {
    if (layer === 'dns') layers.dns = looked.via.family !== null
    else if (looked.via.family !== null || witness.kind === 'dns') layers[layer] = ok
  }
  return {
    witness: name,
    at: now(),
    layers,
    took: ok ? looked.took : null,
    offset: ok ? offset : null,
    note: looked.outcome.note,
  }
}

const FINE: Outcome = { ok: true, note: 'answered' }

/** A good certificate must answer: a captive portal has none. */
async function askHttps(look: Look, url: URL, told: (date: Instant) => void): Promise<Outcome> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const plain = await look.dial({ host, port: url.port === '' ? 443 : Number(url.port) })
  const { socket, fault } = await look.secure(plain, host)
  // A certificate that only its dates make bad still comes from the witness: it may be our clock that is wrong.
  if (fault !== null && !fault.dated) return { ok: false, reason: 'certificate', note: fault.note }
  socket.write(
    `HEAD ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: vigie\r\nConnection: close\r\n\r\n`,
  )
  let head = ''
  for await (const chunk of socket) {
    head += (chunk as Buffer).toString('latin1')
    if (head.includes('\r\n\r\n') || head.length > HEAD) break
  }
  if (!head.startsWith('HTTP/')) return { ok: false, reason: 'protocol', note: 'the answer is not HTTP' }
  const date = Date.parse(/^date: *([^\r\n]{1,64})/im.exec(head)?.[1] ?? '')
  if (!Number.isNaN(date)) told(date)
  return FINE
}

/** Asks for the name servers of the root (RFC 1035, 4.1); whatever it answers, an answer is an answer. */
async function askDns(look: Look, address: string, port: number): Promise<Outcome> {
  const real = look.network.detour(address, port) ?? { host: address, port }
  const socket = createSocket(familyOf(real.host) === 6 ? 'udp6' : 'udp4')
  const stop = () => socket.close()
  look.signal().addEventListener('abort', stop, { once: true })
  try {
    socket.connect(real.port, real.host)
    await once(socket, 'connect', { signal: look.signal() })
    const id = Math.floor(look.now() % 0xffff)
    socket.send(Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]))
    for (;;) {
      const [answer] = (await once(socket, 'message', { signal: look.signal() })) as [Buffer]
      if (answer.length >= 12 && answer.readUInt16BE(0) === id && (answer[2]! & 0x80) !== 0) return FINE
    }
  } finally {
    look.signal().removeEventListener('abort', stop)
    if (!look.ending.aborted) socket.close()
  }
}
