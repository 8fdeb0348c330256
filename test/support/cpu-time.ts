/** Milliseconds that this process computed while `work` ran: what else the machine does at that time counts little. */
export const cpuMsOf = (work: () => unknown): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
