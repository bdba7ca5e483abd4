// What came and waits to be read.

export interface Inbox<T> {
  put(item: T): void
  /** Nothing more will come, for this reason; the first one counts. */
  fail(error: Error): void
  /** The next item, as soon as it is there; throws the reason once all are read. One reader at a time. */
  next(): Promise<T>
}

/** It holds all that is put into it: whoever reads from strangers bounds that (`XML_LIMITS`). */
export function createInbox<T>(): Inbox<T> {
  const items: T[] = []
  let fault: Error | null = null
  let wake = () => {}

  return {
    put(item) {
      items.push(item)
      wake()
    },
    fail(error) {
      fault ??= error
      wake()
    },
    async next() {
      for (;;) {
        const item = items.shift()
        if (item !== undefined) return item
        if (fault !== null) throw fault
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
