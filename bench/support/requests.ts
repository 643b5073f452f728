/** What a reader's Chrome sends with every page view. */
const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'accept-language': 'de-DE,de;q=0.9,en;q=0.8',
  'sec-ch-ua': '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
  'sec-ch-ua-mobile': '?0',
  'sec-ch-ua-platform': '"Windows"',
  'sec-fetch-dest': 'document',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
  'upgrade-insecure-requests': '1',
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
}

/** A page view as it travels. */
export const viewRequest = (url: string, path: string): Buffer =>
  serialise('GET', url, path, { ...BROWSER, referer: `${url}/` })

/** A look at a page of the desk, by somebody who is signed in. */
export const deskRequest = (url: string, path: string, cookie: string): Buffer =>
  serialise('GET', url, path, { ...BROWSER, referer: `${url}/desk/`, cookie })

/** A search as it travels, from an address of its own so that the rate limit lets it pass. */
export const searchRequest = (url: string, query: string, n: number): Buffer =>
  serialise('GET', url, `/search/?q=${encodeURIComponent(query)}`, {
    ...BROWSER,
    referer: `${url}/`,
    'cf-connecting-ip': addressOf(n),
  })

/** What a browser reports of an ad as it travels, from an address of its own so that it is nobody's flood. */
export const adRequest = (method: 'GET' | 'POST', url: string, path: string, n: number): Buffer =>
  serialise(method, url, path, {
    ...BROWSER,
    referer: `${url}/`,
    'cf-connecting-ip': addressOf(n),
    ...(method === 'POST' ? { 'content-length': '0' } : {}),
  })

/** One of sixteen million addresses. */
export const addressOf = (n: number): string => `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`

/** A comment form as it travels, from an address of its own so that the rate limit lets it pass. */
export function commentRequest(
  url: string,
  article: string,
  fields: Readonly<Record<string, string>>,
  n: number,
): Buffer {
  const body = new URLSearchParams(fields).toString()
  const headers = {
    ...BROWSER,
    origin: url,
    referer: `${url}/${article}/`,
    'cf-connecting-ip': addressOf(n),
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
  }
  return serialise('POST', url, `/${article}/comments`, headers, body)
}

function serialise(
  method: string,
  url: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(
    `${method} ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\n${lines.join('')}\r\n${body}`,
  )
}
