// A network whose names all lead to loopback, for probes to look at small servers there.
import type { Network } from '../../src/net/network.ts'
import { createNetwork } from '../../src/net/system.ts'

export interface LoopbackOptions {
  /** Trusted roots, PEM. */
  readonly ca?: readonly string[]
  /** Where names lead, by family; any other name is at 127.0.0.1. Null: there is no such name. */
  readonly names?: Readonly<Record<string, { readonly 4?: readonly string[]; readonly 6?: readonly string[] } | null>>
  readonly resolvers?: readonly string[]
  /** True: addresses are permitted as in the world outside, loopback refused. */
  readonly strict?: boolean
}

export function loopback(options: LoopbackOptions = {}): Network {
  const network = createNetwork({ ca: options.ca ?? [] })
  return {
    ...network,
    async resolve(name, family) {
      const known = options.names?.[name]
      if (known === null) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND', syscall: 'queryA' })
      return known === undefined ? (family === 4 ? ['127.0.0.1'] : []) : (known[family] ?? [])
    },
    resolvers: () => options.resolvers ?? [],
    permits: (address) => (options.strict ? network.permits(address) : true),
  }
}
