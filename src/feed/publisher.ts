import type { Site } from '../site/site.ts'
import type { Feed } from './feed.ts'

/** Who publishes the site's feeds. */
export const publisherOf = ({ settings, origin }: Site): Feed['publisher'] => ({
  name: settings.name,
  url: `${origin}/`,
  icon: `${origin}/favicon.svg`,
})
