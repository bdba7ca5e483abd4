// Where the replica's hosts are: each name has addresses of its own, so that a connection shows whom it is meant for.

export interface Addresses {
  /** The host's address in a family: the same one each time. */
  of(host: string, family: 4 | 6): string
  /** Whose address it is; undefined: nobody's. */
  hostAt(address: string): string | undefined
}

/** Loopback addresses for IPv4, unique local ones for IPv6 (RFC 4193): none leads out, none is ever really dialled. */
export function createAddresses(): Addresses {
  const numbers = new Map<string, number>()
  const hosts = new Map<string, string>()
  return { of, hostAt: (address) => hosts.get(address) }

  function of(host: string, family: 4 | 6): string {
    const number = numbers.get(host) ?? numbers.size + 1
    numbers.set(host, number)
    const address =
      family === 4 ? `127.64.${(number >> 8) & 255}.${number & 255}` : `fd76:6967:6965::${number.toString(16)}`
    hosts.set(address, host)
    return address
  }
}
