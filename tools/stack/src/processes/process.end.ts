/** What a signal that ends a server by itself says about the machine. */
const CAUSES: Partial<Record<NodeJS.Signals, string>> = {
  SIGILL:
    'this processor lacks instructions that the program needs; mongod 5 and newer need AVX, and so a newer processor',
  SIGKILL: 'somebody killed it; the kernel does when memory runs out',
};

/** How a process ended, for a line that a person reads. A shell reports a signal as 128 plus its number. */
export const endOf = (code: number | null, signal: NodeJS.Signals | null): string => {
  const by = signal ?? (code === 132 ? 'SIGILL' : undefined);
  if (!by) return `with code ${code}`;
  const cause = CAUSES[by];
  return cause ? `by ${by} (${cause})` : `by ${by}`;
};
