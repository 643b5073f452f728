import type { ComponentChildren, ComponentProps } from 'preact'
import type { Texts } from '../locale/de.ts'
import { Html, type SafeHtml } from '../view/html.ts'
import type { Field, FieldError, Typed } from './comment.ts'
import type { OwnComment } from './token.ts'

/** What the comment forms are made of. */

/** A comment that was not stored: what was typed, and why. */
export interface FormState {
  typed: Typed
  errors: Partial<Record<Field, FieldError>>
  /** What stands in the way besides the fields. */
  obstacle?: 'tokenExpired' | 'tokenEarly' | 'rate' | 'unavailable' | 'closed' | 'editExpired'
  /** The text as it would be shown, where nothing was wrong and only that was asked for. */
  preview?: SafeHtml
  /** The reader's own comment that was to be changed. */
  editing?: OwnComment
  /** Whether they are asked if it is to be deleted. */
  isRemoving?: boolean
}

/** What a form says above its fields: what it would look like, or what is wrong. */
export const Answer = ({ form, texts }: { form: FormState; texts: Texts }) =>
  form.preview ? <Preview html={form.preview} texts={texts} /> : <ErrorSummary form={form} texts={texts} />

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

export function Input({ control, ...props }: FieldProps & { control: ComponentProps<'input'> }) {
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
export function Labelled({
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
