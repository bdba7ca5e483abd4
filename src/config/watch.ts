// Notices that a folder changed.
import { type FSWatcher, readdirSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'

const SETTLE = 300
const POLL = 15_000

/**
 * Calls back some 300 ms after the last of a burst of changes to the files of a folder. Beside the system's
 * notifications it compares names, times and sizes every 15 s, as some file systems notify nobody; a folder that
 * goes away and comes back is watched again. Keeps no process alive. Returns how to stop.
 */
export function watchFolder(dir: string, onChange: () => void, poll: number = POLL): () => void {
  let seen = traceOf(dir)
  let watcher: FSWatcher | undefined
  let settling: NodeJS.Timeout | undefined
  listen()
  const polling = setInterval(look, poll).unref()
  return () => {
    clearInterval(polling)
    clearTimeout(settling)
    watcher?.close()
  }

  function listen(): void {
    try {
      watcher = watch(dir, { persistent: false }, () => {
        clearTimeout(settling)
        settling = setTimeout(look, SETTLE).unref()
      })
      watcher.on('error', deafen)
    } catch {
      watcher = undefined
    }
  }

  function deafen(): void {
    watcher?.close()
    watcher = undefined
  }

  function look(): void {
    const trace = traceOf(dir)
    if (watcher === undefined) listen()
    if (trace === seen) return
    if (trace === '' || seen === '') {
      deafen()
      listen()
    }
    seen = trace
    onChange()
  }
}

/** What would differ if anything had changed; empty for a folder that isn't there. */
function traceOf(dir: string): string {
  try {
    return JSON.stringify([
      statSync(dir).ino,
      ...readdirSync(dir)
        .sort()
        .map((name) => [name, ...factsOf(join(dir, name))]),
    ])
  } catch {
    return ''
  }
}

function factsOf(path: string): number[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat ? [stat.ino, stat.mtimeMs, stat.size, stat.mode] : []
}
