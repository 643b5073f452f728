import type { CMAC } from '@stablelib/cmac'
import { type AdView, cmacOf, codeOf, mintToken } from '../../src/ad/token.ts'
import { fromBase64url, fromUtf8 } from '../../src/http/bytes.ts'
import { Keys } from '../../src/http/keys.ts'

/** The key with which a site of this secret makes the tokens of its ads. */
export async function tokenKey(secret: string): Promise<CMAC> {
  const bytes = fromBase64url(await new Keys(secret).hash('ad-token', 'aes'))
  if (!bytes) throw new Error('a hash is base64url')
  return cmacOf(bytes)
}

/** A token as it stands in an address. */
export const tokenText = (key: CMAC, campaign: string, view: AdView): string =>
  fromUtf8(mintToken(key, campaign, codeOf(view), view.mintedAt))
