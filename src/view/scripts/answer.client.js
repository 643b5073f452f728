/* Opens the comment form below the comment that is answered; a second click puts it back. Without it, the link does. */
const form = document.querySelector('.comment-form')
const home = form?.parentElement
const heading = form?.querySelector('h2')
const title = heading?.textContent

document.addEventListener('click', (event) => {
  const link = event.target.closest('.comment-foot a')
  const parent = form?.querySelector('[name=parent]')
  if (!link || !parent || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const comment = link.closest('.comment')
  const isOpen = form.previousElementSibling === comment
  form.querySelector('.answered')?.remove()
  parent.value = isOpen ? '' : comment.id.replace('kommentar-', '')
  heading.textContent = isOpen ? title : `${link.textContent}: ${comment.querySelector('bdi').textContent}`
  if (isOpen) home.append(form)
  else comment.after(form)
  ;(isOpen ? link : form.querySelector('input, textarea')).focus()
})
