import { type AdView, mintToken, TokenKeys } from '../../src/ad/token.ts'
import { fromBase64url, fromUtf8 } from '../../src/http/bytes.ts'
import { Keys } from '../../src/http/keys.ts'

/** The keys with which a site of this secret makes the tokens of its ads. */
export async function tokenKeys(secret: string): Promise<TokenKeys> {
  const bytes = fromBase64url(await new Keys(secret).hash('ad-token', 'aes'))
  if (!bytes) throw new Error('a hash is base64url')
  return new TokenKeys(bytes)
}

/** A token as it stands in an address. */
export const tokenText = (keys: TokenKeys, campaign: string, view: AdView): string =>
  fromUtf8(mintToken(keys.of(campaign), view, view.mintedAt))
