// What admins should mind although nothing is down: mailed once, never a colour (verdict.md, 1).
import type { ExpiresIn, Rule } from '../check.ts'
import type { Observation, Term } from '../observation.ts'
import type { Text } from '../text.ts'
import { DAY, type Instant } from '../time/time.ts'
import type { AttentionItem, Letter } from './letter.ts'

/** By what it is about: `auth`, `expiring`, `finding: …`. `told`: a letter was written. */
export type Attentions = Readonly<
  Record<string, { readonly note: string; readonly since: Instant; readonly told: boolean }>
>

/** Less is left of a certificate or a term than the rule allows. */
export function expiring(facts: Term, rule: ExpiresIn, now: Instant): boolean {
  const left = facts.expires - now
  return 'left' in rule ? left < rule.left : left < rule.share * (facts.expires - facts.from)
}

/** Whole days until it expires, rounded down; negative when it did. */
export function daysLeft(facts: Term, now: Instant): number {
  return Math.floor((facts.expires - now) / DAY)
}

/** What to mind of a check after one more look. A look that says nothing changes nothing, nor does one that failed. */
export function mindful(before: Attentions, look: Observation, rule: Rule, now: Instant): Attentions {
  const { outcome } = look
  if (outcome.ok === null) return before
  if (outcome.ok === false) {
    return outcome.reason === 'auth' ? { ...before, auth: item(before, 'auth', outcome.note, now) } : before
  }
  const found = new Map<string, string>()
  for (const { kind, note } of outcome.attention ?? []) found.set(kind === 'finding' ? `finding: ${note}` : kind, note)
  if (outcome.tls !== undefined && expiring(outcome.tls, rule.expiresIn, now)) {
    found.set('expiring', `the certificate ${whenExpired(outcome.tls, now)}`)
  }
  if (outcome.term !== undefined && expiring(outcome.term, rule.expiresIn, now)) {
    found.set('expiring', `the domain ${whenExpired(outcome.term, now)}`)
  }
  if (found.size === 0) return Object.keys(before).length === 0 ? before : {}
  return Object.fromEntries([...found].map(([key, note]) => [key, item(before, key, note, now)]))
}

function whenExpired(facts: Term, now: Instant): string {
  const days = daysLeft(facts, now)
  if (days < 0) return 'has expired'
  if (days === 0) return 'expires within a day'
  return days === 1 ? 'expires in 1 day' : `expires in ${days} days`
}

function item(before: Attentions, key: string, note: string, now: Instant): Attentions[string] {
  return { note, since: before[key]?.since ?? now, told: before[key]?.told ?? false }
}

/** One letter for what nobody was told yet; null when there is nothing. */
export function attentionLetter(items: readonly AttentionItem[], now: Instant): Letter | null {
  const first = items[0]
  if (first === undefined) return null
  const key = `attention:${items.map(({ check, kind, since }) => `${check}:${kind}:${since}`).join(',')}`
  return {
    key: key.slice(0, 500),
    event: 'attention',
    thread: key.slice(0, 500),
    at: now,
    news: { kind: 'attention', items },
  }
}

/** What was not told yet, of the kinds that are due: a refused login at once, the others with the daily mail. */
export function untold(
  check: string,
  service: Text,
  attentions: Attentions,
  due: 'at_once' | 'daily',
): readonly AttentionItem[] {
  return Object.entries(attentions).flatMap(([key, { note, since, told }]) => {
    const kind = key.startsWith('finding') ? 'finding' : (key as 'auth' | 'expiring')
    return told || (due === 'at_once' && kind !== 'auth') ? [] : [{ check, service, kind, note, since }]
  })
}
