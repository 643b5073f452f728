/* Brings the Turnstile widget into the comment form once somebody writes there: who only reads asks nobody else for anything. */
const place = document.querySelector('.turnstile')
const form = place?.closest('form')
const { script, ...options } = place?.dataset ?? {}
let loading
let widget
let neighbour

function show() {
  if (!window.turnstile) return
  const section = form.closest('section')
  // A frame that is moved loads anew and forgets what it was told: the form opens below whatever is answered.
  if (widget && neighbour === section.previousElementSibling) return
  if (widget) window.turnstile.remove(widget)
  neighbour = section.previousElementSibling
  const size = place.clientWidth < 300 ? 'compact' : 'flexible'
  widget = window.turnstile.render(place, { ...options, size })
}

function load() {
  if (loading) return show()
  loading = document.createElement('script')
  loading.src = script
  loading.onload = show
  document.head.append(loading)
}

form?.addEventListener('focusin', load)
// What was typed before is still there after an error, a preview or the way back.
if (form?.querySelector('textarea')?.value.trim()) load()
