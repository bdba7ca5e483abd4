// What a discovery brings back.

/** One service file to be. */
export interface Found {
  readonly id: string
  readonly name: { readonly fr: string; readonly en: string }
  readonly group: 'communication' | 'documents' | 'infrastructure'
  readonly url: string | null
  /** How it was found, for a remark and the table. */
  readonly by: string
  /** Entries of `checks:`, with what to say above each; null: nothing. */
  readonly checks: readonly { readonly entry: Readonly<Record<string, unknown>>; readonly remark: string | null }[]
  readonly admins?: boolean
}

export interface Discovery {
  readonly found: readonly Found[]
  /** What was asked for and isn't there. */
  readonly missing: readonly string[]
}
