import type { IRequest } from 'itty-router'
import { plainHeaders } from '../http/headers.ts'
import { missing } from '../site/moved.tsx'
import type { Site } from '../site/site.ts'
import { hash32 } from './judge/words.ts'

/**
 * What a person's avatar is drawn from: a hash of the keyed hash of their address, and of the name, so that it tells
 * nothing about either, and the same address under another name is not recognised. 24 bits, as four characters.
 */
export function avatarOf(emailHash: string, name: string): string {
  const bits = hash32(`${emailHash} ${name}`)
  return [0, 6, 12, 18].map((shift) => ALPHABET[(bits >>> shift) & 63]).join('')
}

/** GET /avatar/:file — an avatar, drawn from its name alone. 200, 404. */
export function showAvatar(request: IRequest, site: Site): Promise<Response> | Response {
  const [, hash] = /^([\w-]{4})\.svg$/.exec(request.params.file ?? '') ?? []
  if (!hash) return missing(site)
  return new Response(drawAvatar(hash), {
    headers: {
      ...plainHeaders,
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
    },
  })
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Five by five fields, the right half a mirror of the left: 15 of the bits say which are filled, 8 in what colour. */
export function drawAvatar(hash: string): string {
  const bits = [...hash].reduce((sum, letter) => sum * 64 + ALPHABET.indexOf(letter), 0)
  const fields = bits % 2 ** 15
  const hue = Math.floor(bits / 2 ** 15) % 256
  const path = Array.from({ length: 15 }, (_, n) => n)
    .filter((n) => Math.floor(fields / 2 ** n) % 2 === 1)
    .flatMap((n) => {
      const [x, y] = [n % 3, Math.floor(n / 3)]
      return (x === 2 ? [x] : [x, 4 - x]).map((column) => `M${column} ${y}h1v1h-1z`)
    })
    .join('')
  const colour = (lightness: number) => `hsl(${Math.round((hue * 360) / 256)} 45% ${lightness}%)`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 7 7"><path fill="${colour(90)}" d="M-1-1h7v7h-7z"/><path fill="${colour(35)}" d="${path}"/></svg>`
}
