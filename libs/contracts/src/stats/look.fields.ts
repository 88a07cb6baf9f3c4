import { INTEGER } from '../dead-letter.fields.ts';

/** How the fields of a look are described. */
export const text = (example: string, description: string) => ({ type: String, example, description }) as const;
export const whole = (example: number, description: string) => ({ ...INTEGER, example, description }) as const;
export const wholes = (example: number[], description: string) =>
  ({ type: 'array', items: INTEGER, example, description }) as const;
export const flag = (example: boolean, description: string) => ({ type: Boolean, example, description }) as const;
export const choice = <const Value extends string>(
  values: readonly Value[],
  example: NoInfer<Value>,
  description: string,
) => ({
  ...text(example, description),
  enum: [...values],
});
/** Events a second, with one decimal. */
export const rate = (example: number, description: string) =>
  ({ type: Number, minimum: 0, example, description }) as const;
