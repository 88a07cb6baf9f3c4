import { instanceName } from './instance.name.ts';

test.each([
  ['a pod has the name of the pod', 'gateway-7d9f-x2b', 'gateway-7d9f-x2b'],
  ['a container has its id behind the name of the app', '3f2a91c0b7de', 'gateway-3f2a91c0b7de'],
  ['a machine has its name behind that of the app', 'laptop.example.org', 'gateway-laptop.example.org'],
  ['a host whose name is no instance name has the number 1', 'büro', 'gateway-1'],
  ['a host whose name is too long has the number 1', 'h'.repeat(100), 'gateway-1'],
])('without INSTANCE the app on %s', (_, host, name) => {
  expect(instanceName('gateway', host)).toBe(name);
});
