// Many things done at once, but not too many, nor too many at one door.

export interface Limits {
  readonly atOnce: number
  readonly atOneDoor: number
}

export interface Job<T> {
  /** What it knocks at: of one door only so many at a time. */
  readonly door: string
  run(): Promise<T>
}

/** Runs all, those that came first first, and returns what they brought in their order. Rejects when one rejects. */
export function together<T>(jobs: readonly Job<T>[], { atOnce, atOneDoor }: Limits): Promise<readonly T[]> {
  const brought = new Array<T>(jobs.length)
  const waiting = jobs.map((job, at) => ({ job, at }))
  const doors = new Map<string, number>()
  let running = 0
  return new Promise((resolve, reject) => {
    next()

    function next() {
      if (waiting.length === 0 && running === 0) return resolve(brought)
      while (running < atOnce) {
        const free = waiting.findIndex(({ job }) => (doors.get(job.door) ?? 0) < atOneDoor)
        if (free < 0) return
        const [{ job, at }] = waiting.splice(free, 1) as [{ job: Job<T>; at: number }]
        start(job, at)
      }
    }

    function start(job: Job<T>, at: number) {
      running++
      doors.set(job.door, (doors.get(job.door) ?? 0) + 1)
      job.run().then((one) => {
        brought[at] = one
        running--
        doors.set(job.door, doors.get(job.door)! - 1)
        next()
      }, reject)
    }
  })
}
