import * as v from 'valibot'

/** Where an article can be passed on to. */
export const Network = v.picklist(
  [
    ...(['mail', 'mastodon', 'bluesky', 'linkedin', 'xing'] as const),
    ...(['whatsapp', 'telegram', 'threads', 'facebook', 'x'] as const),
  ],
  'network',
)
export type Network = v.InferOutput<typeof Network>

/** Each network's own page for sharing; title and address come percent-encoded. Nothing is loaded from there. */
const PAGES: Record<Network, (title: string, address: string) => string> = {
  mail: (title, address) => `mailto:?subject=${title}&body=${address}`,
  mastodon: (title, address) => `https://share.joinmastodon.org/#text=${title}%20${address}`,
  bluesky: (title, address) => `https://bsky.app/intent/compose?text=${title}%20${address}`,
  linkedin: (_, address) => `https://www.linkedin.com/sharing/share-offsite/?url=${address}`,
  xing: (_, address) => `https://www.xing.com/spi/shares/new?url=${address}`,
  whatsapp: (title, address) => `https://wa.me/?text=${title}%20${address}`,
  telegram: (title, address) => `https://t.me/share/url?url=${address}&text=${title}`,
  threads: (title, address) => `https://www.threads.com/intent/post?text=${title}&url=${address}`,
  facebook: (_, address) => `https://www.facebook.com/sharer/sharer.php?u=${address}`,
  x: (title, address) => `https://x.com/intent/post?text=${title}&url=${address}`,
}

/** Plain links that pass an article on, in the order that the newsroom wants. */
export const shareLinks = (networks: readonly Network[], title: string, address: string) =>
  networks.map((network) => ({
    network,
    href: PAGES[network](encodeURIComponent(title), encodeURIComponent(address)),
  }))
