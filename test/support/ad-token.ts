import { type AdView, mintToken, type TokenKey } from '../../src/ad/token.ts'
import { fromBase64url, fromUtf8 } from '../../src/http/bytes.ts'
import { Keys } from '../../src/http/keys.ts'

/** The key with which a site of this secret makes the tokens of its ads. */
export async function tokenKey(secret: string): Promise<TokenKey> {
  const bytes = fromBase64url(await new Keys(secret).hash('ad-token', 'siphash'))
  if (!bytes) throw new Error('a hash is base64url')
  return new Uint32Array(bytes.buffer)
}

/** A token as it stands in an address. */
export const tokenText = (key: TokenKey, campaign: string, view: AdView): string =>
  fromUtf8(mintToken(key, campaign, view))
