import type { Slug } from '../article/slug.ts'
import type { Site } from '../site/site.ts'
import { ANSWER_SCRIPT } from '../view/scripts.ts'
import { type Comment, HONEYPOT, INTENT, NOTIFY, PREVIEW } from './comment.ts'
import { AkismetNote, Turnstile } from './defence/widget.tsx'
import { Answer, type FormState, Input, Labelled } from './fields.tsx'

interface Props {
  article: Slug
  form: FormState | null
  /** The published comment that is to be answered. */
  answering: Comment | null
  token: string
  site: Site
}

/** „Schreibe einen Kommentar“: a plain form that works without a script. */
export function CommentForm({ article, form, answering, token, site }: Props) {
  const { comments } = site.texts
  const typed = form?.typed
  return (
    <section class="comment-form" aria-labelledby="kommentar-formular">
      <h2 id="kommentar-formular">{comments.formHeading}</h2>
      {form && <Answer form={form} texts={site.texts} />}
      {answering && <Answered comment={answering} article={article} site={site} />}
      {/* Multipart, because percent-encoding would make three times its size of a text in another script. */}
      <form method="post" action={`/${article}/comments`} encType="multipart/form-data" noValidate>
        <Notice site={site} />
        <Input
          field="name"
          form={form}
          texts={site.texts}
          control={{ type: 'text', autocomplete: 'name' }}
          isRequired
        />
        <Input
          field="email"
          form={form}
          texts={site.texts}
          control={{ type: 'email', autocomplete: 'email' }}
          isRequired
        />
        <Input
          field="website"
          form={form}
          texts={site.texts}
          control={{ type: 'text', inputmode: 'url', autocomplete: 'url' }}
        />
        <Labelled field="text" form={form} texts={site.texts} isRequired>
          {(described) => (
            <textarea id="feld-text" name="text" rows={8} required {...described}>
              {/* The parser drops a line break right after the tag: a text may begin with one. */}
              {typed ? `\n${typed.text}` : ''}
            </textarea>
          )}
        </Labelled>
        {site.settings.mail && (
          <p>
            <label>
              <input type="checkbox" name={NOTIFY} value="1" checked={typed?.notify ?? false} />{' '}
              {comments.notify}
            </label>
          </p>
        )}
        <p class="honeypot" aria-hidden="true">
          <label for="feld-betreff">{comments.honeypot}</label>
          <input id="feld-betreff" name={HONEYPOT} tabIndex={-1} autocomplete="off" />
        </p>
        <input type="hidden" name="parent" value={typed?.parent ?? answering?.id ?? ''} />
        <input type="hidden" name="token" value={token} />
        <Turnstile site={site} />
        <p class="buttons">
          {/* The first one is pressed by the enter key, too. */}
          <button type="submit">{comments.submit}</button>{' '}
          <button type="submit" class="second" name={INTENT} value={PREVIEW}>
            {comments.preview}
          </button>
        </p>
      </form>
      <script type="module" src={ANSWER_SCRIPT} />
    </section>
  )
}

/** The beginning of what is answered, and the way out of it. */
function Answered({ comment, article, site }: { comment: Comment; article: Slug; site: Site }) {
  const { comments } = site.texts
  return (
    <div class="answered">
      <p>
        {comments.answerTo(comment.name)}{' '}
        <a href={`/${article}/#kommentar-formular`}>{comments.answerNone}</a>
      </p>
      <blockquote dir="auto">{beginningOf(comment.text)}</blockquote>
    </div>
  )
}

const MAX_QUOTE = 160

/** Whole words of a text, as many as make clear which one it is. */
function beginningOf(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const letters = [...line]
  if (letters.length <= MAX_QUOTE) return line
  return `${letters
    .slice(0, MAX_QUOTE)
    .join('')
    .replace(/\s\S*$/, '')} …`
}

/** What becomes public, and by which rules: said before anything is typed. */
function Notice({ site }: { site: Site }) {
  const { settings, texts } = site
  const { rules, privacy, moderation = 'all' } = settings.comments
  const link = (slug: string | undefined) =>
    slug && settings.pages[slug] && <a href={`/${slug}/`}>{settings.pages[slug]}</a>
  const [rulesLink, privacyLink] = [link(rules), link(privacy)]
  return (
    <div class="form-notice">
      <p>{texts.comments.notice}</p>
      <AkismetNote site={site} />
      <p>
        {texts.comments.noticePublished(moderation)}
        {rulesLink && (
          <>
            {' '}
            {texts.comments.rulesBefore} {rulesLink}.
          </>
        )}
        {privacyLink && (
          <>
            {' '}
            {texts.comments.rulesAnd} {privacyLink}.
          </>
        )}
      </p>
    </div>
  )
}
