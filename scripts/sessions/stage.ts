import { type Place, type Running, startAt } from './terminal.ts';

/** What a reader sees, in its order: prose, or something at a terminal. */
export type Scene =
  | { readonly kind: 'prose'; readonly text: string }
  | {
      readonly kind: 'terminal';
      readonly terminal: string;
      /** `null`: the command of the scene before goes on. */
      readonly command: string | null;
      readonly text: string;
    };

interface At {
  /** Default: the only terminal that there is. */
  readonly terminal?: string;
  /** The exit code that is expected. Default 0. */
  readonly exit?: number;
}

/** Where a session is played. Whatever does not come as expected ends it with an error. */
export interface Stage {
  readonly say: (text: string) => void;
  /** Runs a command to its end. @returns what it printed */
  readonly run: (command: string, at?: At) => Promise<string>;
  /** Starts a command that goes on while other things happen. */
  readonly start: (command: string, at?: Pick<At, 'terminal'>) => Watched;
}

export interface Watched {
  /** Waits for a cue, and shows the reader what there is until then. */
  readonly sees: (cue: RegExp) => Promise<string>;
  readonly press: Running['press'];
  readonly ends: (exit?: number) => Promise<string>;
}

export interface Session {
  /** File name in `docs/sessions/`. */
  readonly name: string;
  readonly title: string;
  readonly play: (stage: Stage) => Promise<void>;
}

/** The first run that a screen names. */
export const idIn = (screen: string): string => {
  const id = /orch_\d{8}_\d{6}_[0-9a-f]{12}/.exec(screen)?.[0];
  if (id === undefined) throw new Error(`no run is named in\n${screen}`);
  return id;
};

const ONLY = 'Terminal';

export const createStage = (place: Place) => {
  const scenes: Scene[] = [];

  const start: Stage['start'] = (command, { terminal = ONLY } = {}) => {
    const running = startAt(command, place);
    let told: string | null = command;
    const show = (): string => {
      const text = running.news();
      scenes.push({ kind: 'terminal', terminal, command: told, text });
      told = null;
      return text;
    };
    return {
      press: running.press,
      sees: async (cue) => {
        await running.sees(cue);
        return show();
      },
      ends: async (exit = 0) => {
        const code = await running.ends();
        const text = show();
        if (code !== exit) throw new Error(`"${command}" ended with ${code}, expected ${exit}:\n${text}`);
        return text;
      },
    };
  };

  const stage: Stage = {
    say: (text) => void scenes.push({ kind: 'prose', text }),
    run: (command, { exit = 0, ...at } = {}) => start(command, at).ends(exit),
    start,
  };
  return { stage, scenes };
};
