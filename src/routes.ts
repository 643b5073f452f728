import { type IRequest, type RequestHandler, Router } from 'itty-router'
import { ValiError } from 'valibot'
import { showAdsTxt, showSellers } from './ad/authorized.ts'
import { answerAd, followAd, loadAd, reportAd, reportAds, seeAd } from './ad/handler.ts'
import { downloadSharedReport, showSharedReport } from './ad/shared-report.tsx'
import { explainAd } from './ad/why.tsx'
import { showArticle } from './article/handler.ts'
import { showAvatar } from './comment/avatar.ts'
import { backToOwnComment, changeOwnComment } from './comment/change.ts'
import { explainByApi, judgeByApi } from './comment/judge/api.ts'
import { eraseComment, listComments, moderateComment, showComment } from './comment/moderation.ts'
import { backToComments, submitComment } from './comment/submit.ts'
import { exportComments, importComments } from './comment/transfer.ts'
import {
  addPasskey,
  challengeToRegister,
  changeDigest,
  changeName,
  endSessions,
  removePasskey,
  showAccount,
} from './desk/account/handler.tsx'
import { listByApi } from './desk/ads/api.ts'
import { showCalendar } from './desk/ads/calendar.tsx'
import { saveCampaign, saveNew, showCampaign, showNew } from './desk/ads/edit.tsx'
import { listAds } from './desk/ads/list.tsx'
import { moveCampaign, undoMove } from './desk/ads/move.ts'
import { forecastByApi, showOutlook } from './desk/ads/outlook.tsx'
import { showPreview, showPreviewPage } from './desk/ads/preview.tsx'
import { changeReportLinks, downloadCampaignReport, showCampaignReport } from './desk/ads/report.tsx'
import { showAudit } from './desk/audit/handler.tsx'
import { changeBlocks, showBlocks } from './desk/comments/blocks.tsx'
import { changeOne, deleteForGood } from './desk/comments/change.ts'
import { decideComments, undoDecision } from './desk/comments/decide.ts'
import { showQueue } from './desk/comments/list.tsx'
import { showOne } from './desk/comments/one.tsx'
import { type DeskHandler, guarded, type Rule } from './desk/guard.ts'
import { decideMail, showMail } from './desk/mail/handler.tsx'
import { changePerson, invite, inviteByApi, showPeople } from './desk/people/handler.tsx'
import { showPrivacy, usePrivacy } from './desk/privacy/handler.tsx'
import { decideCase, downloadReports, showReports, showTransparency } from './desk/reports/handler.tsx'
import {
  askForLink,
  challengeToConfirm,
  challengeToSignIn,
  confirm,
  showConfirm,
  showDesk,
  showLink,
  showSignIn,
  signInByLink,
  signInByPasskey,
  signOut,
} from './desk/sign-in/handler.ts'
import { showAuthorFeed, showFeed, showSectionFeed, showTagFeed } from './feed/articles.ts'
import { showArticleComments, showCommentsFeed } from './feed/comments.ts'
import { logError } from './http/log.ts'
import { problem } from './http/problem.ts'
import { serveMedia } from './media/serve.ts'
import { serveCreative } from './media/serve-creative.ts'
import { showObjection, takeObjection } from './notice/objection.tsx'
import { showReport, takeReport } from './notice/report.tsx'
import { confirmOne, endSome, showConfirmation, showSubscriptions } from './notice/subscriptions.tsx'
import { eraseByApi, exportByApi, rotateByApi } from './privacy/person.ts'
import { askForData, sendDataLink, showData, useData } from './privacy/self-service.tsx'
import { list, put, putMany, remove, show } from './publish/api.ts'
import { refuse } from './publish/authorise.ts'
import {
  enterMedia,
  getMedia,
  listMedia,
  listUnused,
  pruneUnused,
  putMedia,
  putMediaFile,
  removeMedia,
} from './publish/media-api.ts'
import { describeSearch, showSearch } from './search/handler.ts'
import { isYear, showYear } from './site/archive.tsx'
import { methodNotAllowed } from './site/errors.tsx'
import { showFont } from './site/fonts.ts'
import { showFrontPage } from './site/front-page.tsx'
import { checkHealth } from './site/health.ts'
import { showAuthor, showLatest, showMonth, showSection, showTag } from './site/lists.tsx'
import { showFavicon, showRobots, showSecurity } from './site/machines.ts'
import { showScript, showStyles } from './site/scripts.ts'
import type { Site } from './site/site.ts'
import { showNewsSitemap, showPagesSitemap, showSitemap, showYearSitemap } from './site/sitemap.ts'

