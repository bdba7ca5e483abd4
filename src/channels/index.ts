// The channels there are. One file each, one line here.
import type { ChannelKind } from './channel.ts'
import { mail } from './mail.ts'

export const channels = { mail } as const satisfies Record<string, ChannelKind>
