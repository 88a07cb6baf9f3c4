/**
 * Work that many may ask for and that runs once: after the present turn of the event loop, for all who asked in it. While it
 * runs, it may be asked for again. A macrotask, so that everything which one read of a socket brings belongs to one turn.
 */
export const oncePerTurn = (work: () => void): (() => void) => {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      work();
    });
  };
};
