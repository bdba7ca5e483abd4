// Who said something, as the ledger names them: an account's name, `cli`, `token:NAME`, `mail:ADDRESS` for whoever opened
// the link of a letter, or `vigie` itself.

/** An author as people read it: an account's name, a key's, or whose mail it was. */
export function nameOfAuthor(by: string): string {
  return by.replace(/^(?:mail|token):/, '')
}
