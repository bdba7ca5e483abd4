// A port behind which every connection disappears, as behind a line that closes it: neither accepted nor refused.
import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** Its queue is full and nobody takes from it: the kernel drops what comes then. */
const KEEPER = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const server = createServer()
server.listen({ ...workerData, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50)
})
server.on('error', (error) => { throw error })`

/** Resolves once it swallows. Ports below 1024 are root's. */
export async function startSwallowing(
  host: string,
  port = 0,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const worker = new Worker(KEEPER, { eval: true, workerData: { host, port } })
  const [taken] = (await once(worker, 'message')) as [number]
  await new Promise((done) => setTimeout(done, 150))
  const fillers = Array.from({ length: 4 }, () => connect(taken, host).on('error', () => {}))
  await new Promise((done) => setTimeout(done, 50))
  return {
    port: taken,
    stop: async () => {
      for (const filler of fillers) filler.destroy()
      await worker.terminate()
    },
  }
}
