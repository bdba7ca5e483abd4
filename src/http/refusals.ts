// What a person sees who asked for something that isn't there or isn't done: a small page in the languages of the site.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Language } from '../core/text.ts'
import type { Views } from '../page/pages/views.ts'
import { isOpen, safetyHeaders } from './headers.ts'
import { pathOf } from './pages.ts'

const TEXTS: Readonly<Record<Language, Readonly<Record<number, readonly [title: string, text: string]>>>> = {
  fr: {
    400: ['Demande incompréhensible', 'Nous n’avons pas compris cette demande.'],
    404: ['Page introuvable', 'Il n’y a rien à cette adresse.'],
    405: ['Cela ne se fait pas ici', 'Cette adresse se lit, et rien d’autre.'],
    500: ['Erreur de notre côté', 'Cette page n’a pas pu être servie. Cela ne dit rien de l’état des services.'],
  },
  en: {
    400: ['Request not understood', 'We did not understand this request.'],
    404: ['Page not found', 'There is nothing at this address.'],
    405: ['Not done here', 'This address can be read, and nothing else.'],
    500: ['An error on our side', 'This page could not be served. It says nothing about how the services are.'],
  },
}

const LINKS: Readonly<Record<Language, string>> = {
  fr: 'Voir l’état des services',
  en: 'See the status of the services',
}

const READING = 'GET, HEAD'

export interface Refusals {
  /** No such path, or no such method on it. */
  notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply
  /** Whatever was thrown on the way; what it says stays inside. */
  failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply
}

/** `languages`: those of now, the first of the site first. A page is rendered once for each choice of them: refusing costs nothing. */
export function createRefusals(views: Views, languages: () => readonly Language[]): Refusals {
  const pages = new Map<string, string>()
  return { notFound, failed }

  function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { method } = request
    const path = pathOf(request.raw.url ?? '/')
    if (method === 'GET' || method === 'HEAD') return refuse(404, request, reply)
    const allowed = path.startsWith('/push/') ? `${READING}, POST` : READING
    if (method === 'OPTIONS' && isOpen(path)) return preflight(path, allowed, reply)
    return refuse(405, request, reply.header('allow', allowed))
  }

  function failed(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const status = error.statusCode ?? 500
    if (status === 403 || status === 404) return refuse(404, request, reply)
    return refuse(status, request, reply)
  }

  function refuse(status: number, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const page = pageOf(status === 404 || status === 405 ? status : status < 500 ? 400 : 500)
    return reply
      .code(status)
      .headers(safetyHeaders(pathOf(request.raw.url ?? '/'), views.headerPolicy))
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page)
  }

  function pageOf(status: number): string {
    const spoken = languages()
    const key = `${status} ${spoken.join(' ')}`
    const page = pages.get(key) ?? renderPage(status, spoken, views)
    pages.set(key, page)
    return page
  }

  /** A script on another origin asks first when it sends a header of its own (Fetch, CORS preflight). */
  function preflight(path: string, allowed: string, reply: FastifyReply): FastifyReply {
    return reply
      .code(204)
      .headers(safetyHeaders(path, views.headerPolicy))
      .headers({ 'access-control-allow-methods': allowed, 'access-control-allow-headers': '*', allow: allowed })
      .send()
  }
}

function renderPage(status: number, languages: readonly Language[], views: Views): string {
  const refusals = languages.map((language) => {
    const [title, text] = TEXTS[language][status]!
    return { language, title, text, link: LINKS[language] }
  })
  return views.render('error', {
    language: refusals[0]!.language,
    title: refusals.map((one) => one.title).join(' · '),
    sentence: null,
    windowIcon: null,
    languages: [],
    parts: refusals.map((one, at) => ({ ...one, first: at === 0, href: '/' })),
  })
}
