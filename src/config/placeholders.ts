// What `${domain}` and `${secret:NAME}` stand for.
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Secret } from './secrets.ts'

/** A text of the configuration with what its placeholders stand for. */
export interface Filled {
  /** Everything filled in: for use, never for people. */
  readonly text: string
  /** The same for a URL: a secret that is only part of it is percent-encoded. */
  readonly url: string
  /** For people: the domain filled in, secrets as they were written. */
  readonly shown: string
  /** The values of secrets in it. */
  readonly secrets: readonly string[]
  /** Names of secrets that are nowhere; `text` is then worth nothing. */
  readonly missing: readonly string[]
  /** Whether a secret is in it at all, found or missing. */
  readonly secret: boolean
}

/** What a site's placeholders stand for. */
export interface Meanings {
  /** Null: none is configured. Undefined: there is one, but it can't be read. */
  readonly domain: string | null | undefined
  secret(name: string): Secret
}

/** Hears of what is wrong in a text. */
export interface Listener {
  complain(message: string, hint?: string): void
  warn(message: string, hint?: string): void
}

const STAND_IN = 'domain.invalid'

/** Fills a text in. Undefined after a complaint. `$${` stands for the characters `${`. */
export function fill(raw: string, meanings: Meanings, listener: Listener): Filled | undefined {
  const secrets: string[] = []
  const missing: string[] = []
  let wrong = false
  let secret = false
  const whole = /^\$\{secret:[^}]*\}$/.test(raw)
  const complain = (message: string, hint?: string) => {
    wrong = true
    listener.complain(message, hint)
    return ''
  }
  const parts = raw.split(/(\$?\$\{[^}]*\}?)/).map((part, i) => (i % 2 === 0 ? same(part) : meaning(part)))
  if (wrong) return undefined
  const join = (form: 'text' | 'url' | 'shown') => parts.map((part) => part[form]).join('')
  return { text: join('text'), url: join('url'), shown: join('shown'), secrets, missing, secret }

  function meaning(written: string) {
    if (written.startsWith('$${')) return same(written.slice(1))
    if (!written.endsWith('}'))
      return same(complain(`"\${" without its "}"`, 'write $${ for the characters themselves'))
    const name = written.slice(2, -1)
    if (name === 'domain') return same(domain())
    if (name.startsWith('secret:')) return hidden(written, name.slice('secret:'.length))
    const meant = nearest(name, ['domain', 'secret']) ?? (name.startsWith('secret') ? 'secret' : null)
    const hint = meant === 'domain' ? '${domain}' : meant === 'secret' ? '${secret:NAME}' : null
    return same(
      complain(
        `unknown placeholder ${quote(written)}`,
        hint ? `did you mean ${hint}?` : 'there are ${domain} and ${secret:NAME}; $${ stands for the characters ${',
      ),
    )
  }

  function domain(): string {
    if (meanings.domain === undefined) return STAND_IN
    return (
      meanings.domain ?? complain('${domain} is used, but site.yaml has no `domain`', 'add `domain: …` to site.yaml')
    )
  }

  function hidden(written: string, name: string) {
    secret = true
    if (!/^[a-z0-9_-]+$/.test(name)) {
      return same(complain(`bad name of a secret ${quote(name)}`, 'lowercase letters, digits, - and _'))
    }
    const found = meanings.secret(name)
    if (found.value === null) {
      missing.push(name)
      if (found.why !== null)
        listener.warn(
          `the secret "${name}" is missing: ${found.why}`,
          'until it is there, a check that needs it is unknown and a relay is left out',
        )
      return { text: '', url: '', shown: written }
    }
    if ('exposed' in found) {
      complain(`everybody on this machine can read the secret "${name}"`, `chmod o-r ${found.exposed}`)
    }
    secrets.push(found.value)
    return { text: found.value, url: whole ? found.value : encode(found.value), shown: written }
  }
}

/** Never throws, unlike `encodeURIComponent` on half a surrogate pair. */
function encode(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD'))
}

function same(part: string) {
  return { text: part, url: part, shown: part }
}
