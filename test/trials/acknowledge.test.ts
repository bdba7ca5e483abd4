// From the alert mail to "the team has seen it": one link, one button, one line to the others, and nothing by looking.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, expect, it } from 'vitest'
import { startRelay } from '../servers/relay.ts'
import { QUICK, startSite } from '../servers/site.ts'
import { startPair } from './pair.ts'
import { openStage, quiet } from './stage.ts'

const stage = openStage()
const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

it('a tap on the link of the mail tells members and the other admins, once; opening it does not', async () => {
  const relay = await startRelay()
  open.push(() => relay.close())
  const target = createServer((_request, response) => {
    response.statusCode = 500
    response.end()
  })
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
  open.push(() => target.close())
  const site = await startSite({
    'site.yaml': `name: Essai
languages: [fr, en]
timezone: Europe/Paris
sites: { home: { url: "https://status.example/" } }
${QUICK}
mail: { from: "vigie@elsewhere.example", relays: ["smtp://127.0.0.1:${relay.port}"] }
alerts: [ { email: alice@admins.example }, { email: bob@admins.example } ]\n`,
    'web.yaml': `service: { fr: Site, en: Website }\nchecks:\n  - http: http://127.0.0.1:${(target.address() as AddressInfo).port}/\n    allow_private: true\n`,
  })
  open.push(() => site.stop())
  await site.until('mailed', () => relay.received.length === 2)
  const links = new Map(
    relay.received.map(({ to, body }) => [
      String(to),
      /https:\/\/status\.example(\/admin\/ack\/\S+)/.exec(body)?.[1] ?? '',
    ]),
  )
  const [alice, bob] = [links.get('alice@admins.example')!, links.get('bob@admins.example')!]
  expect(alice).toMatch(/^\/admin\/ack\/[\w-]+\.[\w-]{86}$/)
  expect(bob).not.toBe(alice)

  const page = await fetch(site.url + alice)
  const text = await page.text()
  expect(page.status).toBe(200)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(text).toContain('J’ai vu</')
  expect((await fetch(site.url + alice, { method: 'HEAD' })).status).toBeLessThan(500)
  // A mail scanner has opened it, and nobody has seen it.
  const seen = async () => (await site.get('/fr/')).match(/Vu par l’équipe/)?.[0] ?? null
  expect(await seen()).toBeNull()
  // The next letter spells the same bytes, most often.
  const forged = alice.replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1))
  expect((await fetch(site.url + forged)).status).toBe(404)

  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const form = /name="form" value="([^"]+)"/.exec(text)?.[1] ?? ''
  const waiting = () => {
    const db = new Sqlite(join(site.data, 'ledger.db'), { readonly: true })
    const count = db.prepare("SELECT count(*) FROM letters WHERE key LIKE '%:ack'").pluck().get()
    db.close()
    return count
  }
  const tap = () =>
    fetch(site.url + alice, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: site.url },
      body: new URLSearchParams({ form }),
    })
  expect(
    (await fetch(site.url + forged, { method: 'POST', headers: { cookie }, body: new URLSearchParams({ form }) }))
      .status,
  ).not.toBe(303)
  expect((await tap()).status).toBe(303)
  // On the disk together with what it is about: no power cut comes between.
  expect(waiting()).toBe(1)
  await tap()
  expect(waiting()).toBe(1)
  expect(await (await fetch(site.url + alice, { headers: { cookie } })).text()).toContain('Vu par alice@admins.example')
  await site.until('told', () => relay.received.length >= 3)
  await quiet()
  expect(relay.received.slice(2).map(({ to, headers }) => [String(to), headers.subject])).toEqual([
    ['bob@admins.example', expect.stringContaining('Essai')],
  ])
  expect(relay.received[2]!.body).toContain('Vu par alice@admins.example : Site')
  expect(await seen()).not.toBeNull()
}, 60_000)

it('links of a site behind NAT, which nobody can open there, lead to the other and work there', async () => {
  const relay = await stage.relay()
  const target = await stage.target()
  const { home, offsite } = await startPair(stage, {
    hidden: ['home'],
    relays: { home: [relay.port] },
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
  })
  await home.until('agreed', async () => (await offsite.status()).get('web')?.note === 'confirmed')
  target.break()
  await home.until('mailed', () => relay.received.length > 0, 30_000)
  const { body } = relay.received[0]!
  const [, path] = /http:\/\/127\.0\.0\.1:\d+(\/admin\/ack\/\S+)/.exec(body) ?? []
  // Each site has a name of its own for the outage until it heard the other's.
  await home.until('known there', async () => (await (await fetch(offsite.url + path)).text()).includes('<b>Web</b>'))
  const there = await fetch(offsite.url + path)
  expect(there.status).toBe(200)
  const text = await there.text()
  const answer = await fetch(offsite.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: there.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; '),
      origin: offsite.url,
    },
    body: new URLSearchParams({ form: /name="form" value="([^"]+)"/.exec(text)?.[1] ?? '' }),
  })
  expect(answer.status).toBe(303)
  await home.until('known at home', async () => /by the team|par l’équipe/i.test(await home.get('/')), 10_000)
}, 90_000)
