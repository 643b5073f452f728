/**
 * Stands in for linkify-it in the Worker's bundle (see `[alias]` in wrangler.toml): markdown-it makes one at its
 * start and never asks it anything, because an author's links are those that Markdown marks as such.
 */
export class LinkifyIt {}
