// Others that do a part of the same, run beside vigie where they are installed.
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { has, listening, start, startModule, stop } from './children.mjs'
import { familyOf, sample } from './proc.mjs'

const BLACKBOX = ['prometheus-blackbox-exporter', 'blackbox_exporter']

/**
 * blackbox_exporter, asked `perSecond` times a second for the whole time; null: not installed.
 * @param {{ folder: string, targets: readonly string[], perSecond: number, ca: string }} wanted
 */
export async function startBlackbox({ folder, targets, perSecond, ca }) {
  const command = BLACKBOX.find((name) => has(name))
  if (command === undefined) return null
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'ca.pem'), ca)
  const module = {
    prober: 'http',
    timeout: '10s',
    http: { preferred_ip_protocol: 'ip4', tls_config: { ca_file: join(folder, 'ca.pem') } },
  }
  writeFileSync(join(folder, 'blackbox.yml'), JSON.stringify({ modules: { bench: module } }))
  const port = await freePort()
  const args = [`--config.file=${join(folder, 'blackbox.yml')}`, `--web.listen-address=127.0.0.1:${port}`]
  const child = start(command, [...args, '--log.level=error'], { log: join(folder, 'log') })
  await listening(port)
  const scraper = startModule('scraper.mjs')
  await scraper.ask('begin', { port, module: 'bench', targets, perSecond })
  return {
    pid: child.pid,
    /** @returns {Promise<{ scraped: number, failed: number }>} */
    count: () => scraper.ask('count'),
    stop: async () => {
      await scraper.stop()
      await stop(child)
    },
  }
}

/** nginx with one worker, serving a folder with `.gz` files beside its own; null: not installed. @param {string} folder @param {string} root */
export async function startNginx(folder, root) {
  const command = ['nginx', '/usr/sbin/nginx'].find((name) => has(name, ['-v']))
  if (command === undefined) return null
  mkdirSync(folder, { recursive: true })
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off; worker_processes 1; pid ${join(folder, 'pid')}; error_log ${join(folder, 'log')};
events { worker_connections 1024; }
http {
  access_log off; default_type text/html; gzip_static on; keepalive_requests 1000000; open_file_cache max=100;
  ${temporary.map((name) => `${name}_temp_path ${join(folder, name)};`).join(' ')}
  server { listen 127.0.0.1:${port}; root ${root}; index index.html; }
}
`,
  )
  const child = start(command, ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'log')], {
    log: join(folder, 'log'),
  })
  await listening(port)
  return { pid: child.pid, url: `http://127.0.0.1:${port}/`, stop: () => stop(child) }
}

export const hasWrk = () => has('wrk', ['-v'])

/**
 * Fifty clients that ask as fast as they are answered; the server on one core, wrk on another where there is one.
 * @param {{ pid: number, url: string, seconds: number }} wanted
 */
export async function hammer({ pid, url, seconds }) {
  const pinned = availableParallelism() > 1 && has('taskset')
  if (pinned) pin(pid, '0')
  const wrk = ['wrk', '-t1', '-c50', `-d${seconds}s`, '-H', 'Accept-Encoding: gzip', url]
  const before = cpuOf(pid)
  const { stdout } = await promisify(execFile)(pinned ? 'taskset' : 'wrk', pinned ? ['-c', '1', ...wrk] : wrk.slice(1))
  const cpu = cpuOf(pid) - before
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1])
  const wrong = /Non-2xx|Socket errors/.exec(stdout)
  if (wrong !== null) throw new Error(`wrk: ${stdout}`)
  return { perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]), cpuMs: (cpu / requests) * 1000 }
}

/** All threads of all processes. */
function pin(pid, core) {
  for (const one of familyOf(pid)) execFileSync('taskset', ['-acp', core, String(one)], { stdio: 'ignore' })
}

function cpuOf(pid) {
  return familyOf(pid).reduce((sum, one) => sum + sample(one).cpu, 0)
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}
