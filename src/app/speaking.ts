// Who speaks: the board of what people say, who may add to it, and the way in for programs.
import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { type Access, createAccess } from '../access/accounts.ts'
import { createReuseWatch } from '../access/reuse.ts'
import { isSame, newToken } from '../access/secrets.ts'
import { type Acknowledging, createAcknowledging } from '../board/acknowledging.ts'
import { type Attendant, createAttendant } from '../board/attendant.ts'
import { type Board, createBoard } from '../board/board.ts'
import { createDrafts } from '../board/drafts.ts'
import { createPost } from '../board/post.ts'
import { sayAble } from '../core/ability-words.ts'
import type { Configuration } from '../core/check.ts'
import { siteOf } from '../core/ledger/entry.ts'
import type { Statement } from '../core/ledger/statement.ts'
import { SCOPES } from '../core/said/account.ts'
import type { Post } from '../core/said/post.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { Letter } from '../core/verdict/letter.ts'
import { voicesNow } from '../core/verdict/voices.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { ApiDeps } from '../http/admin/api.ts'
import type { Memory } from '../memory.ts'
import type { Views } from '../page/pages/views.ts'
import type { Ledger } from '../store/ledger.ts'
import type { SiteKey } from '../twin/key.ts'
import { isVouched, vouch } from '../twin/voucher.ts'

export interface Speaking {
  readonly board: Board
  readonly post: Post
  readonly access: Access
  readonly api: ApiDeps
  readonly attendant: Attendant
  readonly acknowledging: Acknowledging
  /** What commands on this machine say to be let in, as long as this process lives. */
  readonly token: string
  /** The configuration is another: where it changed whose word counts, all that was said is read again. */
  configured(): void
}

/**
 * Reads all that was said in the ledger now, and throws what it throws. What an observer signed is nobody's word here.
 * The `token` is another with each process, and may do all that the API can, but on an observer, where it only reads.
 */
export function createSpeaking(deps: {
  readonly key: SiteKey
  readonly ledger: Ledger
  readonly memory: Memory
  readonly views: Views
  readonly version: string
  /** Puts a letter into the outbox. */
  write(letter: Letter): void
  /** A letter was put there with what it is about. */
  wrote(): void
  peers(): readonly Peer[]
  now(): Instant
  ticks(): Millis
  warn(note: string): void
}): Speaking {
  const { key, ledger, memory, views, version, write, wrote, now, ticks, warn } = deps
  const configuration = () => memory.configuration
  // What somebody at whose home an observer stands may sign there is not the hoster's word, and lets nobody in.
  let observers = observersIn(configuration())
  const isWord = ({ origin }: Pick<Statement, 'origin'>) => !observers.includes(siteOf(origin))
  const readers = new Set<() => void>()
  const reread = () => {
    for (const reader of readers) reader()
  }
  ledger.onMended(reread)
  const said = {
    statements: (...families: readonly string[]) => ledger.statements(...families).filter(isWord),
    onNews: (listener: (news: readonly Statement[]) => void) => ledger.onNews((news) => listener(news.filter(isWord))),
    onMended: (reader: () => void) => {
      readers.add(reader)
      return () => void readers.delete(reader)
    },
    say: ledger.say,
  }
  const board = createBoard(said)
  const voices = (check: string) => voicesNow(check, memory, deps.peers(), now())
  const drafts = createDrafts({ memory, board, ledger, voices, able: sayAble, now })
  const keyOf = (site: string) =>
    site === configuration().site.id ? key.publicKey : configuration().sites.find(({ id }) => id === site)?.key
  const acknowledging = createAcknowledging({
    memory,
    board,
    ledger,
    vouch: (said) => vouch(key, 'acknowledge', said),
    isVouched: (site, said, signature) => isVouched(keyOf(site) ?? '', 'acknowledge', said, signature),
    wrote,
    now,
  })
  const post = createPost({ board, drafts, take: acknowledging.take, configuration, now, random: randomBytes })
  const access = createAccess({
    told: () =>
      configuration().site.role === 'observer'
        ? []
        : said.statements('account').map(({ origin, seq, ...said }) => ({ ...said, mark: `${origin}:${seq}` })),
    say: ledger.say,
    now,
    ticks,
    pause,
    clockTrusted: () => memory.line.clock,
    warn,
  })
  const reuse = createReuseWatch({
    known: access.known,
    siteOf: (mark) => siteOf(mark.slice(0, mark.lastIndexOf(':'))),
    site: () => configuration().site.id,
    write,
    now,
  })
  const learn = () => {
    access.learn()
    reuse.look()
  }
  said.onNews((news) => {
    if (news.some(({ type }) => type.startsWith('account.'))) learn()
  })
  said.onMended(learn)
  const token = newToken()
  const api: ApiDeps = {
    post,
    said: board,
    services: () => configuration().services.map(({ id }) => id),
    site: () => configuration().site.url,
    bearer: (secret) => {
      // The machine's owner may read how it goes; an observer posts nothing, whoever asks.
      const scopes = configuration().site.role === 'observer' ? [] : SCOPES
      if (isSame(secret, token)) return { by: 'cli', scopes, reads: true }
      const known = access.tokenOf(secret)
      return known === null ? null : { by: `token:${known.name}`, scopes: known.scopes }
    },
    now,
    views,
    version,
  }
  const attendant = createAttendant({ memory, board, post, write, now })
  return { board, post, access, api, attendant, acknowledging, token, configured }

  function configured() {
    const before = observers
    observers = observersIn(configuration())
    if (observers.join() !== before.join()) reread()
  }
}

function observersIn({ sites }: Configuration): readonly string[] {
  return sites.flatMap(({ id, role }) => (role === 'observer' ? [id] : []))
}
