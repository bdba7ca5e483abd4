// Doors that misbehave, opened when somebody first comes to one.
import { connect } from 'node:net'
import type { Millis } from '../core/time/time.ts'
import { type Door, type Identity, LOOPBACK, openDoor } from './door.ts'
import type { Manner } from './faults.ts'
import type { Ports } from './ports.ts'

export interface BrokenDoors {
  /** The port on loopback behind which a port's server misbehaves; `door`: the port of its good one. */
  instead(manner: Misbehaviour, delay: Millis, port: number, door: number): Promise<number>
  /** Takes the doors away, and hangs up on whoever still waits there. Others open when somebody comes. */
  close(): Promise<void>
}

/** A door is there, and something is wrong with it. */
export type Misbehaviour = Exclude<Manner, 'lost' | 'refused'>

/** Neither TLS nor text of any protocol. */
const GARBAGE = Buffer.from('\u0000\u00ff\u0007?!\u00feg4rb4g3\u0000\r\n\r\n', 'latin1')

interface Wanted {
  readonly port: number
  readonly door: number
  readonly delay: Millis
}

/** Opens none before somebody comes to it. `expired` and `foreign` differ from `good` in their certificate alone. */
export function createBrokenDoors(
  ports: Ports,
  identities: { readonly good: Identity; readonly expired: Identity; readonly foreign: Identity },
): BrokenDoors {
  const doors = new Map<string, Promise<Door>>()
  const openers: Readonly<Record<Misbehaviour, (wanted: Wanted) => Promise<Door>>> = {
    silent: () => openDoor((socket) => socket.resume()),
    garbage: () => openDoor((socket) => socket.resume().end(GARBAGE)),
    error: ({ port }) => ports.open(port, identities.good, true),
    expired: ({ port }) => ports.open(port, identities.expired),
    foreign: ({ port }) => ports.open(port, identities.foreign),
    slow: openSlow,
  }

  return {
    async instead(manner, delay, port, door) {
      const key = `${manner} ${port} ${delay}`
      const opened = doors.get(key) ?? openers[manner]({ port, door, delay })
      doors.set(key, opened)
      return (await opened).port
    },
    async close() {
      const opened = [...doors.values()]
      doors.clear()
      await Promise.all(opened.map(async (door) => (await door).close()))
    },
  }
}

/** Lets through what comes, but keeps each caller waiting at first. */
function openSlow({ door, delay }: Wanted): Promise<Door> {
  return openDoor((socket) => {
    socket.pause()
    const timer = setTimeout(() => {
      const onward = connect({ host: LOOPBACK, port: door, noDelay: true })
      onward.on('error', () => socket.destroy())
      socket.on('close', () => onward.destroy())
      onward.on('close', () => socket.destroy())
      socket.pipe(onward).pipe(socket)
    }, delay)
    socket.on('close', () => clearTimeout(timer))
  })
}
