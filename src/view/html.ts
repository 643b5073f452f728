import type { VNode } from 'preact'
import { jsxTemplate } from 'preact/jsx-runtime'

/**
 * HTML that may go into a page unescaped. Made by the sanitiser (`article/sanitise.ts`), by the comment
 * formatter (`comment/format.ts`) and by the views, and by nothing else.
 */
export type SafeHtml = string & { readonly __safeHtml: unique symbol }

/** Says that a view made this HTML. Everything a person typed goes through JSX or `escapeHtml` first. */
export const markSafe = (html: string): SafeHtml => html as SafeHtml

/** Puts safe HTML into JSX without a wrapping element. */
export const Html = ({ of }: { of: SafeHtml }): VNode => jsxTemplate([of])

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes text for HTML, element content and quoted attribute values alike. */
export const escapeHtml = (text: string): SafeHtml =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character) as SafeHtml

/** Writes a value as JSON that can stand inside a `<script>` element (HTML §4.12.1.3). */
export const jsonForScript = (value: unknown): SafeHtml =>
  JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ) as SafeHtml
