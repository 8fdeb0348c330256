const greetings: Readonly<Record<string, string>> = {
  en: 'Hello',
  de: 'Hallo',
  es: 'Hola',
  fr: 'Bonjour',
  ja: 'こんにちは',
};

export const languages: readonly string[] = Object.keys(greetings);

/** The greeting in a language, or `undefined` for one that is not known. */
export const greet = (name: string, language = 'en'): string | undefined => {
  const word = Object.hasOwn(greetings, language) ? greetings[language] : undefined;
  return word === undefined ? undefined : `${word}, ${name}!`;
};
