import { dropsByDefault } from './forwarding.ts';

test.each([
  ['-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n', true],
  ['-P FORWARD ACCEPT\n', false],
  ['-P FORWARD ACCEPT\n-A FORWARD -j DROP-NOTHING\n', false],
])('what an earlier dockerd has left in the firewall is noticed: %j', (rules, drops) => {
  expect(dropsByDefault(rules)).toBe(drops);
});
