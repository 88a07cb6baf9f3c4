export default async function teardown() {
  const child = globalThis.wiberServers;
  if (!child) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  await ended;
}
