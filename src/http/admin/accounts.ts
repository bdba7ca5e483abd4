// `/admin/accounts/`: who may log in, one's own sessions, API keys. Whatever gives or takes an access wants the
// password again.
import type { Access } from '../../access/accounts.ts'
import type { Sessions } from '../../access/sessions.ts'
import { isAccountName, SCOPES } from '../../core/said/account.ts'
import { capitalised } from '../../core/text.ts'
import { ACCOUNT_WORDS, type AccountWords } from './account-words.ts'
import { type Desk, momentsFor } from './desk.ts'
import type { Answer, Door, Known } from './door.ts'
import { chosenIn, type Form, lineIn, secretIn } from './form.ts'
import { fillingOf, putUpForm, type Refused, refusalOn } from './posted-form.ts'

export interface AccountsDeps {
  readonly access: Access
  readonly sessions: Sessions
  readonly desk: Desk
}

type Fault = Exclude<keyof AccountWords['faults'], 'wrong' | 'slow'>

/**
 * Nobody takes their own account away here, so one always stays. A wrong password is a fault of its form like any other
 * (422), one that can't be looked at now is 429; links and keys are shown once.
 */
export function putUpAccounts(door: Door, { access, sessions, desk }: AccountsDeps): void {
  door.get('/accounts/', (visit) => listPage(visit, null))

  grave('/accounts/invite', (visit, name) => {
    if (!isAccountName(name)) return 'name'
    return access.known().accounts.has(name) ? 'exists' : linkPage(visit, name)
  })
  grave('/accounts/renew', (visit) => {
    const { token } = access.invite(visit.who.account.name, visit.who.account.name)
    return { to: `/admin/welcome/${token}` }
  })
  grave('/accounts/remove', (visit, name) => {
    if (name === visit.who.account.name) return 'self'
    access.remove(name, visit.who.account.name)
    return { to: '/admin/accounts/?done=removed' }
  })
  grave('/accounts/key', (visit, name, form) => {
    if (!isAccountName(name)) return 'name'
    const scopes = chosenIn(form, 'scopes', SCOPES)
    if (scopes.length === 0) return 'scopes'
    return {
      page: 'key',
      model: { text: wordsFor(visit), key: access.createToken(name, scopes, visit.who.account.name) },
    }
  })
  grave('/accounts/revoke', (visit, name) => {
    access.revokeToken(name, visit.who.account.name)
    return { to: '/admin/accounts/?done=revoked' }
  })

  door.post('/accounts/end', ({ who }, form) => {
    const digest = lineIn(form, 'session')
    if (sessions.of(who.account.name).some((one) => one.digest === digest)) sessions.end(digest)
    return { to: '/admin/accounts/?done=ended' }
  })

  /** A change that wants the password in the same form. */
  function grave(path: string, act: (visit: Known, name: string, form: Form) => Answer | Fault): void {
    putUpForm(door.post, path, listPage, async (visit, form) => {
      const name = lineIn(form, 'name', 100).toLowerCase()
      const { account } = visit.who
      const fault = await access.confirm(account.name, secretIn(form, 'password'), visit.address)
      const { faults } = wordsFor(visit)
      if (fault !== null) return { fault: faults[fault], status: fault === 'slow' ? 429 : 422 }
      const done = act(visit, name, form)
      return typeof done === 'string' ? { fault: faults[done] } : done
    })
  }

  function linkPage(visit: Known, name: string): Answer {
    const { token, expires } = access.invite(name, visit.who.account.name)
    const words = wordsFor(visit)
    const moments = momentsFor(desk, visit.language)
    const model = {
      text: words,
      hint: words.linkHint(name),
      link: `${visit.origin}/admin/welcome/${token}`,
      until: capitalised(words.good(moments.until(expires))),
    }
    return { page: 'link', model }
  }

  function listPage(visit: Known, refused: Refused | null): Answer {
    const words = wordsFor(visit)
    const moments = momentsFor(desk, visit.language)
    const { accounts, invitations, tokens } = access.known()
    const { account, session } = visit.who
    const byName = <T extends { readonly name: string }>(all: Iterable<T>) =>
      [...all].sort((a, b) => (a.name < b.name ? -1 : 1))
    const waiting = byName(invitations.values()).filter((one) => one.expires > desk.now() && !accounts.has(one.name))
    const grave = (action: 'remove' | 'renew' | 'revoke', name: string, hint: string) => ({
      card: fillingOf(refused, action, { name }).card,
      action,
      name,
      hint,
      button: words[action],
    })
    const removal = (name: string) => grave('remove', name, words.removeHint(name))
    const renew = grave('renew', '', words.renewHint)
    const invite = fillingOf(refused, 'invite')
    const key = fillingOf(refused, 'key')
    const scopes = key.ticked('scopes', SCOPES, [])
    const model = {
      text: words,
      accounts: byName(accounts.values()).map((one) => ({
        name: one.name,
        own: one.name === account.name,
        since: moments.since(one.created),
        codes: words.codesLeft(one.credential.codes.length),
        remove: one.name === account.name ? null : removal(one.name),
      })),
      waiting: waiting.map(({ name }) => ({ name, remove: removal(name) })),
      sessions: sessions.of(account.name).map((one) => ({
        digest: one.digest,
        device: one.device === '' ? words.unknownDevice : one.device,
        own: one.digest === session.digest,
        seen: moments.since(one.seen),
        until: words.good(moments.until(one.until)),
      })),
      keys: byName(tokens.values()).map((one) => ({
        name: one.name,
        scopes: one.scopes.map((scope) => words.scope[scope]).join(', '),
        made: moments.since(one.made),
        by: one.by,
        revoke: grave('revoke', one.name, ''),
      })),
      renew,
      invite: { card: invite.card, name: invite.line('name', '') },
      key: {
        card: key.card,
        name: key.line('name', ''),
        scopes: SCOPES.map((scope) => ({ scope, label: words.scope[scope], chosen: scopes.includes(scope) })),
      },
    }
    const removals = [...model.accounts, ...model.waiting].map(({ remove }) => remove)
    const forms = [...removals, ...model.keys.map(({ revoke }) => revoke), renew, model.invite, model.key]
    return {
      page: 'accounts',
      model: { ...model, ...refusalOn(desk, visit, refused, forms) },
      status: refused?.status ?? 200,
    }
  }
}

function wordsFor({ language }: Known): AccountWords {
  return ACCOUNT_WORDS[language]
}
