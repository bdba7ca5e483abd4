export interface Sums {
  readonly outage: number
  readonly partial: number
  readonly blind: number
  readonly up: number
  readonly maintenance: number
  /** How often the service became something else. */
  readonly changes: number
}

export function recompute(
  file: string,
  about: {
    readonly from: number
    readonly to: number
    readonly every: number
    readonly fall: number
    readonly rise: number
    readonly taint: number
    readonly work?: Readonly<Record<string, readonly { readonly from: number; readonly to: number }[]>>
    readonly services: Readonly<Record<string, readonly { readonly id: string; readonly essential: boolean }[]>>
  },
): Readonly<Record<string, Sums>>
