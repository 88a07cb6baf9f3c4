/** Thrown when a person must change something on the machine. The message is one line that says what. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** No space on the disk, or none for this user. */
export const isDiskFull = ({ code }) => code === 'ENOSPC' || code === 'EDQUOT';
