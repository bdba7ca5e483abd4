// The commands there are, an entry each; those of one subject share a file. A file is loaded only when it is called for.
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
    name: 'init',
    summary: 'find the services of a domain and write checks/',
    load: async () => (await import('./init.ts')).init,
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
  {
    name: 'presets',
    summary: 'the software whose checks are known',
    load: async () => (await import('./presets.ts')).presets,
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
    name: 'twin key',
    summary: 'the public key of this site',
    load: async () => (await import('./twin.ts')).twinKey,
  },
  {
    name: 'twin status',
    summary: 'what this site knows of the others',
    load: async () => (await import('./twin.ts')).twinStatus,
  },
  {
    name: 'backup',
    summary: 'a copy of this site in one file',
    load: async () => (await import('./backup.ts')).backup,
  },
  {
    name: 'restore',
    summary: 'a backup, put back',
    load: async () => (await import('./restore.ts')).restore,
  },
  {
    name: 'doctor',
    summary: 'what would fail tonight',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    name: 'incident open',
    summary: 'open an incident',
    load: async () => (await import('./incident.ts')).open,
  },
  {
    name: 'incident update',
    summary: 'add an update to an incident',
    load: async () => (await import('./incident.ts')).update,
  },
  {
    name: 'incident resolve',
    summary: 'end an incident',
    load: async () => (await import('./incident.ts')).resolve,
  },
  {
    name: 'incident list',
    summary: 'list incidents',
    load: async () => (await import('./incident.ts')).list,
  },
  {
    name: 'incident correct',
    summary: 'correct an incident or an update',
    load: async () => (await import('./incident.ts')).correct,
  },
  {
    name: 'incident retract',
    summary: 'take back an incident or an update',
    load: async () => (await import('./incident.ts')).retract,
  },
  {
    name: 'incident reopen',
    summary: 'open an incident again',
    load: async () => (await import('./incident.ts')).reopen,
  },
  {
    name: 'incident postmortem',
    summary: 'say what there is to say afterwards',
    load: async () => (await import('./incident.ts')).postmortem,
  },
  {
    name: 'maintenance plan',
    summary: 'plan work',
    load: async () => (await import('./maintenance.ts')).plan,
  },
  {
    name: 'maintenance cancel',
    summary: 'call planned work off',
    load: async () => (await import('./maintenance.ts')).cancel,
  },
  {
    name: 'maintenance list',
    summary: 'list planned work',
    load: async () => (await import('./maintenance.ts')).list,
  },
  {
    name: 'maintenance prolong',
    summary: 'give planned work another end',
    load: async () => (await import('./maintenance.ts')).prolong,
  },
  {
    name: 'maintenance change',
    summary: 'change words or times of planned work',
    load: async () => (await import('./maintenance.ts')).change,
  },
  {
    name: 'maintenance update',
    summary: 'add news of planned work',
    load: async () => (await import('./maintenance.ts')).update,
  },
  {
    name: 'alert test',
    summary: 'one test mail through each relay',
    load: async () => (await import('./alert-test.ts')).alertTest,
  },
  {
    name: 'admin invite',
    summary: 'a link with which somebody gets an account',
    load: async () => (await import('./admin.ts')).adminInvite,
  },
  {
    name: 'admin recover',
    summary: 'a link for whoever lost password, phone and codes',
    load: async () => (await import('./admin.ts')).adminRecover,
  },
  {
    name: 'admin remove',
    summary: 'somebody may no longer log in',
    load: async () => (await import('./admin.ts')).adminRemove,
  },
  {
    name: 'admin list',
    summary: 'who may log in, and API keys',
    load: async () => (await import('./admin.ts')).adminList,
  },
  {
    name: 'admin token',
    summary: 'a key with which a script posts',
    load: async () => (await import('./admin.ts')).adminToken,
  },
]
