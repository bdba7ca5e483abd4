// Other sites and their words, for tests.
import { noOpinion } from '../../src/core/verdict/verdict.ts'
import type { Peer, Word } from '../../src/core/verdict/word.ts'

export function wordOf(more: Partial<Word> = {}): Word {
  const { state, since, fails, suspectSince, reason, path } = { ...noOpinion(0), state: 'up' as const }
  const base = {
    state,
    since,
    fails,
    suspectSince,
    reason,
    path,
    line: true,
    definition: 'd1',
    at: null,
    pulse: null,
  }
  return { ...base, ...more }
}

export function peerOf(site: string, words: Readonly<Record<string, Word>> = {}, more: Partial<Peer> = {}): Peer {
  const condition = { blind: null, mails: true, version: '1', configuration: 'c', configured: 0 }
  const base = {
    site,
    heard: true,
    lately: true,
    met: true,
    since: 0,
    address: null,
    condition,
    words: new Map(Object.entries(words)),
  }
  return { ...base, ...more }
}
