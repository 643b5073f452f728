import { RENDER_VERSION } from '../article/render.ts'
import { sha256, utf8 } from '../http/bytes.ts'
import type { SettingsSource } from '../site/settings.ts'
import type { Kind } from './wire.ts'

/**
 * The hash by which client and server agree that a document is unchanged: of its source, and of the settings
 * and code version that its rendering depends on. Pictures are compared by their own hashes.
 */
export function digest(
  kind: Kind,
  source: { frontMatter: unknown; body: string },
  settings: SettingsSource | null,
): Promise<string> {
  const rendering =
    kind === 'site' || !settings
      ? null
      : [
          settings.language,
          ...(kind === 'articles' ? [settings.timezone, settings.ads.placement, settings.social] : []),
        ]
  return sha256(
    utf8(
      JSON.stringify([
        RENDER_VERSION,
        kind,
        source.frontMatter,
        source.body.replaceAll('\r\n', '\n'),
        rendering,
      ]),
    ),
  )
}
