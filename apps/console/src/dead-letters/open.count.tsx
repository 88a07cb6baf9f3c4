import { useLookStream } from '../stream/look.stream.ts';

/** How many letters wait in the whole system, live. */
export function OpenCount() {
  const open = useLookStream().look?.openDeadLetters;
  if (open === undefined) return null;
  return (
    <p className="note number open-count">
      {open === 1 ? '1 dead letter is open' : `${open.toLocaleString('en')} dead letters are open`} in the whole system.
    </p>
  );
}
