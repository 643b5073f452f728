import type { ComponentChildren, ComponentProps } from 'preact'
import type { Slug } from '../article/slug.ts'
import type { Texts } from '../locale/de.ts'
import type { Site } from '../site/site.ts'
import { Html, type SafeHtml } from '../view/html.ts'
import { type Field, type FieldError, HONEYPOT, INTENT, PREVIEW, type Typed } from './comment.ts'

/** A comment that was not stored: what was typed, and why. */
export interface FormState {
  typed: Typed
  errors: Partial<Record<Field, FieldError>>
  /** What stands in the way besides the fields. */
  obstacle?: 'tokenExpired' | 'tokenEarly' | 'rate' | 'unavailable' | 'closed'
  /** The text as it would be shown, where nothing was wrong and only that was asked for. */
  preview?: SafeHtml
}

interface Props {
  article: Slug
  form: FormState | null
  token: string
  site: Site
}

/** „Schreibe einen Kommentar“: a plain form that works without a script. */
export function CommentForm({ article, form, token, site }: Props) {
  const { comments } = site.texts
  const typed = form?.typed
  return (
    <section class="comment-form" aria-labelledby="kommentar-formular">
      <h2 id="kommentar-formular">{comments.formHeading}</h2>
      {form &&
        (form.preview ? (
          <Preview html={form.preview} texts={site.texts} />
        ) : (
          <ErrorSummary form={form} texts={site.texts} />
        ))}
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
        <p class="honeypot" aria-hidden="true">
          <label for="feld-betreff">{comments.honeypot}</label>
          <input id="feld-betreff" name={HONEYPOT} type="text" tabIndex={-1} autocomplete="off" />
        </p>
        <input type="hidden" name="parent" value={typed?.parent ?? ''} />
        <input type="hidden" name="token" value={token} />
        <p class="buttons">
          {/* The first one is pressed by the enter key, too. */}
          <button type="submit">{comments.submit}</button>{' '}
          <button type="submit" class="second" name={INTENT} value={PREVIEW}>
            {comments.preview}
          </button>
        </p>
      </form>
    </section>
  )
}

/** The comment as it would be shown; gets the focus, for that is what was asked for. */
function Preview({ html, texts }: { html: SafeHtml; texts: Texts }) {
  return (
    <div class="preview" role="status" tabIndex={-1} autofocus>
      <p class="hint">{texts.comments.previewNote}</p>
      <div class="comment-text" dir="auto">
        <Html of={html} />
      </div>
    </div>
  )
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

const FIELDS = ['name', 'email', 'website', 'text'] as const

/** Says what is wrong and leads to each field; gets the focus, so that a screen reader begins here (WCAG 3.3.1). */
function ErrorSummary({ form, texts }: { form: FormState; texts: Texts }) {
  const { comments } = texts
  const wrong = FIELDS.filter((field) => form.errors[field])
  return (
    <div class="error-summary" role="alert" tabIndex={-1} autofocus>
      <h3>{wrong.length > 0 ? comments.errorSummary(wrong.length) : comments.notSaved}</h3>
      {form.obstacle && <p>{comments.errors[form.obstacle]}</p>}
      {wrong.length > 0 && (
        <ul>
          {wrong.map((field) => (
            <li key={field}>
              <a href={`#feld-${field}`}>{sayError(form, field, texts)}</a>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

const sayError = (form: FormState | null, field: Field, texts: Texts): string | null => {
  const error = form?.errors[field]
  return error ? texts.comments.errors[error] : null
}

interface FieldProps {
  field: Field
  form: FormState | null
  texts: Texts
  isRequired?: boolean
}

function Input({ control, ...props }: FieldProps & { control: ComponentProps<'input'> }) {
  const { field, form, isRequired = false } = props
  return (
    <Labelled {...props}>
      {(described) => (
        <input
          {...control}
          id={`feld-${field}`}
          name={field}
          value={form?.typed[field] ?? ''}
          required={isRequired}
          {...described}
        />
      )}
    </Labelled>
  )
}

interface Described {
  'aria-describedby': string
  'aria-invalid'?: 'true'
}

/** A field's label, its limits, and what is wrong with it, tied to the control. */
function Labelled({
  field,
  form,
  texts,
  isRequired = false,
  children,
}: FieldProps & { children: (described: Described) => ComponentChildren }) {
  const { comments } = texts
  const error = sayError(form, field, texts)
  const hint = `feld-${field}-hinweis`
  const fault = `feld-${field}-fehler`
  return (
    <div class={error ? 'field wrong' : 'field'}>
      <label for={`feld-${field}`}>
        {comments[field]}
        {isRequired && ' *'}
      </label>
      <p class="hint" id={hint}>
        {comments[`${field}Hint`]}
      </p>
      {error && (
        <p class="fault" id={fault}>
          <strong>{comments.errorPrefix}</strong> {error}
        </p>
      )}
      {children(
        error
          ? { 'aria-describedby': `${hint} ${fault}`, 'aria-invalid': 'true' }
          : { 'aria-describedby': hint },
      )}
    </div>
  )
}
