import type { ComponentChildren } from 'preact'
import { WEEKDAYS } from '../../ad/campaign.ts'
import { PICTURE_SIZES, PLACEMENTS } from '../../ad/placements.ts'
import type { Texts } from '../../locale/de.ts'
import type { Site } from '../../site/site.ts'
import { countOf, type Typed, textOf } from './typed.ts'

/** Something wrong with a field, by its key, in words. */
export interface Wrong {
  key: string
  detail: string
}

export interface FormState {
  typed: Typed
  wrong: readonly Wrong[]
  site: Site
}

type Labels = Texts['desk']['ads']['fields']

/** All that a campaign can say, as fields; each has the name of the key in a campaign's file. */
export function CampaignFields({ form, pictures }: { form: FormState; pictures: readonly string[] }) {
  const { typed, site } = form
  const { ads } = site.texts.desk
  const hours = countOf(typed, 'target.hours')
  return (
    <>
      <datalist id="bilder">
        {pictures.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Text form={form} name="advertiser" says="advertiser" isRequired />
      <Text form={form} name="name" says="name" hint={ads.hints.name} />
      <Choice form={form} name="state" says="state" options={ads.states} usual="ready" />
      <div class="desk-row">
        <When form={form} name="start" says="start" />
        <When form={form} name="end" says="end" />
      </div>
      <p class="hint">{ads.hints.run}</p>
      <fieldset>
        <legend>{ads.groups.sold}</legend>
        <Choice form={form} name="priority" says="priority" options={ads.priorities} />
        <Text form={form} name="weight" says="weight" hint={ads.hints.weight} isNumber />
        <Text form={form} name="budget.views" says="views" isNumber />
        <Text form={form} name="budget.clicks" says="clicks" isNumber />
        <Choice form={form} name="pacing" says="pacing" options={ads.pacings} />
        <Text form={form} name="category" says="category" hint={ads.hints.category} />
      </fieldset>
      <Boxes
        form={form}
        name="placements"
        legend={ads.groups.placements}
        hint={ads.hints.placements}
        options={PLACEMENTS.map((one) => [one, ads.places[one]])}
      />
      <Boxes
        form={form}
        name="target.sections"
        legend={ads.groups.sections}
        hint={ads.hints.target}
        options={sectionsOf(form)}
      />
      <Text form={form} name="target.tags" says="tags" hint={ads.hints.line} />
      <Text form={form} name="target.articles" says="articles" />
      <Text form={form} name="target.authors" says="authors" />
      <Text form={form} name="target.countries" says="countries" />
      <Boxes
        form={form}
        name="target.devices"
        legend={ads.groups.devices}
        options={[
          ['phone', ads.devices.phone],
          ['desktop', ads.devices.desktop],
        ]}
      />
      {Array.from({ length: hours + 1 }, (_, n) => (
        <Hours key={n} form={form} name={`target.hours.${n}`} />
      ))}
      <Boxes form={form} name="sensitive" legend={ads.groups.sensitive} options={[['true', ads.sensitive]]} />
      {(site.settings.ads.political === 'allow' || textOf(typed, 'political.sponsor') !== '') && (
        <fieldset>
          <legend>{ads.groups.political}</legend>
          {(['sponsor', 'amount', 'period', 'election'] as const).map((one) => (
            <Text key={one} form={form} name={`political.${one}`} says={one} />
          ))}
        </fieldset>
      )}
      {Array.from({ length: countOf(typed, 'creatives') }, (_, n) => (
        <CreativeFields key={n} form={form} index={n} />
      ))}
    </>
  )
}

/** The site's sections, and those that a campaign names although they are gone. */
function sectionsOf({ typed, site }: FormState): [string, string][] {
  const known = site.settings.sections.map(({ slug, name }): [string, string] => [slug, name])
  const gone = (typed.get('target.sections') ?? []).filter((slug) => !known.some(([one]) => one === slug))
  return [...known, ...gone.map((slug): [string, string] => [slug, slug])]
}

/** A creative; what it has depends on its kind, which stays. */
function CreativeFields({ form, index }: { form: FormState; index: number }) {
  const { ads } = form.site.texts.desk
  const name = `creatives.${index}`
  const kind = textOf(form.typed, `${name}.kind`)
  const isNative = kind === 'native'
  return (
    <fieldset>
      <legend>
        {ads.creative(index + 1, ads.kinds[kind === 'picture' || kind === 'html5' ? kind : 'native'])}
      </legend>
      <input type="hidden" name={`${name}.kind`} value={kind} />
      <Problems form={form} name={`${name}.kind`} />
      {isNative && (
        <>
          <Text form={form} name={`${name}.headline`} says="headline" isRequired />
          <Text form={form} name={`${name}.text`} says="text" isRequired />
          <Text form={form} name={`${name}.button`} says="button" isRequired />
        </>
      )}
      {!isNative && (
        <Choice
          form={form}
          name={`${name}.size`}
          says="size"
          options={Object.fromEntries(PICTURE_SIZES.map((size) => [size, size.replace('x', ' × ')]))}
        />
      )}
      <Text form={form} name={`${name}.url`} says="url" isRequired />
      {kind === 'html5' ? (
        <>
          <Text form={form} name={`${name}.file`} says="file" isRequired />
          <Upload
            name={`${name}.upload`}
            label={ads.fields.uploadZip}
            hint={ads.hints.uploadZip}
            accept=".zip"
          />
          <Text form={form} name={`${name}.alt`} says="alt" isRequired />
        </>
      ) : (
        <>
          <Text form={form} name={`${name}.image.src`} says="image" list="bilder" isRequired={!isNative} />
          <Upload
            name={`${name}.upload`}
            label={ads.fields.upload}
            hint={ads.hints.upload}
            accept=".svg,.png,.jpg,.jpeg,.webp,.gif,.avif"
          />
          <Text form={form} name={`${name}.image.alt`} says="alt" isRequired={!isNative} />
        </>
      )}
      <Text form={form} name={`${name}.share`} says="share" hint={ads.hints.share} isNumber />
      <Text form={form} name={`${name}.id`} says="id" hint={ads.hints.id} />
      <button type="submit" class="second" name="do" value={`remove.${index}`}>
        {ads.removeCreative(index + 1)}
      </button>
    </fieldset>
  )
}

/** A file that comes with the form. What is wrong with it is said beside the field of its name. */
function Upload({ name, label, hint, accept }: Record<'name' | 'label' | 'hint' | 'accept', string>) {
  return (
    <>
      <label for={name}>{label}</label>
      <input id={name} name={name} type="file" accept={accept} aria-describedby={`${name}-hint`} />
      <p class="hint" id={`${name}-hint`}>
        {hint}
      </p>
    </>
  )
}

interface FieldProps {
  form: FormState
  name: string
  /** What it is called, as a key into the locale. */
  says: keyof Labels
  hint?: string
}

/** What is wrong with a field, or with an entry of its list. */
const wrongWith = ({ wrong }: FormState, name: string) =>
  wrong.filter(({ key }) => key === name || new RegExp(`^${name.replaceAll('.', '\\.')}\\.\\d+$`).test(key))

const Problems = ({ form, name }: { form: FormState; name: string }) => {
  const found = wrongWith(form, name)
  return found.length === 0 ? null : (
    <p class="error" id={`${name}-wrong`}>
      {found.map(({ detail }) => detail).join(' ')}
    </p>
  )
}

/** What a field is described by, and whether it is wrong. */
function described(form: FormState, name: string, hint: string | undefined) {
  const isWrong = wrongWith(form, name).length > 0
  const by = [...(isWrong ? [`${name}-wrong`] : []), ...(hint ? [`${name}-hint`] : [])].join(' ')
  return {
    ...(by ? { 'aria-describedby': by } : {}),
    ...(isWrong ? { 'aria-invalid': 'true' as const } : {}),
  }
}

function Field({ form, name, says, hint, children }: FieldProps & { children: ComponentChildren }) {
  return (
    <div>
      <label for={name}>{form.site.texts.desk.ads.fields[says]}</label>
      {children}
      <Problems form={form} name={name} />
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  )
}

function Text({
  isRequired = false,
  isNumber = false,
  list,
  ...field
}: FieldProps & { isRequired?: boolean; isNumber?: boolean; list?: string }) {
  const { form, name, hint } = field
  const input = {
    id: name,
    name,
    value: form.typed.get(name)?.[0] ?? '',
    autocomplete: 'off',
    required: isRequired,
    ...described(form, name, hint),
  }
  return (
    <Field {...field}>
      {list ? (
        <input type="text" list={list} {...input} />
      ) : (
        <input type="text" {...(isNumber ? { inputMode: 'numeric' as const } : {})} {...input} />
      )}
    </Field>
  )
}

/** A day by the browser's own calendar; a moment, or what is no day, as it was typed. */
function When(field: FieldProps) {
  const { form, name } = field
  const value = form.typed.get(name)?.[0] ?? ''
  const input = { id: name, name, value, ...described(form, name, undefined) }
  return (
    <Field {...field}>
      {/^(?:\d{4}-\d\d-\d\d)?$/.test(value) ? (
        <input type="date" {...input} />
      ) : (
        <input type="text" {...input} />
      )}
    </Field>
  )
}

/** @param usual what is meant where a campaign says nothing; the first option if not given */
function Choice({
  options,
  usual,
  ...field
}: FieldProps & { options: Readonly<Record<string, string>>; usual?: string }) {
  const { form, name } = field
  const value = textOf(form.typed, name) || usual
  return (
    <Field {...field}>
      <select id={name} name={name} {...described(form, name, undefined)}>
        {Object.entries(options).map(([one, said]) => (
          <option key={one} value={one} selected={one === value}>
            {said}
          </option>
        ))}
      </select>
    </Field>
  )
}

function Boxes({
  form,
  name,
  legend,
  hint,
  options,
}: {
  form: FormState
  name: string
  legend: string
  hint?: string
  options: readonly (readonly [string, string])[]
}) {
  const chosen = form.typed.get(name) ?? []
  return (
    <fieldset {...described(form, name, hint)}>
      <legend>{legend}</legend>
      {options.map(([value, said]) => (
        <label key={value} class="desk-box">
          <input type="checkbox" name={name} value={value} checked={chosen.includes(value)} /> {said}
        </label>
      ))}
      <Problems form={form} name={name} />
      {hint && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </fieldset>
  )
}

/** Hours of some days. A row in which nothing is said counts for nothing. */
function Hours({ form, name }: { form: FormState; name: string }) {
  const { ads } = form.site.texts.desk
  return (
    <fieldset>
      <legend>{ads.groups.hours}</legend>
      <Boxes
        form={form}
        name={`${name}.days`}
        legend={ads.groups.days}
        options={WEEKDAYS.map((day) => [day, form.site.texts.ad.reasons.weekdays[day]])}
      />
      <div class="desk-row">
        <Text form={form} name={`${name}.from`} says="from" isNumber />
        <Text form={form} name={`${name}.until`} says="until" isNumber />
      </div>
    </fieldset>
  )
}
