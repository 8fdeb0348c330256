import { parse } from 'yaml';

/** To be imported lazily in the place of the package: of that, our bundle has no names. */
export const parseYaml = (text: string): unknown => parse(text);
