/**
 * A connection string without its secrets: for lines that people and logs see. User and password are hidden up to the last
 * `@` before the options, because a password may hold an unescaped `@` or `/`. So are options that hold one, such as
 * `tlsCertificateKeyFilePassword`.
 */
export const printableUri = (uri: string): string =>
  uri
    .replace(/\/\/[^?]*@/, '//***@')
    .replace(/([?&][^=&]*(?:password|secret|token|properties)[^=&]*=)[^&]*/gi, '$1***');
