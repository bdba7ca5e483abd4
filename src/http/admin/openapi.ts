// The OpenAPI 3.1 document of the API (spec.openapis.org/oas/v3.1.1), made from the list of operations.

import { LONGEST_TEXT, LONGEST_TITLE } from '../../core/ledger/payload.ts'
import { IMPACTS, INCIDENT_STATUSES, RAISES } from '../../core/said/incident.ts'
import { OVERRIDES } from '../../core/said/override.ts'
import { LANGUAGES } from '../../core/text.ts'
import type { Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'

export const API = '/admin/api/v1'

/** `server`: where the site is, for clients that read the document elsewhere; null: where it was read. */
export function openApi(version: string, server: string | null): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const operation of OPERATIONS)
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: described(operation) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'vigie',
      version,
      summary: 'Incidents and maintenance, posted by programs',
      description: ABOUT.join('\n\n'),
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: server === null ? API : new URL(API, server).href }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: SCHEMAS,
      responses: RESPONSES,
    },
  }
}

export interface ShownField {
  readonly name: string
  readonly required: boolean
  /** What it may hold; empty where its name says it. */
  readonly note: string
}

/** What a call's query and body may say, for people. */
export function fieldsOf({ takes, query = {} }: Operation): readonly ShownField[] {
  const asked = Object.entries(query).map(([name, note]) => ({
    name: `?${name}=`,
    required: false,
    note: note.replaceAll('`', ''),
  }))
  const { properties = {}, required = [] } = (SCHEMAS as Readonly<Record<string, Schema>>)[takes ?? ''] ?? {}
  const handed = Object.entries(properties).map(([name, field]) => {
    const note = field.description ?? field.enum?.join(', ') ?? ''
    return { name, required: required.includes(name), note }
  })
  return [...asked, ...handed]
}

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly description?: string; readonly enum?: readonly string[] }>>
  readonly required?: readonly string[]
}

/** What holds for every call, one paragraph a line. */
export const ABOUT: readonly string[] = [
  'Say `Authorization: Bearer TOKEN` with a token of `vigie admin token NAME`; it may do what its scopes allow. Calls are taken over TLS, or from the machine itself by localhost.',
  'Bodies are JSON of at most 64 kB. A text is one string, in the first language of the page, or one a language: `{"fr": "…", "en": "…"}`. Long texts are Markdown without HTML.',
  'A moment is ISO 8601, or as the clocks of the site’s timezone show it: `2026-11-23 22:00`, `22:00`. A length is `30m`, `2h`.',
  'With an `Idempotency-Key` (1 to 64 printable characters) a call that is repeated is done once and answered the same. A 2xx means: it is on the disk.',
  'What is wrong is answered as RFC 9457 has it, every mistake with its field under `errors`.',
]

function described(operation: Operation): object {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(operation.query ?? {}).map(([name, description]) => ({
      name,
      in: 'query',
      description,
      schema: { type: 'string' },
    })),
    ...(operation.method === 'GET' ? [] : [KEY]),
  ]
  const content = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } })
  const problems =
    operation.method === 'GET' ? ['401', '403', '404'] : ['400', '401', '403', '404', '409', '413', '503']
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: `Scope: \`${operation.scope}\`.`,
    tags: [operation.scope],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(operation.takes === null ? {} : { requestBody: { required: true, content: content(operation.takes) } }),
    responses: {
      [operation.makes ? '201' : '200']: { description: 'Done; as it stands now', content: content(operation.gives) },
      ...Object.fromEntries(problems.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])),
    },
  }
}

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'Repeated with the same key, the call is done once',
  schema: { type: 'string', pattern: '^[!-~]{1,64}$' },
}

const PROBLEMS: Readonly<Record<string, string>> = {
  400: 'The body or a field of it is wrong; `errors` names each',
  401: 'No token, or one that nobody knows',
  403: 'The token lacks the scope, or the call came in the clear',
  404: 'There is no such thing',
  409: 'Not as it stands: taken back, called off, over',
  413: 'The body is longer than 64 kB',
  503: 'The disk refused; nothing was said',
}

