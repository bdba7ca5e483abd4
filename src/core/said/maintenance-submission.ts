// Planned work as somebody hands it in (submission.ts has how it is read).

import { readRecurrence } from '../time/recurrence.ts'
import { HOUR, type Instant, MINUTE } from '../time/time.ts'
import {
  LONGEST_MAINTENANCE,
  type Maintenance,
  type MaintenancePlan,
  type Occurrence,
  type Plan,
} from './maintenance.ts'
import { LONGEST_OVERRIDE, OVERRIDES, type Override } from './override.ts'
import {
  asDuration,
  asMomentAfter,
  asNowOrAfter,
  asOneOf,
  asProse,
  asServices,
  asTitle,
  type Convert,
  type Prepared,
  type Submission,
  wrong,
} from './submission.ts'

export type MaintenanceWords = Pick<MaintenancePlan, 'title' | 'text' | 'services' | 'plan'>

/** Work to plan: `begins`, and `ends` or `for`; `repeats` an RRULE. Times are on whole minutes. */
export function readPlan(submission: Submission, prepared: Prepared): MaintenanceWords {
  const { take, need, around, complain } = submission
  const services = take('services', asServices) ?? prepared.services
  if (services.length === 0) complain('services', 'must name at least one service')
  const begins = need('begins', asNowOrAfter(around.now))
  const otherwise = prepared.words(services, begins)
  const plan = readTimes(submission, begins)
  if (plan !== null && plan.repeats === null && plan.ends <= around.now) complain('ends', 'is over already')
  return {
    title: otherwise.title === undefined ? need('title', asTitle) : (take('title', asTitle) ?? otherwise.title),
    text: otherwise.text === undefined ? need('text', asProse) : (take('text', asProse) ?? otherwise.text),
    services,
    plan: plan!,
  }
}

/** What is changed of it; null: nothing. Times are changed together. */
export function readPlanChange(submission: Submission, { plan }: Maintenance) {
  const { take, around } = submission
  const begins = take('begins', asNowOrAfter(around.now))
  const length = plan.ends - plan.begins
  return {
    title: take('title', asTitle),
    text: take('text', asProse),
    services: take('services', asServices),
    plan: begins === null ? readOtherTimes(submission, plan) : readTimes(submission, begins, length, plan.repeats),
  }
}

function readOtherTimes(submission: Submission, plan: Plan): Plan | null {
  const { take } = submission
  const repeats = take('repeats', asRepeats)
  const length = take('for', asDuration)
  const ends = take('ends', asMomentAfter(plan.begins)) ?? (length === null ? null : plan.begins + length)
  if (repeats === null && ends === null) return null
  return checked(submission, {
    ...plan,
    repeats: repeats === 'never' ? null : (repeats ?? plan.repeats),
    ends: ends ?? plan.ends,
  })
}

function readTimes(
  submission: Submission,
  begins: Instant | null,
  otherwise: number | null = null,
  before: string | null = null,
): Plan | null {
  const { take, complain, around } = submission
  const length = take('for', asDuration) ?? otherwise
  const said = take('ends', asMomentAfter(begins ?? around.now))
  const repeats = take('repeats', asRepeats)
  if (said === null && length === null) complain('ends', 'is missing; or say `for`, such as 2h')
  if (begins === null) return null
  const ends = said ?? (length === null ? begins + MINUTE : begins + length)
  const { timezone } = around
  return checked(submission, { begins, ends, repeats: repeats === 'never' ? null : (repeats ?? before), timezone })
}

function checked({ complain }: Submission, plan: Plan): Plan {
  const begins = wholeMinute(plan.begins)
  // What begins now, within a minute, is not cut short by it; but of what is longer than the longest nobody hears.
  const ends = Math.min(Math.ceil(plan.ends / MINUTE) * MINUTE, begins + LONGEST_MAINTENANCE)
  if (plan.ends <= plan.begins) complain('ends', 'must come after `begins`')
  else if (plan.ends - plan.begins > LONGEST_MAINTENANCE) complain('ends', 'comes more than 31 days after `begins`')
  return { ...plan, begins, ends }
}

const asRepeats: Convert<string> = (value) => {
  if (value === 'never') return 'never'
  if (typeof value !== 'string' || value.length > 500) return wrong('must be a rule such as FREQ=WEEKLY;BYDAY=TU')
  const read = readRecurrence(value)
  return 'wrong' in read
    ? wrong(`${read.wrong} (such as FREQ=WEEKLY;BYDAY=TU, FREQ=MONTHLY;BYDAY=1MO, or never)`)
    : value
}

/** Another end for one time of it: `ends`, or `for` longer than it was to take. At once: `now`. */
export function readProlong({ take, complain, around }: Submission, times: readonly Occurrence[]) {
  const time = timeOf(take('time', asMomentAfter(around.now)), times, complain)
  const length = take('for', asDuration)
  const ends = take('ends', asNowOrAfter(around.now))
  if (ends === null && length === null) complain('ends', 'is missing; or say `for`, such as 30m')
  if (time === null) return null
  const wanted = ends ?? time.ends + (length ?? 0)
  if (wanted <= time.begins) complain('ends', 'comes before its beginning: cancel it instead')
  if (wanted - time.begins > LONGEST_MAINTENANCE) complain('ends', 'comes more than 31 days after its beginning')
  return { time: time.begins, ends: ends === around.now ? wanted : wholeMinute(wanted) }
}

/** Which time is called off: the one that `time` names, or all (null) when it isn't said. */
export function readCancel({ take, complain, around }: Submission, times: readonly Occurrence[]) {
  const time = take('time', asMomentAfter(around.now))
  return { time: time === null ? null : (timeOf(time, times, complain)?.begins ?? null) }
}

/** The time that begins then; without: the one that is under way, else the next. */
function timeOf(
  begins: Instant | null,
  times: readonly Occurrence[],
  complain: Submission['complain'],
): Occurrence | null {
  const found = times.find((one) => begins === null || one.begins === wholeMinute(begins))
  if (found === undefined)
    complain('time', begins === null ? 'nothing of it is to come' : 'none of its times begins then')
  return found ?? null
}

/** What is said of a service against what is measured: `until`, or `for`; at most a day. */
export function readOverride({
  take,
  need,
  complain,
  around,
}: Submission): Pick<Override, 'status' | 'until' | 'text'> {
  const status = need('status', asOneOf(OVERRIDES))
  const length = take('for', asDuration)
  const until = take('until', asMomentAfter(around.now)) ?? around.now + (length ?? HOUR)
  if (until <= around.now) complain('until', 'is over already')
  if (until - around.now > LONGEST_OVERRIDE) complain('until', 'is more than a day ahead: say it again then')
  return { status, until, text: take('text', asProse) }
}

function wholeMinute(at: Instant): Instant {
  return Math.floor(at / MINUTE) * MINUTE
}
