/** One dated entry of a file of learnings: from its heading `## YYYY-MM-DD: title` to the next one. */
export interface Entry {
  readonly date: string;
  readonly title: string;
  readonly text: string;
}

const HEADING = /^##\s+(\d{4}-\d{2}-\d{2}):[ \t]*(.*)$/gm;

export const entriesOf = (markdown: string): readonly Entry[] => {
  const headings = [...markdown.matchAll(HEADING)];
  return headings.map((heading, index) => {
    const [line, date = '', title = ''] = heading;
    const end = headings[index + 1]?.index ?? markdown.length;
    return { date, title: title.trim(), text: markdown.slice(heading.index + line.length, end).trim() };
  });
};
