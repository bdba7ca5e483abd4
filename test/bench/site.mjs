// A whole vigie under measurement: its configuration, its process, its page.
import { mkdirSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { start, stop } from './children.mjs'
import { sample } from './proc.mjs'

export const PROGRAM = fileURLToPath(new URL('../../dist/main.js', import.meta.url))

/** As `npm start` and the service file start it. */
const SPARING = { env: { MALLOC_ARENA_MAX: '1' }, flags: ['--v8-pool-size=1', '--no-sparkplug'] }

const ALONE = '{ home: { where: { fr: Grenoble, en: Grenoble } } }'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const FAULTS = ['major_outage', 'partial_outage', 'unknown']

/** Of about the lengths and the variety that a real catalogue has. */
const NAMES = [
  ['Courriel', 'E-mail', 'Envoyer et recevoir vos courriels avec le logiciel de votre choix.'],
  ['Messagerie Matrix', 'Matrix chat', 'Discuter à plusieurs, ici et chez les autres.'],
  ['Messagerie XMPP', 'XMPP chat', 'La messagerie instantanée qui ne vous enferme pas.'],
  ['Webmail', 'Webmail', 'Courriel, carnet d’adresses et agenda dans le navigateur.'],
  ['Fichiers', 'Files', 'Vos documents, synchronisés entre vos appareils.'],
  ['Édition en ligne', 'Online office', 'Textes, tableaux et présentations, à plusieurs.'],
  ['Envoi de fichiers', 'File drop', 'Envoyer un gros fichier, chiffré, pour quelques jours.'],
  ['Images', 'Pictures', 'Partager une image en un geste.'],
  ['Rendez-vous', 'Dates', 'Trouver une date qui convienne à tout le monde.'],
  ['Notes', 'Notes', 'Garder ses notes, chiffrées avant de partir.'],
  ['Blocs-notes', 'Pads', 'Écrire ensemble, chacun sa couleur.'],
  ['À lire plus tard', 'Read later', 'Mettre un article de côté.'],
  ['Serveur principal', 'Main server', 'La machine chez notre hébergeur.'],
  ['Site web', 'Website', 'Qui nous sommes et comment nous rejoindre.'],
  ['Sauvegardes', 'Backups', 'Deux semaines de copies de presque tout.'],
]

/**
 * @param {object} wanted
 * @param {string} wanted.folder for checks/ and data/
 * @param {number} wanted.services @param {number} wanted.checks in all, dealt out to the services
 * @param {number} wanted.every seconds
 * @param {readonly string[]} wanted.origins who is looked at, dealt out to the checks
 * @param {readonly number[]} wanted.witnesses ports on loopback @param {string} [wanted.ca] PEM
 * @param {string} [wanted.sites] YAML @param {boolean} [wanted.heartbeats] each service also waits for pings at `/push/${tokenOf(service)}`
 */
export function configure({
  folder,
  services,
  checks,
  every,
  origins,
  witnesses,
  ca,
  sites = ALONE,
  heartbeats = false,
}) {
  const dir = join(folder, 'checks')
  mkdirSync(dir, { recursive: true })
  if (ca !== undefined) writeFileSync(join(dir, 'ca.pem'), ca)
  const groups = ['communication', 'documents', 'house']
  writeFileSync(
    join(dir, 'site.yaml'),
    [
      'name: Banc d’essai',
      `sites: ${sites}`,
      'groups:',
      ...groups.map((group) => `  - ${group}: { fr: ${group}, en: ${group} }`),
      `witnesses: [${witnesses.map((port) => `"127.0.0.1:${port}"`).join(', ')}]`,
      'policy:',
      `  every: ${every}s`,
      ...(ca === undefined ? [] : ['  ca: ca.pem']),
    ].join('\n'),
  )
  for (let service = 0; service < services; service++) {
    const [fr, en, about] = NAMES[service % NAMES.length]
    const number = service < NAMES.length ? '' : ` ${Math.floor(service / NAMES.length) + 1}`
    const lines = [
      `service: { fr: "${fr}${number}", en: "${en}${number}" }`,
      `group: ${groups[service % groups.length]}`,
      `about: { fr: "${about}", en: "${about}" }`,
      'checks:',
    ]
    for (let check = service; check < checks; check += services) {
      const origin = origins[check % origins.length]
      lines.push(`  - http: ${origin}/s${service}/c${check}`, `    id: c${check}`, '    allow_private: true')
    }
    if (heartbeats) {
      writeSecret(join(folder, 'data', 'secrets'), `beat${service}`, tokenOf(service))
      lines.push('  - heartbeat: 24h', `    token: "\${secret:beat${service}}"`)
    }
    writeFileSync(join(dir, `s${service}.yaml`), `${lines.join('\n')}\n`)
  }
}

/** @param {number} service */
export function tokenOf(service) {
  return `bench-${service}-`.padEnd(32, '0')
}

function writeSecret(dir, name, value) {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  writeFileSync(join(dir, name), value, { mode: 0o600 })
}

/** Ninety days behind every service, with a short outage now and then. @param {string} folder @param {number} services */
export async function giveHistory(folder, services) {
  const { openResults } = await import(new URL('../../dist/store/results.js', import.meta.url).href)
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const end = Date.now() - 5 * MINUTE
  let now = end - 90 * DAY
  const results = openResults(data, { now: () => now })
  for (let day = 0; day < 90; day++) {
    for (let service = 0; service < services; service++) {
      const kind = (service * 31 + day * 17) % 41
      if (day > 0 && kind > 2) continue
      const at = now + service * MINUTE
      const states = day === 0 ? ['operational'] : [FAULTS[kind], 'operational']
      for (const [turn, state] of states.entries()) {
        const since = at + turn * (5 + kind * 40 + service) * MINUTE
        results.changed({ at: since, subject: 'status', id: `s${service}`, since, state, rule: '', sites: {} })
      }
    }
    now += DAY
  }
  now = end
  results.close()
}

/**
 * Starts `vigie run` and waits until its page answered.
 * @param {string} folder @param {{ nodeArgs?: readonly string[], site?: string }} [options]
 */
export async function startSite(folder, { nodeArgs = [], site = 'home' } = {}) {
  const places = ['--checks', join(folder, 'checks'), '--data', join(folder, 'data'), '--listen', '127.0.0.1:0']
  const began = performance.now()
  const child = start(process.execPath, [...SPARING.flags, ...nodeArgs, PROGRAM, 'run', '--site', site, ...places], {
    env: SPARING.env,
    log: join(folder, 'log'),
    out: 'pipe',
  })
  const url = await new Promise((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      const found = /http:\/\/\S+:\d+/.exec(said)
      if (found !== null) resolve(found[0])
    })
    child.once('exit', (code) => reject(new Error(`vigie run ended with ${code}; see ${join(folder, 'log')}`)))
  })
  const page = await get(`${url}/`)
  if (page.status !== 200) throw new Error(`the page answered ${page.status}`)
  const seconds = (performance.now() - began) / 1000
  return {
    pid: child.pid,
    url,
    /** From the start of the process until the page had answered. */
    seconds,
    /** CPU seconds spent until then. */
    cpu: sample(child.pid).cpu,
    status: async () => JSON.parse((await get(`${url}/api/vigie/status.json`)).body.toString()),
    stop: () => stop(child),
  }
}

/** @param {string} url @param {Record<string, string>} [headers] @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, body: Buffer }>} */
export function get(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent: false, headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    request.on('error', reject)
  })
}
