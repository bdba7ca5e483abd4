import { describe, expect, it } from 'vitest'
import type { Check } from '../src/core/check.ts'
import type { Millis } from '../src/core/time/time.ts'
import { type Came, createSchedule, type Schedule, type Turn } from '../src/schedule.ts'
import { type FakeTime, fakeTime } from './servers/time.ts'

const MINUTE = 60_000

function turn(id: string, every: Millis = MINUTE, retry: Millis = 15_000): Turn {
  const rule = { every, retry, timeout: 10_000, fall: 3, rise: 2, slow: 3_000, expiresIn: { share: 0.2 } }
  const check: Check = {
    id,
    service: id,
    kind: 'tcp',
    target: `${id}:1`,
    rule,
    family: null,
    depends: [],
    essential: false,
    audience: 'members',
    from: 'all',
    heartbeat: null,
    definition: 'd1',
    unusable: null,
  }
  return { key: id, check, strand: null }
}

interface World {
  readonly time: FakeTime
  readonly schedule: Schedule
  readonly starts: Map<string, Millis[]>
  readonly most: { atOnce: number }
  readonly late: string[]
  took: (key: string) => Millis
  came: Came
  failing: Set<string>
  known: boolean
}

function world(options: { took?: Millis; door?: (turn: Turn) => string; known?: boolean } = {}): World {
  const time = fakeTime()
  const starts = new Map<string, Millis[]>()
  const most = { atOnce: 0 }
  const failing = new Set<string>()
  const late: string[] = []
  let atOnce = 0
  const self: World = {
    time,
    starts,
    most,
    late,
    failing,
    took: () => options.took ?? 20,
    came: 'answer',
    known: options.known ?? false,
    schedule: createSchedule({
      ticks: time.ticks,
      after: time.after,
      look: async ({ key }) => {
        starts.set(key, [...(starts.get(key) ?? []), time.ticks()])
        atOnce++
        most.atOnce = Math.max(most.atOnce, atOnce)
        await new Promise<void>((resolve) => time.after(self.took(key), resolve))
        atOnce--
        return self.came
      },
      pace: ({ key, check }) => (failing.has(key) ? check.rule.retry : check.rule.every),
      unknown: () => !self.known,
      late: ({ key }) => {
        late.push(key)
      },
      door: options.door ?? (({ key }) => key),
    }),
  }
  return self
}

const gaps = (times: readonly Millis[]) => times.slice(1).map((at, index) => at - times[index]!)

