// A port behind which every connection disappears, as behind a line that closes it: neither accepted nor refused.
import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

const BACKLOG = 1

/** Nobody takes from its queue: once that is full the kernel drops what comes. */
const KEEPER = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const server = createServer()
server.listen(workerData, () => {
  parentPort.postMessage(server.address().port)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
server.on('error', (error) => { throw error })`

/** Resolves once it swallows. Ports below 1024 are root's. */
export async function startSwallowing(
  host: string,
  port = 0,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const worker = new Worker(KEEPER, { eval: true, workerData: { host, port, backlog: BACKLOG } })
  const [taken] = (await once(worker, 'message')) as [number]
  // Linux queues one more than it is told to.
  const fillers = Array.from({ length: BACKLOG + 1 }, () => connect(taken, host))
  await Promise.all(fillers.map((filler) => once(filler, 'connect')))
  for (const filler of fillers) filler.on('error', () => {})
  return {
    port: taken,
    stop: async () => {
      for (const filler of fillers) filler.destroy()
      await worker.terminate()
    },
  }
}