type Handler = RequestHandler<IRequest, [Site]>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const router = Router<IRequest, [Site], Response>()

/** A year is a list of months, anything else an article or a page. */
const showArticleOrYear: Handler = (request, site) =>
  isYear(request.params.slug) ? showYear(request.params.slug, request, site) : showArticle(request, site)

/**
 * Every URL of the site, in the order of DESIGN §4, but for what every view of a page asks for: the router looks at one
 * after the other. What is not here is a 404; another method is a 405.
 */
at('/go/:id.gif', { GET: loadAd })
at('/go/:id/seen', { POST: seeAd })
at('/go/:id', { GET: followAd })
at('/', { GET: showFrontPage })
at('/page/:page/', { GET: showLatest })
at('/category/:slug/', { GET: showSection })
at('/category/:slug/page/:page/', { GET: showSection })
at('/tag/:slug/', { GET: showTag })
at('/tag/:slug/page/:page/', { GET: showTag })
at('/author/:slug/', { GET: showAuthor })
at('/author/:slug/page/:page/', { GET: showAuthor })
at('/search/', { GET: showSearch })
at('/search/opensearch.xml', { GET: describeSearch })
at('/feed/', { GET: showFeed })
at('/feed/:format/', { GET: showFeed })
at('/category/:slug/feed/', { GET: showSectionFeed })
at('/category/:slug/feed/:format/', { GET: showSectionFeed })
at('/tag/:slug/feed/', { GET: showTagFeed })
at('/tag/:slug/feed/:format/', { GET: showTagFeed })
at('/author/:slug/feed/', { GET: showAuthorFeed })
at('/author/:slug/feed/:format/', { GET: showAuthorFeed })
at('/comments/:id/report/', { GET: showReport, POST: takeReport })
at('/objections/:key/', { GET: showObjection, POST: takeObjection })
at('/subscriptions/confirm/:key/', { GET: showConfirmation, POST: confirmOne })
at('/subscriptions/:key/', { GET: showSubscriptions, POST: endSome })
at('/my-data/', { GET: askForData, POST: sendDataLink })
at('/my-data/:key/', { GET: showData, POST: useData })
at('/comments/feed/', { GET: showCommentsFeed })
at('/comments/feed/:format/', { GET: showCommentsFeed })
at('/sitemap.xml', { GET: showSitemap })
at('/sitemap-pages.xml', { GET: showPagesSitemap })
at('/sitemap-news.xml', { GET: showNewsSitemap })
at('/sitemap-:part.xml', { GET: showYearSitemap })
at('/robots.txt', { GET: showRobots })
at('/.well-known/security.txt', { GET: showSecurity })
at('/favicon.svg', { GET: showFavicon })
at('/fonts/:file', { GET: showFont })
at('/scripts/:file', { GET: showScript })
at('/styles/:file', { GET: showStyles })
at('/healthz', { GET: checkHealth })
at('/media/:file', { GET: serveMedia })
at('/creative/:hash/:path+', { GET: serveCreative })
at('/avatar/:file', { GET: showAvatar })
at('/ads.txt', { GET: showAdsTxt })
at('/sellers.json', { GET: showSellers })
at('/ads/:id/', { GET: explainAd })
at('/ads/report/:key/', { GET: showSharedReport })
at('/ads/report/:key/report.csv', { GET: downloadSharedReport })

