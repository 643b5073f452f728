import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'

/** Files in which programs that buy ads look up who may sell them. */

const file = (body: string, type: string) =>
  new Response(body, {
    headers: { ...plainHeaders, 'content-type': type, 'cache-control': 'public, max-age=3600' },
  })

/** What stands in an ads.txt by which nobody may sell (IAB Tech Lab, ads.txt 1.1 §3.2.1). */
const NOBODY = 'placeholder.example.com, placeholder, DIRECT, placeholder'

/** GET /ads.txt — who may sell the site's room (IAB Tech Lab, ads.txt 1.1). 200, 404 where the settings don't say. */
export async function showAdsTxt(_: IRequest, site: Site): Promise<Response> {
  const { authorizedSellers, contact } = (await site.snapshot()).settings.ads
  if (!authorizedSellers) return missing(site)
  const records = authorizedSellers.map(({ domain, account, relation, certification }) =>
    [domain, account, relation.toUpperCase(), ...(certification ? [certification] : [])].join(', '),
  )
  const lines = [
    ...(records.length > 0 ? records : [NOBODY]),
    ...(contact ? [`CONTACT=${contact}`] : []),
    `OWNERDOMAIN=${new URL(site.origin).hostname}`,
    '',
  ]
  return file(lines.join('\n'), 'text/plain; charset=utf-8')
}

/** GET /sellers.json — for whom the site sells (IAB Tech Lab, sellers.json 1.0). 200, 404 where the settings don't say. */
export async function showSellers(_: IRequest, site: Site): Promise<Response> {
  const { sellers, contact } = (await site.snapshot()).settings.ads
  if (!sellers) return missing(site)
  const document = {
    ...(contact ? { contact_email: contact } : {}),
    version: '1.0',
    sellers: sellers.map(({ id, name, domain, type }) => ({
      seller_id: id,
      name,
      domain,
      seller_type: type.toUpperCase(),
    })),
  }
  return file(JSON.stringify(document), 'application/json')
}
