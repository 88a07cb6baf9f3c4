import { globSync } from 'node:fs';

/** What to do where a fault of a clock needs libfaketime and this machine has none. */
export const FAKETIME_ADVICE = 'install libfaketime (Debian: libfaketime) or set FAKETIME_LIB to libfaketime.so.1';

/** Whether the stack finds libfaketime here. The places are those of the stack. */
export const hasFaketime = (): boolean =>
  Boolean(process.env['FAKETIME_LIB']) ||
  globSync(['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib{64,}/faketime/libfaketime.so.1']).length > 0;
