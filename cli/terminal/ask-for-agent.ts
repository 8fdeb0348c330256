export interface AgentOffer {
  readonly name: string;
  readonly title: string;
  /** Whose money it costs. */
  readonly account: string;
}

const NONE = 'none';

/** Which of these may be used: a name, `none`, or `null` after Ctrl-C. */
export const askForAgent = async (offers: readonly AgentOffer[]): Promise<string | null> => {
  const { isCancel, select } = await import('@clack/prompts');
  const [only] = offers;
  const message =
    offers.length === 1 && only
      ? `${only.title} is on the PATH. May Studio use it for goals? What it costs is paid by ${only.account}.`
      : 'Coding agents are on the PATH. Which one may Studio use for goals? What it costs is paid by the account named.';
  const choice = await select({
    message,
    options: [
      ...offers.map(({ name, title, account }) => ({
        value: name,
        label: offers.length === 1 ? `yes, use ${title}` : title,
        hint: account,
      })),
      { value: NONE, label: offers.length === 1 ? 'no' : 'none of them', hint: 'goals that a recipe knows still run' },
    ],
  });
  return isCancel(choice) ? null : choice;
};
