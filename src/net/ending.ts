// The end of a look, for those who only want to hear of it: an AbortSignal of Node's costs as much as reading an answer.

/** As much of an AbortSignal as a connection needs; every AbortSignal is one. */
export interface Ending {
  readonly aborted: boolean
  readonly reason: Error | undefined
  /** Throws the reason once it has ended. */
  throwIfAborted(): void
  /** Hears of the end, once. Too late when it has ended already. */
  addEventListener(type: 'abort', hear: () => void, options?: { readonly once: boolean }): void
  removeEventListener(type: 'abort', hear: () => void): void
}

export interface Endable {
  readonly ending: Ending
  /** The same as an AbortSignal, made for the first who asks for it. */
  signal(): AbortSignal
  /** Ends, and tells everybody who listens; a second time does nothing. */
  end(reason: Error): void
}

/** It knows no time: whoever makes it ends it, or it never ends. */
export function createEnding(): Endable {
  const listening = new Set<() => void>()
  let controller: AbortController | null = null
  // No accessors: V8 would make each of these objects a shape of its own.
  const ending = {
    aborted: false,
    reason: undefined as Error | undefined,
    throwIfAborted: () => {
      if (ending.aborted) throw ending.reason
    },
    addEventListener: (_: 'abort', hear: () => void) => {
      if (!ending.aborted) listening.add(hear)
    },
    removeEventListener: (_: 'abort', hear: () => void) => {
      listening.delete(hear)
    },
  }
  return { ending, signal, end }

  function signal(): AbortSignal {
    if (controller === null) {
      controller = new AbortController()
      if (ending.aborted) controller.abort(ending.reason)
    }
    return controller.signal
  }

  function end(reason: Error) {
    if (ending.aborted) return
    ending.aborted = true
    ending.reason = reason
    for (const hear of listening) hear()
    listening.clear()
    controller?.abort(reason)
  }
}
