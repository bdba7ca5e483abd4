// How long each service was what, reckoned anew from nothing but the looks themselves and the times our own line was cut,
// as results.db has them. It shares no line with src/ and follows verdict.md by other means: it says of every check what
// it was from when to when, and then walks from one change to the next.
//
//   node recompute.mjs results.db '{"from":…,"to":…,"every":…,"fall":3,"rise":2,"taint":60000,"services":{…}}'
//
// `services`: checks by service, `{ "id": "mail.smtp", "essential": false }`. Moments and lengths are milliseconds; prints
// JSON by service. `work`: when a service was worked on, `[{ "from": …, "to": … }]` by service; may be absent.
import { argv, stdout } from 'node:process'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

/** Reasons by their number in the file that are our own fault: offline, resolver, clock, overload, blocked, config. */
const OURS = new Set([15, 16, 17, 18, 19, 20])

export function recompute(file, about) {
  const db = new Database(file, { readonly: true })
  const looks = db
    .prepare(
      `SELECT check_id AS id, ended - CAST(round(took / 10.0) AS INTEGER) AS at, ended, reason
       FROM looks JOIN series ON series.number = looks.series ORDER BY ended`,
    )
    .all()
  const line = db.prepare("SELECT since, state FROM changes WHERE subject = 'line' ORDER BY number").all()
  db.close()
  const cuts = cutsFrom(line, about.to)
  const silences = silencesOf(looks)
  return Object.fromEntries(
    Object.entries(about.services).map(([service, checks]) => {
      const lives = checks.map(({ id, essential }) => ({
        essential,
        life: lifeOf(
          looks.filter((look) => look.id === id),
          cuts,
          silences,
          about,
        ),
      }))
      return [service, added(lives, worked(about.work?.[service] ?? [], silences), about)]
    }),
  )
}

/** Work counts as such while somebody was there to say so. */
function worked(work, silences) {
  return work.map(({ from, to }) => {
    const inside = silences.filter((silence) => silence.from < to && silence.to > from)
    return {
      turns: [from, to, ...inside.flatMap((silence) => [silence.from, silence.to])],
      isAt: (at) => from <= at && at < to && !inside.some((silence) => silence.from <= at && at < silence.to),
    }
  })
}

/** From when to when our line was cut. */
function cutsFrom(line, end) {
  const cuts = []
  for (const { since, state } of line) {
    const open = cuts.at(-1)?.to === end ? cuts.at(-1) : undefined
    if (state === 'bad' && open === undefined) cuts.push({ from: since, to: end })
    if (state === 'good' && open !== undefined) open.to = since
  }
  return cuts
}

/** Times without any look at all: nobody was there. Two minutes more than the longest pause there is between looks. */
function silencesOf(looks) {
  const silences = []
  for (let index = 1; index < looks.length; index++) {
    const [before, after] = [looks[index - 1].ended, looks[index].at]
    if (after - before > 7 * 60_000) silences.push({ from: before, to: after })
  }
  return silences
}

/**
 * What one check was, as a list of beginnings. Runs of failures and of good answers decide; a look while our line was cut
 * says nothing, a failure soon after neither, and what nobody looked at for three intervals isn't known.
 */
function lifeOf(looks, cuts, silences, { every, fall, rise, taint, to }) {
  const marks = [
    ...looks.map((look) => ({ at: look.at, kind: kindOf(look, cuts, taint) })),
    ...[...cuts, ...silences].map(({ from }) => ({ at: from, kind: 'nothing' })),
  ].sort((a, b) => a.at - b.at)
  const life = []
  let run = { kind: '', from: 0, length: 0 }
  let wasDown = false
  let seen = Number.POSITIVE_INFINITY
  const become = (state, from) => {
    while (life.length > 0 && life.at(-1).from >= from) life.pop()
    if (life.at(-1)?.state !== state) life.push({ from, state })
  }
  for (const { at, kind } of [...marks, { at: to, kind: 'end' }]) {
    if (at - seen > 3 * every) become('unknown', seen + 3 * every)
    if (kind === 'end') break
    seen = kind === 'ignored' || kind === 'nothing' ? seen : at
    if (kind === 'ignored') continue
    run = run.kind === kind ? { ...run, length: run.length + 1 } : { kind, from: at, length: 1 }
    if (kind === 'nothing') become('unknown', at)
    if (kind === 'fail' && run.length >= fall) {
      become('down', run.from)
      wasDown = true
    }
    if (kind === 'ok' && (!wasDown || run.length >= rise)) {
      become('up', run.from)
      wasDown = false
    }
  }
  return life
}

function kindOf({ at, reason }, cuts, taint) {
  if (cuts.some(({ from, to }) => from <= at && at < to)) return 'ignored'
  if (reason === 0) return 'ok'
  if (OURS.has(reason)) return 'nothing'
  return cuts.some(({ to }) => to <= at && at - to < taint) ? 'nothing' : 'fail'
}

/** Walks from change to change and adds up what the service was between each two. */
function added(lives, work, { from, to }) {
  const sum = { outage: 0, partial: 0, blind: 0, up: 0, maintenance: 0, changes: 0 }
  const turns = [
    ...lives.flatMap(({ life }) => life.map((one) => one.from)),
    ...work.flatMap((one) => one.turns),
  ].filter((at) => at > from && at < to)
  const moments = [...new Set([from, ...turns, to])].sort((a, b) => a - b)
  let before = ''
  for (let index = 1; index < moments.length; index++) {
    const [begin, end] = [moments[index - 1], moments[index]]
    const states = lives.map(({ life, essential }) => ({ essential, state: stateAt(life, begin) }))
    const status = work.some((one) => one.isAt(begin)) ? 'maintenance' : statusOf(states)
    sum[status] += end - begin
    if (status !== before) sum.changes++
    before = status
  }
  return sum
}

function stateAt(life, at) {
  return life.findLast(({ from }) => from <= at)?.state ?? 'unknown'
}

function statusOf(states) {
  const all = (state) => states.every((one) => one.state === state)
  const some = (state) => states.some((one) => one.state === state)
  const essential = (state) => states.some((one) => one.essential && one.state === state)
  if (all('down') || essential('down')) return 'outage'
  if (some('down')) return 'partial'
  if (all('unknown') || essential('unknown')) return 'blind'
  return 'up'
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  stdout.write(`${JSON.stringify(recompute(argv[2], JSON.parse(argv[3])), null, 2)}\n`)
}
