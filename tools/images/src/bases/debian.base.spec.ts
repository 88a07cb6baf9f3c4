import { sourcesIn } from './debian.base.ts';

test('each mirror and release of apt is taken once', () => {
  const lines = 'http://mirror/debian bookworm\nhttp://mirror/debian bookworm\nhttp://mirror/debian bookworm-updates\n';
  expect(sourcesIn(lines)).toEqual([
    { site: 'http://mirror/debian', release: 'bookworm' },
    { site: 'http://mirror/debian', release: 'bookworm-updates' },
  ]);
});
