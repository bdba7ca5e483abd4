// The commands there are. One file each, one entry here; each is loaded only when it is called.
import type { Command } from './command.ts'

export interface Listed {
  /** What is typed after `vigie`. */
  readonly name: string
  /** For the overview: what it does, in half a line. */
  readonly summary: string
  load(): Promise<Command>
}

export const commands: readonly Listed[] = [
  { name: 'run', summary: 'the monitor and its page', load: async () => (await import('./run.ts')).run },
  {
    name: 'demo',
    summary: 'a replica of the hoster, and controls to break it',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'check',
    summary: 'look once, now, and print what was seen',
    load: async () => (await import('./check.ts')).check,
  },
  {
    name: 'config',
    summary: 'print every mistake of the configuration',
    load: async () => (await import('./config.ts')).config,
  },
  { name: 'status', summary: 'what the running vigie thinks', load: async () => (await import('./status.ts')).status },
  {
    name: 'explain',
    summary: 'what led to a status: looks, rule, mails',
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    name: 'report',
    summary: 'uptime and outages of a month or a year',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'doctor',
    summary: 'what would fail tonight',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'alert test',
    summary: 'one test mail through each relay',
    load: async () => (await import('./alert-test.ts')).alertTest,
  },
]
