import { globSync } from 'node:fs';

/** What to do where a fault of a clock needs libfaketime and this machine has none. */
export const FAKETIME_ADVICE = 'install libfaketime (Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1';

/** Where Debian, Fedora and Arch install it. The stack looks at the same places. */
const PLACES = ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1'];

/** Whether the stack finds libfaketime on this machine, which gives processes a wrong clock. */
export const hasFaketime = (): boolean => {
  const given = process.env['FAKETIME_LIB'];
  return globSync(given ? [given] : PLACES).length > 0;
};
