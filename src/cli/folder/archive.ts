// The memory of a data folder as commands need it: read, or complained of.
import type { Instant } from '../../core/time/time.ts'
import { type Archive, withArchive } from '../../store/archive.ts'
import { trouble } from '../../store/database.ts'
import type { Host } from '../command.ts'
import { folderFault } from './fit.ts'

/**
 * What `work` makes of `DIR/results.db`; null when there is none, it can't be read or it is damaged, which is said in
 * the name of `command`.
 */
export function readArchive<T>(
  command: string,
  data: string,
  { err, wall }: Host,
  work: (archive: Archive, asOf: Instant) => T,
): T | null {
  const complain = (words: string): null => {
    err.write(`vigie ${command}: ${words}\n`)
    return null
  }
  try {
    const found = withArchive(data, wall(), (archive) =>
      archive.asOf === null ? null : { made: work(archive, archive.asOf) },
    )
    return found === null ? complain(`nothing was ever measured into ${data}: has a vigie run there?`) : found.made
  } catch (error) {
    const fault = folderFault(error, data)
    if (fault !== null) return complain(fault)
    const kind = trouble(error)
    if (kind === undefined) throw error
    const words = `${data}/results.db ${kind === 'broken' ? 'is damaged' : "can't be read"}`
    return complain(`${words}: ${(error as Error).message}`)
  }
}
