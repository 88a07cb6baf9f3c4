import { hostCheck, originForm } from './request.target.ts';

test.each([
  ['/messages?x=1', '/messages?x=1'],
  ['http://wiber:8000/messages?x=1', '/messages?x=1'],
  ['HTTPS://wiber/users/http://x', '/users/http://x'],
  ['http://wiber', '/'],
  ['http://wiber?x=1', '/?x=1'],
  ['*', '*'],
  ['ftp://wiber/messages', 'ftp://wiber/messages'],
])('the target %s is the path %s', (target, path) => {
  expect(originForm(target)).toBe(path);
});

test.each(['wiber', 'wiber:8000', 'a.b-c_d~e', '127.0.0.1:80', '[::1]:8000', '', 'xn--nxa.example'])(
  'the host %j is taken, again too',
  (host) => {
    const check = hostCheck();
    expect([check(host, '1.1'), check(host, '1.1')]).toEqual([undefined, undefined]);
  },
);

test.each(['a, b', 'wiber, wiber', 'a b', 'a/b', 'user@wiber', 'a:b', 'a:1:2', '[::1', 'é'])(
  'the host %j is refused, also after a good one',
  (host) => {
    const check = hostCheck();
    check('wiber', '1.1');
    expect(check(host, '1.1')?.code).toBe('invalid_request');
  },
);

test('HTTP/1.1 needs a Host, HTTP/1.0 does not', () => {
  expect([hostCheck()(undefined, '1.1')?.code, hostCheck()(undefined, '1.0')]).toEqual(['invalid_request', undefined]);
});
