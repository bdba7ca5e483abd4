// What is known of a software: data, not code. `preset: seafile` stands for these checks (config/preset.ts).
import type { Ability } from '../core/ability.ts'
import type { Audience } from '../core/check.ts'

export interface Preset {
  /** As its makers write it. */
  readonly name: string
  /** What it is found by: a web address, a host, or a domain whose records say where. */
  readonly at: 'url' | 'host' | 'domain'
  /** Other names it goes by. */
  readonly also?: readonly string[]
  /** Who its checks are for, unless said otherwise. */
  readonly audience?: Audience
  /** What it can be told beside `login`, and what that is. */
  readonly options?: Readonly<Record<string, string>>
  /** The first is the shallow one, without an account. */
  readonly checks: readonly PresetCheck[]
  /** What these checks don't see. */
  readonly misses: string
  /** Where the facts are from: its source, its documentation, the software itself. */
  readonly basis: string
  /** The version it was tried on, and when; null: never. */
  readonly tried: { readonly version: string; readonly date: string } | null
}

export interface PresetCheck {
  /** Keys the history. */
  readonly id: string
  /** What a member can do when it is well; null: nothing of theirs. */
  readonly proves: Ability | null
  /** Options without which it is left out. */
  readonly needs?: readonly string[]
  /**
   * An entry of `checks:`. `{url}` (without a slash at its end), `{host}`, `{domain}`, `{OPTION}`, `{login.user}` and
   * `{login.password}` are filled in; `:form` and `:path` behind a name encode it for there. `{login}` alone is the whole.
   */
  readonly entry: Readonly<Record<string, unknown>>
}