describe('the schedule', () => {
  it('looks at every check once an interval, without drift, for a day', async () => {
    const one = world({ known: true })
    one.schedule.set(['a', 'b', 'c'].map((id) => turn(id)))
    await one.time.pass(24 * 60 * MINUTE)
    for (const times of one.starts.values()) {
      expect(Math.abs(times.length - 1440)).toBeLessThanOrEqual(1)
      expect(Math.max(...gaps(times).slice(1))).toBeLessThanOrEqual(MINUTE + 1)
    }
  })

  it('spreads checks evenly over the interval by their ids', async () => {
    const one = world({ known: true })
    one.schedule.set(Array.from({ length: 600 }, (_, n) => turn(`check-${n}`)))
    await one.time.pass(MINUTE)
    const perSecond = new Map<number, number>()
    for (const [at] of one.starts.values())
      perSecond.set(Math.floor(at! / 1000), (perSecond.get(Math.floor(at! / 1000)) ?? 0) + 1)
    expect(one.starts.size).toBe(600)
    expect(Math.max(...perSecond.values())).toBeLessThan(26)
    expect(perSecond.size).toBeGreaterThan(55)
  })

  it('looks within ten seconds at what has no opinion', async () => {
    const one = world()
    one.schedule.set(Array.from({ length: 50 }, (_, n) => turn(`check-${n}`, 60 * MINUTE)))
    await one.time.pass(10_000)
    expect(one.starts.size).toBe(50)
  })

  it('looks again after retry while something is open, and goes back to its place when it is well', async () => {
    const one = world({ known: true })
    one.schedule.set([turn('a')])
    await one.time.pass(2 * MINUTE)
    const [place] = one.starts.get('a')!.slice(-1)
    one.failing.add('a')
    await one.time.pass(3 * MINUTE)
    const failing = gaps(one.starts.get('a')!).slice(-5)
    expect(failing).toEqual([15_000, 15_000, 15_000, 15_000, 15_000])
    one.failing.delete('a')
    await one.time.pass(5 * MINUTE)
    const [last] = one.starts.get('a')!.slice(-1)
    expect(Math.abs(((last! - place!) % MINUTE) - 0)).toBeLessThan(2)
  })

  it('never looks at the same check twice at once, however long a look takes', async () => {
    const one = world({ took: 3 * MINUTE, known: true })
    one.schedule.set([turn('a')])
    await one.time.pass(20 * MINUTE)
    expect(Math.min(...gaps(one.starts.get('a')!))).toBeGreaterThanOrEqual(3 * MINUTE)
    expect(one.most.atOnce).toBe(1)
  })

  it('lets four looks through one door at a time, and forgets none that waits', async () => {
    const one = world({ took: 5_000, door: () => 'proxy:443', known: false })
    one.schedule.set(Array.from({ length: 30 }, (_, n) => turn(`check-${n}`)))
    await one.time.pass(MINUTE)
    expect(one.most.atOnce).toBe(4)
    expect(one.starts.size).toBe(30)
  })

  it('opens a door wider while looks time out there, within bounds, and no longer than that', async () => {
    const one = world({ took: 10_000, door: () => 'proxy:443', known: true })
    one.came = 'silence'
    one.schedule.set(Array.from({ length: 200 }, (_, n) => turn(`check-${n}`)))
    await one.time.pass(15_000)
    expect(one.most.atOnce).toBe(8)
    await one.time.pass(5 * MINUTE)
    expect(one.most.atOnce).toBe(32)
    expect(one.starts.size).toBe(200)
    // It is back, and slow.
    one.came = 'answer'
    await one.time.pass(30_000)
    one.most.atOnce = 0
    await one.time.pass(5 * MINUTE)
    expect(one.most.atOnce).toBe(4)
  })

  it('opens no door for looks that say nothing of it', async () => {
    const one = world({ took: 10_000, door: () => 'proxy:443', known: true })
    one.came = null
    one.schedule.set(Array.from({ length: 40 }, (_, n) => turn(`check-${n}`)))
    await one.time.pass(5 * MINUTE)
    expect(one.most.atOnce).toBe(4)
  })

  it('knows which looks are under way, or wait at their door', async () => {
    const one = world({ took: 20_000, door: () => 'proxy:443', known: false })
    const keys = Array.from({ length: 6 }, (_, n) => `check-${n}`)
    const coming = () => keys.filter((key) => one.schedule.isComing(key)).length
    one.schedule.set(keys.map((key) => turn(key, 10 * MINUTE)))
    expect(coming()).toBe(0)
    await one.time.pass(10_000)
    expect([one.starts.size, coming()]).toEqual([4, 6])
    await one.time.pass(20_000)
    expect([one.starts.size, coming()]).toEqual([6, 2])
    await one.time.pass(20_000)
    expect(coming()).toBe(0)
    expect(one.schedule.isComing('gone')).toBe(false)
  })

  it('forgets none that waits at a door behind others that are gone by then', async () => {
    const many = Array.from({ length: 12 }, (_, n) => turn(`check-${n}`))
    const crowd = () => world({ took: 20_000, door: () => 'proxy:443', known: false })
    const whole = crowd()
    whole.schedule.set(many)
    await whole.time.pass(2 * MINUTE)
    const last = [...whole.starts.keys()].at(-1)!
    const one = crowd()
    one.schedule.set(many)
    await one.time.pass(10_000)
    expect(one.starts.has(last)).toBe(false)
    one.schedule.set([turn(last)])
    await one.time.pass(MINUTE)
    expect(one.starts.has(last)).toBe(true)
  })

  it('runs at most 256 looks at once', async () => {
    const one = world({ took: 30_000 })
    one.schedule.set(Array.from({ length: 1000 }, (_, n) => turn(`check-${n}`)))
    await one.time.pass(5 * MINUTE)
    expect(one.most.atOnce).toBe(256)
    expect(one.starts.size).toBe(1000)
  })

  it('notices a start that comes more than a quarter of the interval late', async () => {
    const one = world({ took: 30_000, door: () => 'one:1', known: true })
    one.schedule.set(Array.from({ length: 12 }, (_, n) => turn(`check-${n}`, 40_000)))
    await one.time.pass(5 * MINUTE)
    expect(one.late.length).toBeGreaterThan(0)
    const quiet = world({ known: true })
    quiet.schedule.set([turn('a')])
    await quiet.time.pass(5 * MINUTE)
    expect(quiet.late).toEqual([])
  })

  it('looks at once when hurried, and once more when it was just looking', async () => {
    const one = world({ took: 2_000, known: true })
    one.schedule.set([turn('a', 60 * MINUTE)])
    one.schedule.hurry('a')
    await one.time.pass(500)
    expect(one.starts.get('a')).toHaveLength(1)
    one.schedule.hurry('a')
    await one.time.pass(3_000)
    expect(one.starts.get('a')).toHaveLength(2)
    await one.time.pass(10_000)
    expect(one.starts.get('a')).toHaveLength(2)
  })

  it('keeps the place of a check whose other settings changed, and drops one that is gone', async () => {
    const one = world({ known: true })
    one.schedule.set([turn('a'), turn('b')])
    await one.time.pass(10 * MINUTE)
    const before = one.starts.get('b')!.length
    one.schedule.set([turn('a')])
    await one.time.pass(10 * MINUTE)
    expect(one.starts.get('b')).toHaveLength(before)
    expect(Math.max(...gaps(one.starts.get('a')!).slice(1))).toBeLessThanOrEqual(MINUTE + 1)
  })
})
