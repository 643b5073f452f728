import * as v from 'valibot'
import { Slug } from './slug.ts'

/** The same article in another language, published and due. */
export const Translation = v.object({
  slug: Slug,
  title: v.string(),
  language: v.picklist(['de', 'en']),
})
export type Translation = v.InferOutput<typeof Translation>
