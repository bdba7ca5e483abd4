// Accounts on a ledger in memory and a clock that is moved by hand.
import { Secret, TOTP } from 'otpauth'
import { type Access, type AccessDeps, createAccess, type Told } from '../../src/access/accounts.ts'

export const PASSWORD = 'un mot de passe sûr'

export interface Folk {
  readonly access: Access
  readonly told: Told[]
  /** How long attempts were made to wait. */
  readonly pauses: number[]
  readonly warnings: string[]
  at: number
  trusted: boolean
  /** What the disk answers to the next `say`. */
  refusal: Error | null
  /** Invites, chooses `PASSWORD` and returns what an app and a sheet of paper would hold. */
  enrol(name: string): Promise<{ readonly secret: string; readonly codes: readonly string[] }>
}

export function createFolk(deps: Partial<AccessDeps> = {}): Folk {
  const folk = {
    told: [] as Told[],
    pauses: [] as number[],
    warnings: [] as string[],
    at: Date.UTC(2026, 10, 27, 3, 0, 10),
    trusted: true,
    refusal: null as Error | null,
  }
  const access = createAccess({
    told: () => folk.told,
    say: (type, payload) => {
      if (folk.refusal !== null) throw folk.refusal
      folk.told.push({ mark: `home:${folk.told.length + 1}`, type, payload: JSON.parse(JSON.stringify(payload)) })
    },
    now: () => folk.at,
    ticks: () => folk.at,
    pause: async (length) => {
      folk.pauses.push(length)
    },
    clockTrusted: () => folk.trusted,
    warn: (note) => folk.warnings.push(note),
    ...deps,
  })
  const enrol = async (name: string) => {
    const secret = new Secret({ size: 20 }).base32
    const done = await access.enrol(access.invite(name, 'cli').token, {
      password: PASSWORD,
      secret,
      code: codeOf(secret, folk.at),
    })
    if ('fault' in done) throw new Error(done.fault)
    return { secret, codes: done.codes }
  }
  return Object.assign(folk, { access, enrol })
}

/** What an authenticator app shows at that moment. */
export function codeOf(secret: string, at: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })
}
