// Calendars and contacts as a real Radicale serves them.
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exchange } from '../../src/net/web.ts'
import { presets } from '../../src/presets/index.ts'
import { kinds } from '../../src/probes/index.ts'
import { doing, probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { type Folder, openFolder } from './daemon.ts'
import { whenPresent } from './present.ts'
import { ACCOUNT, RADICALE, type Radicale, startRadicale } from './radicale.ts'
import { type Certificates, HOST, writeCertificates } from './shown.ts'

type Kind = 'caldav' | 'carddav'
const THINGS = { caldav: 'calendar', carddav: 'address book' }
const login = ACCOUNT

whenPresent(RADICALE)('Radicale', () => {
  let folder: Folder
  let certificates: Certificates
  let radicale: Radicale
  let expired: Radicale
  let open: Radicale

  beforeAll(async () => {
    folder = openFolder()
    certificates = writeCertificates(folder.path)
    radicale = await startRadicale(folder.path, certificates, 'good')
    expired = await startRadicale(folder.path, certificates, 'expired')
    open = await startRadicale(folder.path, certificates, 'good', 'none')
  }, 90_000)
  afterAll(async () => {
    await Promise.all([radicale, expired, open].map((one) => one?.stop()))
    await folder.stop()
  })

  const look = async (kind: Kind, path: string, keys: object = {}, at = radicale) => {
    const probe = probeOf(kinds[kind], `https://${HOST}:${at.port}${path}`, { ...keys })
    const network = loopback({ ca: [certificates.root] })
    return (await lookWith(probe, { network, timeout: 10_000 })).outcome
  }

  /** Makes a collection as a client would. */
  async function make(kind: Kind, path: string) {
    const type = kind === 'caldav' ? 'C:calendar' : 'C:addressbook'
    const body = `<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:${kind}"><set><prop><resourcetype><collection/><${type}/></resourcetype></prop></set></mkcol>`
    const headers = { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` }
    const url = new URL(`https://${HOST}:${radicale.port}${path}`)
    const making = doing((look) => exchange(look, { url, method: 'MKCOL', headers, body, maxBytes: 1_000 }))
    await lookWith(making, { network: loopback({ ca: [certificates.root] }), timeout: 10_000 })
  }

  it('what the preset of Radicale stands for is fine', async () => {
    for (const { id, entry } of presets.radicale!.checks) {
      const [[kind, target]] = Object.entries(entry) as [[keyof typeof kinds, string]]
      const keys = { ...entry, ...('login' in entry ? { login } : {}) }
      const probe = probeOf(kinds[kind], target.replace('{url}', `https://${HOST}:${radicale.port}`), keys)
      const { outcome } = await lookWith(probe, { network: loopback({ ca: [certificates.root] }), timeout: 10_000 })
      expect(outcome, id).toMatchObject({ ok: true })
    }
  })

  for (const kind of ['caldav', 'carddav'] as const) {
    it(`${kind}: is found by its name alone, and by its address`, async () => {
      const note = expect.stringMatching(
        new RegExp(`^logged in, finds \\d+ ${THINGS[kind]}s?, TLSv1\\.3, \\d+ days left$`),
      )
      expect(await look(kind, '/', { login })).toMatchObject({ ok: true, note, tls: { version: 'TLSv1.3' } })
      expect(await look(kind, `/${login.user}/`, { login })).toMatchObject({ ok: true, note })
    })

    it(`${kind}: without a login wants one`, async () => {
      expect(await look(kind, `/${login.user}/`)).toMatchObject({
        ok: true,
        note: expect.stringMatching(/^asks for a login \(401\), TLS/),
      })
    })

    it(`${kind}: is found as a collection of its own`, async () => {
      await make(kind, `/${login.user}/mine-${kind}/`)
      const note = expect.stringMatching(/^logged in, finds the (calendar|address book), TLS/)
      expect(await look(kind, `/${login.user}/mine-${kind}/`, { login })).toMatchObject({ ok: true, note })
    })

    it(`${kind}: is seen with a wrong password`, async () => {
      const wrong = { user: login.user, password: 'wrong-donkey' }
      expect(await look(kind, '/', { login: wrong })).toMatchObject({
        ok: false,
        reason: 'auth',
        note: expect.stringMatching(/login refused \(401\)$/),
      })
    })

    it(`${kind}: is seen with an expired certificate`, async () => {
      expect(await look(kind, '/', { login }, expired)).toMatchObject({
        ok: false,
        reason: 'certificate',
        dated: true,
        note: expect.stringMatching(/^certificate expired/),
      })
      expect(expired.log()).not.toContain(login.user)
    })

    it(`${kind}: is seen without what it should hold`, async () => {
      expect(await look(kind, `/${login.user}/gone/`, { login })).toMatchObject({
        ok: false,
        reason: 'status',
        note: 'propfind: 404',
      })
    })

    it(`${kind}: is seen in somebody else's rooms`, async () => {
      expect(await look(kind, '/other/', { login })).toMatchObject({
        ok: false,
        reason: 'auth',
        note: 'propfind: login refused (403)',
      })
    })
  }

  it('is seen when its storage is broken, and when it is gone', async () => {
    const broken = await startRadicale(folder.path, certificates, 'bare')
    await broken.stop()
    const { port } = broken
    expect(await look('caldav', '/', { login }, { ...radicale, port })).toMatchObject({ ok: false, reason: 'refused' })
    rmSync(open.storage, { recursive: true })
    writeFileSync(open.storage, 'no folder')
    chmodSync(open.storage, 0)
    expect(await look('caldav', '/probe/', {}, open)).toMatchObject({
      ok: false,
      reason: 'status',
      note: 'propfind: 500',
    })
  })
})
