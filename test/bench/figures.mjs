// Every figure: what it may cost, and what it costs others. References as measured on two x86-64 cores with Node 20.20,
// with 50 and 500 HTTP checks every 20 s: Uptime Kuma 2.5.3, and blackbox_exporter 0.23, which stores nothing.

/**
 * @typedef {object} Row
 * @property {string} figure
 * @property {string} unit
 * @property {number} [most] the budget: no more than this
 * @property {number} [least] the budget: no less
 * @property {number} [digits] after the point
 * @property {string} [reference]
 */

/** @satisfies {Record<string, Readonly<Record<string, Row>>>} by the name that `--only` takes */
export const ROWS = {
  cpu: {
    plain: {
      figure: 'CPU per 1,000 HTTP checks, paced 25/s, all in',
      unit: 's',
      most: 1.9,
      digits: 2,
      reference: 'Kuma 7.2, blackbox 1.85',
    },
  },
  tls: {
    fresh: {
      figure: '… over TLS, a fresh handshake each',
      unit: 's',
      most: 4.5,
      digits: 2,
      reference: 'blackbox 2.9',
    },
  },
  disk: {
    written: {
      figure: 'written to the disk per 1,000 checks',
      unit: 'MB',
      most: 0.4,
      digits: 3,
      reference: 'Kuma 39.6',
    },
    handed: { figure: '… handed to write calls, sockets included', unit: 'MB', digits: 3 },
    growth: {
      figure: 'database growth per check, raw looks',
      unit: 'B',
      most: 24,
      digits: 1,
      reference: 'Kuma 148',
    },
  },
  kinds: {
    http: { figure: 'CPU per 1,000 looks, both ends: http', unit: 's', digits: 2 },
    tcp: { figure: '… tcp', unit: 's', digits: 2 },
    tls: { figure: '… tls', unit: 's', digits: 2 },
    dns: { figure: '… dns', unit: 's', digits: 2 },
    smtp: { figure: '… smtp', unit: 's', digits: 2 },
    imap: { figure: '… imap', unit: 's', digits: 2 },
    pop3: { figure: '… pop3', unit: 's', digits: 2 },
    sieve: { figure: '… sieve', unit: 's', digits: 2 },
    xmpp: { figure: '… xmpp', unit: 's', digits: 2 },
    matrix: { figure: '… matrix', unit: 's', digits: 2 },
    caldav: { figure: '… caldav', unit: 's', digits: 2 },
    carddav: { figure: '… carddav', unit: 's', digits: 2 },
    proxmox: { figure: '… proxmox', unit: 's', digits: 2 },
    domain: { figure: '… domain', unit: 's', digits: 2 },
    mailhealth: { figure: '… mailhealth', unit: 's', digits: 2 },
    mailtrip: { figure: '… mailtrip', unit: 's', digits: 2 },
    memory: { figure: 'memory of looker and replica with all kinds used', unit: 'MiB', digits: 0 },
  },
  memory: {
    fifty: {
      figure: 'resident memory, 50 checks every 20 s',
      unit: 'MiB',
      most: 90,
      digits: 0,
      reference: 'Kuma 159, blackbox 21',
    },
    fiveHundred: {
      figure: 'resident memory, 500 checks every 20 s',
      unit: 'MiB',
      most: 110,
      digits: 0,
      reference: 'Kuma 235, blackbox 21',
    },
  },
  start: {
    ready: {
      figure: 'fresh start until the page answered, median',
      unit: 's',
      most: 1,
      digits: 2,
      reference: 'Kuma 3.1',
    },
    cpu: { figure: '… CPU until then', unit: 's', digits: 2 },
  },
  said: {
    ready: { figure: 'start with 10,000 incidents until the page answered', unit: 's', most: 3, digits: 2 },
    cpu: { figure: '… CPU until then', unit: 's', digits: 2 },
    page: { figure: '… the page, Brotli', unit: 'B', most: 14_000, digits: 0 },
    memory: { figure: '… memory they take', unit: 'MiB', digits: 0 },
    making: { figure: '… of one core, while their pages are made', unit: '%', digits: 0 },
  },
  restart: {
    all: {
      figure: 'after a restart, until each of 500 was looked at',
      unit: 's',
      most: 20,
      digits: 1,
      reference: 'Kuma 298',
    },
    spread: { figure: '… the most first looks in one second (25 is even)', unit: '', most: 50, digits: 0 },
    kept: { figure: '… checks whose state was kept meanwhile', unit: 'of 500', least: 500, digits: 0 },
  },
  schedule: {
    error: {
      figure: 'schedule error p99, 50 checks every 20 s, quiet',
      unit: 'ms',
      most: 5,
      digits: 1,
      reference: 'Kuma 5.9',
    },
  },
  scale: {
    error: { figure: 'schedule error p99, 10,000 checks every 60 s', unit: 'ms', most: 250, digits: 0 },
    memory: { figure: '… resident memory', unit: 'MiB', most: 300, digits: 0 },
    skipped: { figure: '… looks skipped', unit: '', most: 0, digits: 0 },
    cpu: { figure: '… CPU per 1,000 checks', unit: 's', most: 1.9, digits: 2 },
    ratio: { figure: '… against the same of 50 checks', unit: '×', most: 1, digits: 2 },
  },
  page: {
    rate: {
      figure: 'page requests a second, 1 core, gzip',
      unit: '',
      least: 20_000,
      digits: 0,
      reference: 'Kuma 3,500, nginx 57–72 k',
    },
    cpu: {
      figure: '… CPU per request',
      unit: 'ms',
      most: 0.05,
      digits: 3,
      reference: 'Kuma 0.30, nginx 0.013',
    },
    first: {
      figure: 'first visit, 30 services, all in, Brotli',
      unit: 'B',
      most: 14_000,
      digits: 0,
      reference: 'Kuma 743 kB in 7 requests',
    },
    again: { figure: 'a visit again without change (304)', unit: 'B', most: 300, digits: 0 },
  },
  uplink: {
    unserved: { figure: '2,000 members in 5 minutes over 2 Mbit/s: not served', unit: '', most: 0, digits: 0 },
    visit: { figure: '… page and script there, p99', unit: 's', most: 3, digits: 2 },
    schedule: { figure: '… schedule error p99 of 60 checks meanwhile', unit: 'ms', digits: 1 },
    disturbed: { figure: '… checks disturbed', unit: '', most: 0, digits: 0 },
  },
  render: {
    cpu: { figure: 'a change of 30 services rendered and compressed, CPU', unit: 'ms', most: 100, digits: 0 },
    slice: { figure: '… the longest slice', unit: 'ms', most: 10, digits: 1 },
    served: {
      figure: 'confirmed down → on the page',
      unit: 's',
      most: 1,
      digits: 2,
      reference: 'Kuma up to 5 min',
    },
  },
  exchange: {
    quiet: { figure: 'two sites, 30 services every 60 s: on the line in a day', unit: 'MB', most: 15, digits: 1 },
    outage: { figure: '… while everything is down', unit: 'MB', most: 15, digits: 1 },
    blind: { figure: '… while the line of one is dead but to the other', unit: 'MB', most: 15, digits: 1 },
    gone: { figure: '… while of the other only its web server is left', unit: 'MB', most: 15, digits: 1 },
    cpu: { figure: '… of one core, quiet', unit: '%', most: 1, digits: 2 },
    cpuDown: { figure: '… of one core, while everything is down', unit: '%', most: 1, digits: 2 },
  },
  wear: {
    day: { figure: '30 services every 60 s: written in a day', unit: 'MB', most: 20, digits: 1 },
    cpu: { figure: '… of one core', unit: '%', most: 2, digits: 2 },
    wakeups: { figure: '… wake-ups a second', unit: '', most: 5, digits: 1 },
  },
}

