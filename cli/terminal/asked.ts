export interface Answer {
  readonly answer: string;
  readonly note: string | null;
}

/**
 * How a prompt ends: with an answer; with `later` where another question is to be answered first; with `interrupted` after
 * Ctrl-C; with `null` when nobody asks any more.
 */
export type Asked = Answer | 'later' | 'interrupted' | null;
