import { FullDiskError, fullDiskFrom } from '../full.disk.ts';
import { StackError } from '../stack.errors.ts';

/**
 * Waits for both. When both fail, the error has both reasons, so that a person can fix them together. A full disk is the
 * reason for what follows: it is thrown at once.
 */
export const both = async <A, B>(first: A, second: B): Promise<[Awaited<A>, Awaited<B>]> => {
  const fullDisk = Promise.withResolvers<never>();
  const rejectIfFull = (error: unknown): void => {
    const full = error instanceof StackError && !(error instanceof FullDiskError) ? undefined : fullDiskFrom(error);
    if (full) fullDisk.reject(full);
  };
  for (const work of [first, second]) void Promise.resolve(work).catch(rejectIfFull);
  const settled = await Promise.race([Promise.allSettled([first, second]), fullDisk.promise]);
  const reasons = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
  const unexpected = reasons.find((reason) => !(reason instanceof StackError));
  if (unexpected) throw unexpected;
  if (reasons.length > 0) throw new StackError([...new Set(reasons.map(({ message }) => message))].join('\nwiber: '));
  return Promise.all([first, second]);
};
