// The names in the certificate a host shows: hosters put their services side by side in one.
import type { Instant } from '../core/time/time.ts'
import { SECOND } from '../core/time/time.ts'
import type { Network } from '../net/network.ts'
import { runLook } from '../net/run.ts'

const PATIENCE = 8 * SECOND
const MOST = 100

/** Names as they stand in it, wildcards left out; empty where nothing is shown. A bad certificate is read all the same. */
export async function certificateNames(host: string, network: Network, now: () => Instant): Promise<readonly string[]> {
  let names: readonly string[] = []
  await runLook(
    async (look) => {
      const { socket } = await look.secure(await look.dial({ host, port: 443 }), host)
      const listed = socket.getPeerCertificate().subjectaltname ?? ''
      names = [...listed.matchAll(/DNS:([^,\s"*]+)(?:,|$)/g)].slice(0, MOST).map(([, name]) => name!.toLowerCase())
      return { ok: true, note: '' }
    },
    { network, family: null, connect: null, allowPrivate: false, ca: [], now, timeout: PATIENCE },
  )
  return names
}
