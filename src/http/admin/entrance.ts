// The way in and out: log in, log out, and the one-time link that makes an account.
import type { Access } from '../../access/accounts.ts'
import { qrCode } from '../../access/qr.ts'
import type { Sessions } from '../../access/sessions.ts'
import { newSecret, provisioningUri } from '../../access/totp.ts'
import type { Configuration } from '../../core/check.ts'
import { LANGUAGES } from '../../core/text.ts'
import { type Answer, type Door, placeToReturn, type Visit } from './door.ts'
import { hasIn, lineIn, secretIn } from './form.ts'
import { WORDS } from './words.ts'

export interface EntranceDeps {
  readonly access: Access
  readonly sessions: Sessions
  readonly configuration: () => Configuration
  readonly clockTrusted: () => boolean
}

export function putUpEntrance({ open, ...door }: Door, deps: EntranceDeps): void {
  const { access, sessions, configuration, clockTrusted } = deps

  open.get('/login', (visit) => {
    const next = placeToReturn(lineIn(visit.query, 'next', 500))
    return visit.who === null ? loginPage(visit, next) : { to: next }
  })

  open.post('/login', async (visit, form) => {
    const next = placeToReturn(lineIn(form, 'next', 500))
    const name = lineIn(form, 'name', 100)
    const given = { name, password: secretIn(form, 'password'), code: lineIn(form, 'code', 50), address: visit.address }
    const result = await access.login(given)
    if ('fault' in result) return loginPage(visit, next, name, result.fault)
    // Whoever logs in anew leaves nothing of the session before.
    if (visit.who !== null) sessions.end(visit.who.session.digest)
    const trusted = hasIn(form, 'trust')
    const session = sessions.begin(result.account, { trusted, device: visit.device })
    return { session, trusted, answer: { to: next } }
  })

  door.post('/logout', ({ who }) => {
    sessions.end(who.session.digest)
    return { session: null, answer: { to: '/admin/login' } }
  })

  open.post('/language', (_visit, form) => {
    const language = LANGUAGES.find((one) => one === lineIn(form, 'to')) ?? configuration().languages[0]
    return { language, to: placeToReturn(lineIn(form, 'next', 500)) }
  })

  open.get('/welcome/:token', async (visit) => welcomePage(visit, await newSecret()))

  open.post('/welcome/:token', async (visit, form) => {
    const secret = lineIn(form, 'secret')
    const password = secretIn(form, 'password')
    if (!/^[A-Z2-7]{32}$/.test(secret)) return welcomePage(visit, await newSecret())
    const { token = '' } = visit.params
    const result = await access.enrol(token, { password, secret, code: lineIn(form, 'code', 50) })
    if ('fault' in result) return welcomePage(visit, secret, result.fault === 'link' ? undefined : result.fault)
    const trusted = hasIn(form, 'trust')
    const session = sessions.begin(result.account, { trusted, device: visit.device })
    return { session, trusted, answer: { page: 'codes', model: { codes: result.codes } } }
  })

  function loginPage(visit: Visit, next: string, name = '', fault?: 'wrong' | 'slow' | 'clock'): Answer {
    const { faults } = WORDS[visit.language].login
    const model = { next, name, fault: fault === undefined ? null : faults[fault], clock: !clockTrusted() }
    return { page: 'login', model, status: fault === undefined ? 200 : fault === 'slow' ? 429 : 401 }
  }

  async function welcomePage(
    visit: Visit,
    secret: string,
    fault?: 'short' | 'long' | 'simple' | 'code',
  ): Promise<Answer> {
    const words = WORDS[visit.language].welcome
    const invited = access.invitation(visit.params.token ?? '')
    if (invited === null) return { page: 'gone', model: {}, status: 404 }
    const uri = await provisioningUri(secret, invited.name, configuration().name)
    const model = {
      title: words.title(invited.name),
      name: invited.name,
      action: visit.path,
      secret,
      groups: secret.match(/.{4}/g)?.join(' '),
      uri,
      qr: qrCode(uri),
      fault: fault === undefined ? null : words.faults[fault],
      clock: !clockTrusted(),
    }
    return { page: 'welcome', model, status: fault === undefined ? 200 : 422 }
  }
}