// The newsroom. Who is not signed in is let in here, and nowhere else.
at('/desk/', { GET: showDesk })
at('/desk/sign-in/', { GET: showSignIn })
at('/desk/sign-in/challenge/', { POST: challengeToSignIn })
at('/desk/sign-in/passkey/', { POST: signInByPasskey })
at('/desk/sign-in/link/', { POST: askForLink })
at('/desk/sign-in/:key/', { GET: showLink, POST: signInByLink })
desk('own-account', '/desk/sign-out/', { POST: signOut })
desk('own-account', '/desk/confirm/', { GET: showConfirm, POST: confirm })
desk('own-account', '/desk/challenge/', { POST: challengeToConfirm })
desk('own-account', '/desk/account/', { GET: showAccount })
desk('own-account', '/desk/account/name/', { POST: changeName })
desk('own-account', '/desk/account/digest/', { POST: changeDigest })
desk('own-account', '/desk/account/passkeys/', { POST: addPasskey })
desk('own-account', '/desk/account/passkeys/challenge/', { POST: challengeToRegister })
desk('own-account', '/desk/account/passkeys/remove/', { POST: removePasskey })
desk('own-account', '/desk/account/sessions/end/', { POST: endSessions })
desk('moderate', '/desk/comments/', { GET: showQueue, POST: decideComments })
desk('moderate', '/desk/comments/undo/', { POST: undoDecision })
desk('moderate', '/desk/comments/:id/', { GET: showOne, POST: changeOne })
desk('delete-comments', '/desk/comments/:id/delete/', { POST: deleteForGood })
desk('moderate', '/desk/reports/', { GET: showReports })
desk('moderate', '/desk/reports/transparency/', { GET: showTransparency })
desk('moderate', '/desk/reports/reports.csv', { GET: downloadReports })
desk('moderate', '/desk/reports/:id/', { POST: decideCase })
desk('moderate', '/desk/blocks/', { GET: showBlocks, POST: changeBlocks })
desk('manage-people', '/desk/people/', { GET: showPeople, POST: invite })
desk('manage-people', '/desk/people/:id/', { POST: changePerson }, 'fresh')
desk('manage-personal-data', '/desk/privacy/', { GET: showPrivacy, POST: usePrivacy }, 'fresh')
desk('sell-ads', '/desk/ads/', { GET: listAds, POST: moveCampaign })
desk('sell-ads', '/desk/ads/undo/', { POST: undoMove })
desk('sell-ads', '/desk/ads/new/', { GET: showNew, POST: saveNew }, 'files')
desk('sell-ads', '/desk/ads/calendar/', { GET: showCalendar })
desk('sell-ads', '/desk/ads/outlook/', { GET: showOutlook })
desk('sell-ads', '/desk/ads/:id/', { GET: showCampaign, POST: saveCampaign }, 'files')
desk('sell-ads', '/desk/ads/:id/preview/', { GET: showPreview })
desk('sell-ads', '/desk/ads/:id/preview/page/', { GET: showPreviewPage })
desk('sell-ads', '/desk/ads/:id/report/', { GET: showCampaignReport, POST: changeReportLinks })
desk('sell-ads', '/desk/ads/:id/report.csv', { GET: downloadCampaignReport })
desk('read-audit', '/desk/audit/', { GET: showAudit })
desk('manage-mail', '/desk/mail/', { GET: showMail })
desk('manage-mail', '/desk/mail/:id/', { POST: decideMail })

