// Plays a story: breaks and repairs, step after step, until its end or until it is stopped.
import type { Instant } from '../core/time/time.ts'
import type { Faults } from './faults.ts'
import type { Story } from './stories.ts'

export interface Playing {
  readonly story: Story
  /** The step it is at, counted from 0; past the last one: it is over. */
  readonly step: number
  /** When the next step begins. */
  readonly until: Instant
}

export interface Player {
  /** Begins with nothing broken; another story ends at once. */
  play(story: Story): void
  /** Ends it and repairs what it broke. */
  stop(): void
  /** The story that is played, or was last played to its end; null: none. */
  playing(): Playing | null
}

/** `stretch`: how many times as long as written each step takes. */
export function createPlayer(faults: Faults, now: () => Instant, stretch: number): Player {
  let playing: Playing | null = null
  let timer: NodeJS.Timeout | undefined
  return { play: (story) => go(story, 0), stop, playing: () => playing }

  function go(story: Story, at: number): void {
    clearTimeout(timer)
    const step = story.steps[at]
    const lasts = (step?.lasts ?? 0) * stretch
    playing = { story, step: at, until: now() + lasts }
    const wanted = step?.broken ?? []
    for (const { name } of faults.broken()) if (!wanted.includes(name)) faults.clear(name)
    const broken = faults.broken().map(({ name }) => name)
    for (const name of wanted) if (!broken.includes(name)) faults.set(name)
    if (step !== undefined) timer = setTimeout(go, lasts, story, at + 1)
  }

  function stop(): void {
    clearTimeout(timer)
    if (playing !== null && playing.step < playing.story.steps.length) faults.clearAll()
    playing = null
  }
}
