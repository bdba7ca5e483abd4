// What tells one configuration from another, so that two sites know whether they look at the same things by the same rules.
import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, Configuration } from '../core/check.ts'
import type { Instant } from '../core/time/time.ts'

const LENGTH = 8

/** Names what a check looks at and by which rule: as written (`spellOut`), secrets not filled in, and what it inherits. */
export function definitionOf(
  written: unknown,
  inherited: Pick<Check, 'target' | 'rule'> & { readonly domain: unknown },
): string {
  return hashOf([written, inherited])
}

/** Names all that a check's plan is made of, values of secrets included; `observer`: logins were left out of it. */
export function originOf(definition: string, secrets: readonly string[], observer: boolean): string {
  return hashOf([definition, secrets, observer])
}

/** Names the whole configuration, apart from what is each site's own: which one it is, where it listens, its secrets. */
export function editionOf(configuration: Omit<Configuration, 'edition' | 'configured' | 'secrets'>): string {
  const { site: _, listen: __, ca: ___, mail, metrics: ____, proxy: _____, services, ...shared } = configuration
  const known = services.map(({ checks, ...service }) => ({
    ...service,
    checks: checks.map(({ unusable: _u, heartbeat: _h, ...check }) => check),
  }))
  return hashOf([shared, known, mail?.from, mail?.relays.map(({ name }) => name)])
}

/** When any of these files was last changed; 0 when none can be asked. */
export function changedAt(dir: string, names: Iterable<string>): Instant {
  let newest = 0
  for (const name of names) {
    const changed = statSync(join(dir, name), { throwIfNoEntry: false })?.mtimeMs ?? 0
    newest = Math.max(newest, Math.floor(changed))
  }
  return newest
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, LENGTH)
}
