/** One word of a shell command line, whatever is in it. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The same for people to read and copy: quoted only where it must be. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : singleQuoted(text));
