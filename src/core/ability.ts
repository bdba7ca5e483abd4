// What a member can do with a service, as a check proves it.

export const ABILITIES = [
  'open',
  'read',
  'fetch',
  'send',
  'receive',
  'write',
  'edit',
  'sync',
  'upload',
  'save',
  'watch',
  'calendar',
  'contacts',
  'connect',
  'browse',
  'message',
  'federate',
  'filter',
] as const

/** In the order in which they are told. */
export type Ability = (typeof ABILITIES)[number]
