// carddav: a program finds an account's contacts.
import { davKind } from './dav.ts'

export const carddav = davKind(
  {
    wellKnown: 'carddav',
    space: 'urn:ietf:params:xml:ns:carddav',
    collection: 'addressbook',
    homeSet: 'addressbook-home-set',
    things: ['address book', 'address books'],
  },
  {
    summary: 'a contacts program finds its server and, with a login, the contacts of its account',
    example: 'https://dav.example.org/',
  },
)
