import picocolors from 'picocolors';

/** Colours, or the same functions without them. */
export type Style = ReturnType<typeof picocolors.createColors>;

export const createStyle = (colours: boolean): Style => picocolors.createColors(colours);

export const plain: Style = createStyle(false);

/** Colour only where a person looks, and never against NO_COLOR (https://no-color.org). */
export const wantsColour = (
  output: { readonly isTTY: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean => output.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
