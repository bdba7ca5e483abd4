// caldav: a calendar program finds an account's calendars.
import { davKind } from './dav.ts'

export const caldav = davKind(
  {
    wellKnown: 'caldav',
    space: 'urn:ietf:params:xml:ns:caldav',
    collection: 'calendar',
    homeSet: 'calendar-home-set',
    things: ['calendar', 'calendars'],
  },
  {
    summary: 'a calendar program finds its server and, with a login, the calendars of its account',
    example: 'https://dav.example.org/',
  },
)
