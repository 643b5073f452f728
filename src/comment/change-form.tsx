import type { Slug } from '../article/slug.ts'
import type { Site } from '../site/site.ts'
import { type Comment, INTENT, mayEdit, PREVIEW, REMOVE, REMOVE_FOR_GOOD } from './comment.ts'
import { AkismetNote, Turnstile } from './defence/widget.tsx'
import { Answer, type FormState, Labelled } from './fields.tsx'
import type { OwnComment } from './token.ts'

interface Props {
  article: Slug
  form: FormState | null
  own: OwnComment
  /** As it is stored; null where it can't be read or is gone. */
  comment: Comment | null
  token: string
  site: Site
}

/** „Kommentar ändern“: its author changes it for a quarter of an hour, or deletes it at any time. */
export function ChangeForm({ article, form, own, comment, token, site }: Props) {
  const { comments } = site.texts
  const text = form?.typed.text ?? comment?.text ?? ''
  const isEditable = comment !== null && mayEdit(comment, site.now)
  if (!comment && !form) return null
  return (
    <section class="comment-form" aria-labelledby="kommentar-formular">
      <h2 id="kommentar-formular">{isEditable ? comments.change : comments.remove}</h2>
      {form?.isRemoving ? (
        <p class="error-summary" role="alert" tabIndex={-1} autofocus>
          {comments.removeAsk}
        </p>
      ) : (
        form && <Answer form={form} texts={site.texts} />
      )}
      <form method="post" action={`/${article}/comments/${own.key}`} encType="multipart/form-data" noValidate>
        {!form?.isRemoving && <p class="hint">{isEditable ? comments.changeNote : comments.removeNote}</p>}
        {(isEditable || form) && !form?.isRemoving && (
          <Labelled field="text" form={form} texts={site.texts} isRequired>
            {(described) => (
              <textarea id="feld-text" name="text" rows={8} required {...described}>
                {`\n${text}`}
              </textarea>
            )}
          </Labelled>
        )}
        {form?.isRemoving && <input type="hidden" name="text" value={text} />}
        <input type="hidden" name="token" value={token} />
        {isEditable && !form?.isRemoving && <AkismetNote site={site} />}
        {isEditable && !form?.isRemoving && <Turnstile site={site} />}
        <p class="buttons">
          {isEditable && !form?.isRemoving && (
            <>
              <button type="submit">{comments.save}</button>{' '}
              <button type="submit" class="second" name={INTENT} value={PREVIEW}>
                {comments.preview}
              </button>{' '}
            </>
          )}
          <button
            type="submit"
            class="second"
            name={INTENT}
            value={form?.isRemoving ? REMOVE_FOR_GOOD : REMOVE}
          >
            {form?.isRemoving ? comments.removeForGood : comments.remove}
          </button>
        </p>
      </form>
    </section>
  )
}
