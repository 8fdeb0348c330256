import * as z from 'zod';
import { InvalidInput } from '#contracts';

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** @throws {InvalidInput} naming each option that is wrong as it is typed */
export const parseOptions = <S extends z.ZodType>(
  schema: S,
  options: Readonly<Record<string, unknown>>,
): z.infer<S> => {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path: [name, ...rest], message }) => {
    const where = rest.length > 0 ? ` ${rest.join('.')}` : '';
    return `--${kebab(String(name))}${where}: ${message}`;
  });
  throw new InvalidInput('wrong options', problems);
};

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const isUnit = (letter: string | undefined): letter is keyof typeof UNITS => letter !== undefined && letter in UNITS;

/** `90m`, `2d`, or a date: the moment it means, ISO 8601. @throws {InvalidInput} */
export const moment = (text: string, now: Date): string => {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (isUnit(unit)) return new Date(now.getTime() - Number(amount) * UNITS[unit]).toISOString();
  const time = Date.parse(text);
  if (Number.isNaN(time))
    throw new InvalidInput('wrong time', [`"${text}" is not a time: give 90m, 2d, or 2026-02-02T14:30:00Z`]);
  return new Date(time).toISOString();
};

/** A text that a shell passes as US dollars. */
export const UsDollars = z
  .string()
  .regex(/^\d+(?:\.\d+)?$/, { error: 'a budget is an amount in US dollars, like 2.50' })
  .transform(Number);

/** A text that a shell passes as a whole number. */
export const WholeNumber = z.string().regex(/^\d+$/, { error: 'expected a whole number' }).transform(Number);
