// Some at a time.

const AT_ONCE = 4

/** What `work` makes of each, in order. */
export async function eachOf<T, U>(all: readonly T[], work: (one: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = []
  for (let at = 0; at < all.length; at += AT_ONCE) {
    done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))))
  }
  return done
}
