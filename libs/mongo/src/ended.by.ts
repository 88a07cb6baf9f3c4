/**
 * Options of a write that is broken off with its connection when the signal says so. mongodb 7.8.0 has `signal` in the types
 * of reads only, and heeds it in whatever it sends: Connection.writeCommand. Reads are too small to need it.
 */
export const endedBy = (signal: AbortSignal): object => ({ signal });
