// Why nobody can listen somewhere, in words.

/** What stands behind the system's codes, and what helps. */
const FAULTS: Readonly<Record<string, (option: string) => string>> = {
  EADDRINUSE: (option) => `something else listens there; ${option} HOST:PORT names another`,
  EADDRNOTAVAIL: () => 'this machine has no such address',
  EACCES: () => 'a port below 1024 wants a right that this user lacks',
  ENOTFOUND: () => 'there is no such host',
}

/** One line for an error of listening; null: it is another error. `option`: what names another place. */
export function listenFault(
  error: unknown,
  { host, port }: { readonly host: string; readonly port: number },
  option: '--listen' | '--control' = '--listen',
): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const words = FAULTS[code]?.(option)
  return words === undefined ? null : `can’t listen on ${host}:${port}: ${words}`
}
