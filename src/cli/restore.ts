// `vigie restore FILE`: a backup, put back.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Folded, foldedBy, isFolded } from '../core/ledger/checkpoint.ts'
import { isWithheld, siteOf } from '../core/ledger/entry.ts'
import type { Unpacked } from '../store/restore.ts'
import { hashOf, verify } from '../twin/seal.ts'
import type { Call, Command, Host } from './command.ts'

export const restore: Command = {
  words: 'FILE',
  about: [
    'Puts a backup into the data folder, after it was found whole: every file, every database, every signature of what this site said. Nothing is touched before. No vigie may run on the folder.',
    'A folder that holds a ledger already is left as it is without --force; with it, what was there is set aside in the folder, never deleted. Admins log in again afterwards. With a twin, what was said since the backup is fetched back from there; alone, it is gone.',
    'Exit code 0 when it is restored, 1 when it can’t be.',
  ],
  options: ['force', 'json'],
  examples: [{ line: 'vigie restore vigie.tar.gz --data /var/lib/vigie', does: 'on a new card' }],
  run: runRestore,
}

async function runRestore({ options, words }: Call, host: Host): Promise<number> {
  const [file, ...more] = words
  const refuse = (why: string) => {
    host.err.write(`vigie restore: ${why}\n`)
    return 1
  }
  if (file === undefined || more.length > 0) {
    host.err.write('vigie restore: say one file: vigie restore vigie.tar.gz\n')
    return 2
  }
  if (!existsSync(file)) return refuse(`there is no ${file}`)
  const [{ unpack }, { lockFolder }, { publicKeyOf }] = await Promise.all([
    import('../store/restore.ts'),
    import('../store/lock.ts'),
    import('../twin/key.ts'),
  ])
  const lock = lockFolder(options.data)
  if ('heldBy' in lock) {
    return refuse(
      `a vigie runs on ${options.data}${lock.heldBy === null ? '' : ` (pid ${lock.heldBy})`}: stop it first`,
    )
  }
  try {
    if (existsSync(join(options.data, 'ledger.db')) && !options.given.has('force'))
      return refuse(`${options.data} holds a ledger already; --force sets it aside and restores`)
    const unpacked = await unpack(file, options.data)
    const said = inspect(unpacked, publicKeyOf(unpacked.key))
    if ('wrong' in said) {
      unpacked.discard()
      return refuse(said.wrong)
    }
    const aside = unpacked.put(host.wall())
    const { made } = unpacked.manifest
    if (options.json) {
      host.out.write(`${JSON.stringify({ made, ...said, aside }, null, 2)}\n`)
      return 0
    }
    const entries = said.entries === 1 ? '1 entry' : `${said.entries} entries`
    host.out.write(`Restored what ${said.sites.join(', ')} said, ${entries}, as of ${made}.\n`)
    if (aside !== null) host.out.write(`What was there before is in ${aside}.\n`)
    return 0
  } catch (error) {
    return refuse(`${file} can't be restored: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    lock.release()
  }
}

/**
 * The chain of every origin, but for what its site took out of it, and the seals of the site whose key lies beside it.
 * Of other sites more may be missing: a checkpoint that is on its way still says why.
 */
function inspect(
  unpacked: Unpacked,
  publicKey: string,
): { readonly entries: number; readonly sites: readonly string[] } | { readonly wrong: string } {
  const heads = new Map<string, { readonly seq: number; readonly hash: string }>()
  const gaps: { readonly origin: string; readonly from: number; readonly to: number }[] = []
  const checkpoints: Folded[] = []
  /** Sites of which an entry was signed with this key. */
  const sealed = new Set<string>()
  const sites = new Set<string>()
  let entries = 0
  for (const entry of unpacked.entries()) {
    const { origin, seq, prev } = entry
    const before = heads.get(origin) ?? { seq: 0, hash: '' }
    if (seq > before.seq + 1) gaps.push({ origin, from: before.seq + 1, to: seq - 1 })
    else if (prev !== before.hash)
      return { wrong: `entry ${seq} of ${origin} does not follow the one before: the ledger was altered` }
    heads.set(origin, { seq, hash: hashOf(entry) })
    const folded = foldedBy(entry)
    if (folded !== null) checkpoints.push(folded)
    const site = siteOf(origin)
    sites.add(site)
    entries++
    if (isWithheld(entry)) continue
    const good = verify(entry, publicKey)
    // Entries of other sites were signed with keys of theirs. For those before a new key of ours the chain vouches.
    if (sealed.has(site) && !good)
      return { wrong: `an entry of ${origin} up to ${seq} is not what was signed: the ledger was altered` }
    if (good) sealed.add(site)
  }
  const lost = gaps.find(
    ({ origin, from, to }) =>
      sealed.has(siteOf(origin)) && !checkpoints.some((folded) => isFolded(folded, origin, from, to)),
  )
  if (lost !== undefined)
    return { wrong: `of ${lost.origin} entries ${lost.from} to ${lost.to} are missing: the ledger was altered` }
  if (entries > 0 && sealed.size === 0)
    return { wrong: 'the key in it signed nothing of what it holds: the ledger was altered' }
  return { entries, sites: [...sites] }
}
