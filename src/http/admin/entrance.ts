// The way in and out: log in, log out, and the one-time link that makes an account.
import { qrCode } from '../../access/qr.ts'
import { newSecret, provisioningUri } from '../../access/totp.ts'
import type { Configuration } from '../../core/check.ts'
import { LANGUAGES, say } from '../../core/text.ts'
import { type Answer, type Door, placeToReturn, type Visit } from './door.ts'
import { ENTRANCE_WORDS } from './entrance-words.ts'
import { type Form, hasIn, lineIn, secretIn } from './form.ts'
import { type LoginDeps, logIn, loginModel } from './login.ts'
import { putUpForm, type Refused } from './posted-form.ts'

export interface EntranceDeps extends LoginDeps {
  readonly configuration: () => Configuration
}

/** A link that is no good is 404, whatever was posted to it. */
export function putUpEntrance({ open }: Door, deps: EntranceDeps): void {
  const { access, sessions, configuration, clockTrusted } = deps

  open.get('/login', (visit) => (visit.who === null ? loginPage(visit, null) : { to: nextIn(visit.query) }))
  putUpForm(open.post, '/login', loginPage, async (visit, form) => {
    const result = await logIn(deps, visit, form)
    if ('fault' in result) return result
    // Whoever logs in anew leaves nothing of the session before.
    if (visit.who !== null) sessions.end(visit.who.session.digest)
    const { session, trusted } = result
    return { session, trusted, answer: { to: nextIn(form) } }
  })

  // Whose session is over is out already, and isn't asked to log in for that.
  open.post('/logout', leave, (visit) => (visit.who === null ? leave(visit) : null))

  open.post('/language', (_visit, form) => {
    const language = LANGUAGES.find((one) => one === lineIn(form, 'to')) ?? configuration().languages[0]
    return { language, to: nextIn(form) }
  })

  open.get('/welcome/:token', (visit) => welcomePage(visit, null))
  putUpForm(open.post, '/welcome/:token', welcomePage, async (visit, form) => {
    const secret = lineIn(form, 'secret')
    const password = secretIn(form, 'password')
    if (!SECRET.test(secret)) return welcomePage(visit, null)
    const { token = '' } = visit.params
    const result = await access.enrol(token, { password, secret, code: lineIn(form, 'code', 50) })
    if ('fault' in result) {
      const { fault } = result
      return fault === 'link'
        ? welcomePage(visit, null)
        : { fault: ENTRANCE_WORDS[visit.language].welcome.faults[fault] }
    }
    const trusted = hasIn(form, 'trust')
    const session = sessions.begin(result.account, { trusted, device: visit.device })
    return {
      session,
      trusted,
      answer: { page: 'codes', model: { text: ENTRANCE_WORDS[visit.language], codes: result.codes } },
    }
  })

  function leave({ who }: Visit): Answer {
    if (who !== null) sessions.end(who.session.digest)
    return { session: null, answer: { to: '/admin/login' } }
  }

  function loginPage(visit: Visit, refused: Refused | null): Answer {
    const typed = refused?.typed ?? {}
    const model = {
      ...loginModel(deps, visit.language, typed),
      next: nextIn(refused?.typed ?? visit.query),
      fault: refused?.fault ?? null,
    }
    return { page: 'login', model, status: refused?.status ?? 200 }
  }

  async function welcomePage(visit: Visit, refused: Refused | null): Promise<Answer> {
    const text = ENTRANCE_WORDS[visit.language]
    const invited = access.invitation(visit.params.token ?? '')
    if (invited === null) return { page: 'gone', model: { text }, status: 404 }
    const shown = lineIn(refused?.typed ?? {}, 'secret')
    const secret = SECRET.test(shown) ? shown : await newSecret()
    const uri = await provisioningUri(secret, invited.name, say(configuration().name, visit.language))
    const model = {
      text,
      title: text.welcome.title(invited.name),
      name: invited.name,
      action: visit.path,
      secret,
      groups: secret.match(/.{4}/g)?.join(' '),
      uri,
      qr: qrCode(uri),
      fault: refused?.fault ?? null,
      trust: hasIn(refused?.typed ?? {}, 'trust'),
      clock: !clockTrusted(),
    }
    return { page: 'welcome', model, status: refused?.status ?? 200 }
  }
}

/** Of an authenticator app: 160 bits in base32. */
const SECRET = /^[A-Z2-7]{32}$/

/** Where somebody wanted to go. */
function nextIn(form: Form): string {
  return placeToReturn(lineIn(form, 'next', 500))
}
