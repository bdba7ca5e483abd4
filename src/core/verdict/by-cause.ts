// What is not well, put under what explains it.

/** A service that isn't well, and the service whose trouble explains its own. */
export interface Troubled {
  readonly id: string
  readonly cause: string | null
}

/** Each trouble that no other of them explains, with all that it explains, in the order given. */
export function byCause<T>(
  troubled: readonly T[],
  of: (one: T) => Troubled,
): readonly { readonly root: T; readonly children: readonly T[] }[] {
  const byId = new Map(troubled.map((one) => [of(one).id, one]))
  const rootOf = (one: T): T => {
    const seen = new Set<T>()
    let root = one
    for (;;) {
      seen.add(root)
      const parent = byId.get(of(root).cause ?? '')
      if (parent === undefined || seen.has(parent)) return root
      root = parent
    }
  }
  const groups = new Map<T, T[]>()
  for (const one of troubled) {
    const root = rootOf(one)
    const children = groups.get(root) ?? []
    if (root !== one) children.push(one)
    groups.set(root, children)
  }
  return [...groups].map(([root, children]) => ({ root, children }))
}
