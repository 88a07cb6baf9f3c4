import { rootCertificates } from 'node:tls';
import { contextReader } from './tls.context.ts';

test('a context is kept while the files are the same, and made anew when one has changed', () => {
  let ca = rootCertificates[0]!;
  const read = contextReader(() => ({ ca }));
  const first = read();
  expect(read()).toBe(first);
  ca = rootCertificates[1]!;
  expect(read()).not.toBe(first);
});
