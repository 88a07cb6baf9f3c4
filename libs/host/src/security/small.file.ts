import { closeSync, fstatSync, openSync, readSync, constants } from 'node:fs';

/** More than a bundle of all public certificate authorities takes: 220 KB. */
const BYTES_MAX = 1024 * 1024;
/** What stands for bytes that are no UTF-8. */
const NO_TEXT = '\ufffd';

/**
 * Reads a certificate, key or password. It is read at once and at each connection, so what could block or be endless is
 * refused: a pipe, a device, a file over 1 MiB. Kubernetes mounts secrets as links to files, which is fine.
 * @throws Error whose message completes "FILE …"
 */
export const readSmallFile = (path: string): string => {
  let file: number;
  try {
    // A pipe would be waited for.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new Error(`can't be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('is no file');
    if (stat.size > BYTES_MAX) throw new Error('is larger than 1 MiB');
    const bytes = Buffer.alloc(stat.size);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
};

/**
 * A password in a file, without the line end that editors and `echo` add. What no variable may hold either is refused: a server
 * would only say that the login is wrong. @throws Error as readSmallFile, when empty, and for more than one line of text
 */
export const readPassword = (path: string): string => {
  const password = readSmallFile(path).replace(/\r?\n$/, '');
  if (password === '') throw new Error('is empty');
  if (/[\0\r\n]/.test(password)) throw new Error('holds more than one line; a password has one');
  if (password.includes(NO_TEXT)) throw new Error('is no text in UTF-8');
  return password;
};

/** As `read` does; what it throws names the variable and the file, for a log that has no other word of them. */
export const namedRead = <T>(variable: string, path: string, read: (path: string) => T): T => {
  try {
    return read(path);
  } catch (error) {
    throw new Error(`${variable}: the file ${path} ${(error as Error).message}`, { cause: error });
  }
};