/**
 * @typedef {object} Measured
 * @property {number} ours
 * @property {string} [beside] what a reference did at the same time on this machine
 * @property {string} [note]
 */

/** @param {Map<string, Measured>} measured by `row.figure` */
export function figuresOf(measured) {
  return Object.entries(ROWS).flatMap(([row, figures]) =>
    Object.entries(figures).flatMap(([name, figure]) => {
      const found = measured.get(`${row}.${name}`)
      if (found === undefined) return []
      const { most, least } = figure
      const within = !(found.ours > (most ?? Infinity)) && !(found.ours < (least ?? -Infinity))
      return [{ row, name, ...figure, ...found, within: Number.isNaN(found.ours) ? false : within }]
    }),
  )
}

/** @param {ReturnType<typeof figuresOf>} figures */
export function table(figures) {
  const head = ['row', 'figure', 'vigie', 'budget', '', 'beside it, here', 'reference']
  const lines = figures.map(({ row, figure, ours, unit, most, least, digits = 0, within, beside, reference }) => [
    row,
    figure,
    amount(ours, digits, unit),
    most !== undefined ? `≤ ${amount(most, 0, unit)}` : least !== undefined ? `≥ ${amount(least, 0, unit)}` : '',
    most === undefined && least === undefined ? '' : within ? 'ok' : 'MISSED',
    beside ?? '',
    reference ?? '',
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column].length)))
  const print = (line) => line.map((cell, at) => (at === 2 ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
  const notes = figures.flatMap(({ row, name, note }) => (note === undefined ? [] : [`${row}.${name}: ${note}`]))
  return `${[head, ...lines].map((line) => print(line).join('  ').trimEnd()).join('\n')}\n\n${notes.join('\n')}\n`
}

function amount(value, digits, unit) {
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: Math.max(digits, 3) })
  const number =
    digits === 0 && !Number.isInteger(value) ? value.toLocaleString('en', { maximumFractionDigits: 3 }) : text
  return unit === '' ? number : `${number} ${unit}`
}
