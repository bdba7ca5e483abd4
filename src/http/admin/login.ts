// Logging in: on the page of its own, and where a session ended while somebody wrote.
import type { Access } from '../../access/accounts.ts'
import type { Sessions } from '../../access/sessions.ts'
import type { Account } from '../../core/said/account.ts'
import type { Language } from '../../core/text.ts'
import { ENTRANCE_WORDS } from './entrance-words.ts'
import { type Form, hasIn, lineIn, secretIn } from './form.ts'

export interface LoginDeps {
  readonly access: Access
  readonly sessions: Sessions
  readonly clockTrusted: () => boolean
}

/** Begins a session, whose secret is `session`. A wrong login is 401, one that can't be looked at now 429. */
export async function logIn(
  { access, sessions }: LoginDeps,
  { language, address, device }: { readonly language: Language; readonly address: string; readonly device: string },
  form: Form,
): Promise<
  | { readonly session: string; readonly trusted: boolean; readonly account: Account }
  | { readonly fault: string; readonly status: number }
> {
  const name = lineIn(form, 'name', 100)
  const given = { name, password: secretIn(form, 'password'), code: lineIn(form, 'code', 50), address }
  const result = await access.login(given)
  if ('fault' in result) {
    const { fault } = result
    return { fault: ENTRANCE_WORDS[language].login.faults[fault], status: fault === 'slow' ? 429 : 401 }
  }
  const trusted = hasIn(form, 'trust')
  const { account } = result
  return { session: sessions.begin(account, { trusted, device }), trusted, account }
}

/** What its fields show: what was typed, but no secret. */
export function loginModel({ clockTrusted }: LoginDeps, language: Language, typed: Form) {
  return {
    text: ENTRANCE_WORDS[language],
    name: lineIn(typed, 'name'),
    trust: hasIn(typed, 'trust'),
    clock: !clockTrusted(),
  }
}
