import type { Style } from './style.ts';
import { columns } from './table.ts';

export interface ListedEngine {
  readonly name: string;
  /** Where it is known from: a section of the configuration, the environment, the PATH, or built in. */
  readonly from: string;
  /** `found`: on the PATH, and nobody has decided; `missing`: it may be used and is not there. */
  readonly state: 'configured' | 'allowed' | 'found' | 'denied' | 'missing';
  readonly plan: boolean;
  readonly work: boolean;
  readonly decompose: boolean;
  readonly command: string | null;
  readonly path: string | null;
  readonly version: string | null;
  /** Whose money it costs; `null` where that is the business of its program. */
  readonly account: string | null;
  /** `null`: it cannot be known without network. */
  readonly logged_in: boolean | null;
  /** What it has to be given before it can be asked anything, and how. */
  readonly lacks: { readonly reason: string; readonly unblock: string } | null;
}

export interface EngineList {
  readonly default: string | readonly string[];
  readonly engines: readonly ListedEngine[];
  readonly chosen: readonly {
    readonly capability: 'plan' | 'work' | 'decompose';
    readonly engine: string | null;
    readonly reason: string;
  }[];
}

const abilities = ({ plan, work, decompose }: ListedEngine): string =>
  [...(plan ? ['plans'] : []), ...(decompose ? ['decomposes'] : []), ...(work ? ['works'] : [])].join(', ');

const placeOf = ({ from, command, path, version }: ListedEngine): string =>
  [from === 'PATH' ? path : from, command, version].filter((part) => part !== null).join(' ');

const LOGGED_IN = new Map([
  [true, 'logged in'],
  [false, 'not logged in'],
]);

const payment = ({ account, logged_in: loggedIn }: ListedEngine): string => {
  const login = loggedIn === null ? undefined : LOGGED_IN.get(loggedIn);
  return [...(account ? [`paid by ${account}`] : []), ...(login ? [login] : [])].join(', ');
};

const next = ({ name, state }: ListedEngine): string | null => {
  if (state === 'found') return `→ studio engines --allow ${name}, or --deny ${name}`;
  return state === 'missing' ? `→ it may be used, and is not on the PATH: install ${name}` : null;
};

export const renderEngines = ({ engines, chosen }: EngineList, style: Style): readonly string[] => {
  const paint = {
    configured: style.green,
    allowed: style.green,
    found: style.yellow,
    denied: style.dim,
    missing: style.yellow,
  };
  return [
    ...columns(
      engines.flatMap((engine) => {
        const todo = next(engine);
        return [
          [
            style.bold(engine.name),
            paint[engine.state](engine.state),
            abilities(engine),
            placeOf(engine),
            payment(engine),
          ],
          ...(todo ? [['', '', todo]] : []),
        ];
      }),
    ),
    ...engines.flatMap(({ lacks }) => (lacks ? [style.yellow(lacks.reason), `  → ${lacks.unblock}`] : [])),
    ...chosen.map(({ capability, engine, reason }) =>
      engine ? `to ${capability}: ${reason}` : style.yellow(`to ${capability}: none: ${reason}`),
    ),
  ];
};