router.all('/api/*', (request, site) => refuse(request, site.env, site.texts))
for (const kind of ['articles', 'pages', 'ads', 'authors'] as const) {
  at(`/api/${kind}`, { GET: list(kind), POST: putMany(kind) })
  at(`/api/${kind}/:slug`, { GET: show(kind), PUT: put(kind), DELETE: remove(kind) })
}
at('/api/site', { GET: list('site'), POST: putMany('site') })
at('/api/site/:slug', { GET: show('site'), PUT: put('site') })
at('/api/media', { GET: listMedia })
at('/api/media/:name', { GET: getMedia, PUT: putMedia, POST: enterMedia, DELETE: removeMedia })
at('/api/media/:name/:file', { PUT: putMediaFile })
at('/api/unused-media', { GET: listUnused, POST: pruneUnused })
at('/api/comments', { GET: listComments, POST: importComments })
at('/api/comments/export', { GET: exportComments })
at('/api/comments/:id/verdict', { GET: explainByApi })
at('/api/judge', { POST: judgeByApi })
at('/api/comments/:id', { GET: showComment, POST: moderateComment, DELETE: eraseComment })
at('/api/campaigns', { GET: listByApi })
at('/api/ads-report', { GET: reportAds })
at('/api/ads-forecast', { GET: forecastByApi })
at('/api/ads/:slug/report', { GET: reportAd })
at('/api/desk/people', { POST: inviteByApi })
at('/api/person/export', { POST: exportByApi })
at('/api/person/erase', { POST: eraseByApi })
at('/api/keys/rotate', { POST: rotateByApi })

router.all('/api/*', (_, site) => problem(404, site.texts.problem.notFound))

at('/:slug/comments', { POST: submitComment, GET: backToComments })
at('/:slug/comments/:key', { POST: changeOwnComment, GET: backToOwnComment })
at('/:slug/feed/', { GET: showArticleComments })
at('/:slug/feed/:format/', { GET: showArticleComments })
at('/:year/:month/', { GET: showMonth })
at('/:year/:month/page/:page/', { GET: showMonth })
at('/:slug/', { GET: showArticleOrYear })

export const routes = router

/** The addresses of ads as pages have them, without a look at all the others; null for any other request. */
export const adRoutes = answerAd

/**
 * Registers an address of the desk for who has a permission.
 * @param check `fresh`: who sends a form has to have shown a passkey a moment ago; `files`: the form may bring pictures
 */
function desk(
  permission: Rule['permission'],
  path: string,
  handlers: Partial<Record<'GET' | 'POST', DeskHandler>>,
  check?: 'fresh' | 'files',
): void {
  const rule: Rule = { permission, isFresh: check === 'fresh', hasFiles: check === 'files' }
  const { GET, POST } = handlers
  at(path, { ...(GET ? { GET: guarded(rule, GET) } : {}), ...(POST ? { POST: guarded(rule, POST) } : {}) })
}

/** Registers an address. Other spellings of it never come here (see `respell`). */
function at(path: string, handlers: Partial<Record<Method, Handler>>): void {
  for (const [method, handler] of Object.entries(handlers)) {
    const answer = path.startsWith('/api/') ? orProblem(handler) : handler
    router[method.toLowerCase()]?.(path, answer)
    if (method === 'GET') router.head?.(path, answer)
  }
  const allowed = Object.keys(handlers).flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  const allow = allowed.join(', ')
  router.all(path, (_, site) =>
    path.startsWith('/api/')
      ? problem(405, site.texts.problem.method, {}, { allow })
      : methodNotAllowed(site, allow),
  )
}

/** A program gets a problem document also where something fails: 503 for a store, 500 when the fault is ours. */
function orProblem(handler: Handler): Handler {
  return async (request, site) => {
    try {
      return await handler(request, site)
    } catch (error) {
      logError('api-failed', error)
      const isOurs =
        error instanceof TypeError || error instanceof ValiError || /constraint/i.test(String(error))
      return isOurs
        ? problem(500, site.texts.errors.internalTitle)
        : problem(503, site.texts.problem.unavailable, {}, { 'retry-after': '60' })
    }
  }
}
