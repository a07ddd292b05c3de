import { z } from 'zod';

interface Mark {
  /** Where the same field holds what somebody else wrote. */
  unless: (of: Record<string, unknown>) => boolean;
}

const marks = z.registry<Mark>();

/**
 * A sentence of ours in an answer: told in the language of whoever reads it. Never for what an
 * operator, a source or WeChat wrote, which is read and written back as it is.
 */
export const sentence = z.string().register(marks, { unless: () => false });

/** The same, but for some. @param unless looks at the object with this field */
export function sentenceUnless(unless: Mark['unless']): z.ZodString {
  return z.string().register(marks, { unless });
}

/** Where sentences stand in an answer. */
export interface Places {
  mark?: Mark;
  items?: Places;
  fields?: ReadonlyMap<string, Places>;
}

/** Only what a schema spells out field by field is looked into: the rest is not ours. */
export function placesOf(schema: z.ZodType): Places | undefined {
  const mark = marks.get(schema as z.ZodString);
  if (mark !== undefined) return { mark };
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodExactOptional
  ) {
    return placesOf(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodArray) {
    const items = placesOf(schema.element as z.ZodType);
    return items && { items };
  }
  if (!(schema instanceof z.ZodObject)) return undefined;
  const fields = new Map<string, Places>();
  for (const [name, field] of Object.entries(schema.shape)) {
    const places = placesOf(field as z.ZodType);
    if (places !== undefined) fields.set(name, places);
  }
  return fields.size === 0 ? undefined : { fields };
}
