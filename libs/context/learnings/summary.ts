/** Characters that an old learning keeps. */
const SUMMARY_CHARACTERS = 100;

/** The first sentence of a learning, cut at a word. Never longer than the text. */
export const summaryOf = (text: string): string => {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const sentence = /^.+?[.;:](?=\s)/.exec(line)?.[0].replace(/[;:]$/, '') ?? line;
  if (sentence.length <= SUMMARY_CHARACTERS) return sentence;
  const cut = sentence.slice(0, SUMMARY_CHARACTERS - 1);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), SUMMARY_CHARACTERS / 2)).trimEnd()}…`;
};
