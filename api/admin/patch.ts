import { z } from 'zod';

/**
 * The schema of a change: every field optional, and null for "back to the default". Defaults are
 * taken off, since a field that is not named must stay as it is.
 */
export function patchOf(schema: z.ZodObject): z.ZodType<Record<string, unknown>> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const inner = bare(field as z.ZodType);
    const { description } = field as z.ZodType;
    const change = inner.nullable().optional();
    shape[name] = description === undefined ? change : change.describe(description);
  }
  return z.strictObject(shape);
}

function bare(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault || field instanceof z.ZodPrefault) {
    return bare(field.def.innerType as z.ZodType);
  }
  if (field instanceof z.ZodOptional) return bare(field.def.innerType as z.ZodType);
  return field;
}
