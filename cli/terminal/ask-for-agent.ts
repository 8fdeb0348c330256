export interface AgentOffer {
  readonly name: string;
  readonly title: string;
  /** Whose money it costs. */
  readonly account: string;
  /** `null`: it cannot be known without network. */
  readonly loggedIn: boolean | null;
}

const payerOf = ({ account, loggedIn }: AgentOffer): string =>
  loggedIn === false ? `${account}; nobody is logged in` : account;

const NONE = 'none';

/** Which of these may be used: a name, `none`, or `null` after Ctrl-C. */
export const askForAgent = async (offers: readonly AgentOffer[]): Promise<string | null> => {
  const { isCancel, select } = await import('@clack/prompts');
  const [only] = offers;
  const message =
    offers.length === 1 && only
      ? `${only.title} is on the PATH. May Studio use it for goals? What it costs is paid by ${payerOf(only)}.`
      : 'Coding agents are on the PATH. Which one may Studio use for goals? What it costs is paid by the account named.';
  const choice = await select({
    message,
    options: [
      ...offers.map((offer) => ({
        value: offer.name,
        label: offers.length === 1 ? `yes, use ${offer.title}` : offer.title,
        hint: payerOf(offer),
      })),
      { value: NONE, label: offers.length === 1 ? 'no' : 'none of them', hint: 'goals that a recipe knows still run' },
    ],
  });
  return isCancel(choice) ? null : choice;
};
