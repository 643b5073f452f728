/* Passkeys: asks the site for a challenge, the browser for an answer, and sends it with the form. */
document.addEventListener('submit', async (event) => {
  const form = event.target
  const ask = form.dataset.passkey
  if (!ask || form.elements.response.value) return
  event.preventDefault()
  const said = form.querySelector('[role=status]')
  said.textContent = ''
  try {
    const answer = await fetch(ask, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    if (!answer.ok) throw new Error((await answer.json()).title)
    const options = await answer.json()
    const credential = options.rp
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
        })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
        })
    form.elements.response.value = JSON.stringify(credential.toJSON())
    form.submit()
  } catch {
    said.textContent = said.dataset.failed
  }
})
for (const button of document.querySelectorAll('[data-passkey] button')) button.disabled = false
