import { ProblemError } from '@wiber/contracts';

/** Scheme and authority of the absolute form, which a client may send to any server (RFC 9112, section 3.2.2). */
const AUTHORITY = /^https?:\/\/[^/?#]*/i;
/** uri-host and port of RFC 9110, section 7.2. A comma is left out: no host has one, and two Host lines are joined with it. */
const HOST = /^(?:[\w.~!$&'()*+;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

/** The path and the query of a request target. */
export const originForm = (target: string): string => {
  // A slash, the first character of nearly every target.
  if (target.charCodeAt(0) === 47) return target;
  const rest = target.replace(AUTHORITY, '');
  if (rest === target) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
};

/**
 * Makes a check of the Host header for one server. It keeps the last good value: the clients of a server send the same.
 * @returns the problem of a request whose Host is missing, repeated or malformed (RFC 9112, section 3.2)
 */
export const hostCheck = (): ((host: string | undefined, httpVersion: string) => ProblemError | undefined) => {
  let good = '';
  return (host, httpVersion) => {
    if (host === good && host !== '') return undefined;
    if (host === undefined) {
      if (httpVersion !== '1.1') return undefined;
      return new ProblemError('invalid_request', 'the Host header is missing; send it (RFC 9112, section 3.2)');
    }
    if (!HOST.test(host))
      return new ProblemError('invalid_request', 'the Host header must be one host with at most one port; correct it');
    good = host;
    return undefined;
  };
};