const RESPONSES = Object.fromEntries(
  Object.entries(PROBLEMS).map(([status, description]) => [
    `Problem${status}`,
    { description, content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
  ]),
)

const string = { type: 'string' }
const moment = { type: 'string', format: 'date-time' }
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] })
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const list = (items: object) => ({ type: 'array', items })
const oneOf = (words: readonly string[]) => ({ type: 'string', enum: [...words] })
const object = (properties: Readonly<Record<string, object>>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
})
/** What is handed in: nothing else may stand in it. */
const handed = (properties: Readonly<Record<string, object>>, required: readonly string[] = []) => ({
  ...object(properties, [...required]),
  additionalProperties: false,
})
const text = (maxLength: number) => ({
  anyOf: [
    { type: 'string', maxLength },
    {
      type: 'object',
      properties: Object.fromEntries(LANGUAGES.map((language) => [language, { type: 'string', maxLength }])),
      minProperties: 1,
      additionalProperties: false,
    },
  ],
})
const title = text(LONGEST_TITLE)
const prose = text(LONGEST_TEXT)
const services = list(string)
const status = oneOf(INCIDENT_STATUSES)
const said = { type: 'string', description: 'ISO 8601, or by the clock: 2026-11-23 22:00, 22:00' }
const length = { type: 'string', pattern: '^\\d+(ms|s|m|h|d)$', description: 'how long, instead of an end: 30m, 2h' }
const repeats = {
  type: 'string',
  description: 'RFC 5545: FREQ=WEEKLY or MONTHLY with BYDAY, BYMONTHDAY, INTERVAL, UNTIL, COUNT; or never',
}
const saidOrNow = { ...said, description: `${said.description}; or now` }
const shownText = object(Object.fromEntries(LANGUAGES.map((language) => [language, string])), [])

const INCIDENT_FIELDS = { title, impact: oneOf(IMPACTS), services, started: said, raises: oneOf(RAISES) }
const PLAN_FIELDS = { title, text: prose, services, begins: saidOrNow, ends: said, for: length, repeats }

const SCHEMAS = {
  IncidentOpening: handed({ ...INCIDENT_FIELDS, text: prose, status, template: string, draft: string }),
  IncidentCorrection: handed(INCIDENT_FIELDS),
  IncidentUpdate: handed({ status, text: prose }),
  Words: handed({ text: prose }, ['text']),
  Postmortem: handed({ text: prose }),
  MaintenancePlan: handed({ ...PLAN_FIELDS, template: string }, ['begins']),
  MaintenanceChange: handed(PLAN_FIELDS),
  MaintenanceProlongation: handed({
    time: said,
    ends: saidOrNow,
    for: length,
  }),
  MaintenanceCancellation: handed({ time: said }),
  OverrideSaying: handed({ status: oneOf(OVERRIDES), until: said, for: length, text: prose }, ['status']),
  Incident: object({
    id: string,
    title: shownText,
    status,
    impact: oneOf(IMPACTS),
    services,
    started: moment,
    raises: oneOf(RAISES),
    outages: list(string),
    automatic: { type: 'boolean' },
    created: moment,
    by: string,
    changed: moment,
    resolved: orNull(moment),
    updates: list(
      object({
        id: string,
        at: moment,
        by: string,
        status,
        text: shownText,
        corrected: orNull(moment),
        rivals: list(shownText),
      }),
    ),
    postmortem: orNull(object({ text: shownText, at: moment, by: string })),
    conflicts: list(string),
    retracted: { type: 'boolean' },
  }),
  IncidentList: object({ incidents: list(ref('Incident')) }),
  Maintenance: object({
    id: string,
    title: shownText,
    text: shownText,
    services,
    begins: moment,
    ends: moment,
    repeats: orNull(string),
    timezone: string,
    created: moment,
    by: string,
    changed: moment,
    sequence: { type: 'integer' },
    cancelled: orNull(moment),
    conflicts: list(string),
    updates: list(object({ id: string, at: moment, by: string, text: shownText })),
    times: list(
      object({
        id: string,
        status: oneOf(['scheduled', 'in_progress', 'completed', 'cancelled']),
        begins: moment,
        ends: moment,
        cancelled: orNull(moment),
      }),
    ),
  }),
  MaintenanceList: object({ maintenances: list(ref('Maintenance')) }),
  DraftList: object({
    drafts: list(
      object({
        id: string,
        outages: list(string),
        title: shownText,
        text: shownText,
        impact: oneOf(IMPACTS),
        services,
        started: moment,
        publishes: orNull(moment),
      }),
    ),
  }),
  Acknowledgement: object({ outage: string, by: string, at: moment }),
  Override: object({
    service: string,
    status: oneOf(OVERRIDES),
    until: moment,
    text: orNull(shownText),
    by: string,
    at: moment,
  }),
  OverrideList: object({ overrides: list(ref('Override')) }),
  Nothing: object({}),
  Problem: object(
    {
      title: string,
      status: { type: 'integer' },
      detail: string,
      errors: list(object({ field: string, message: string })),
    },
    ['title', 'status'],
  ),
}
