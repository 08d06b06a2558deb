// What addresses say behind the question mark. Nonsense there is as if it were left out.
import * as v from "valibot";

export const maybe = <T extends v.GenericSchema>(schema: T) => v.optional(v.fallback(v.optional(schema), undefined));

export const maybeText = (max: number) => maybe(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max)));

export const maybeId = maybe(v.pipe(v.string(), v.uuid()));
