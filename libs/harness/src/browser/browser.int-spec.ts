import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../eventually.ts';
import { accessibilityViolations } from './accessibility.ts';
import { Browser } from './browser.ts';

const missing = Browser.missing();
if (missing !== undefined) process.stderr.write(`${missing}\n`);
// Browser.missing says how to get it.
const testWithBrowser = missing === undefined ? test : test.skip;

const GOOD = '<main><h1>Good</h1><a href="/bad">bad</a></main>';
const BAD = `<main><h1>Bad</h1><img src="/missing.png"><p style="color: #eee">pale</p><div style="width: 3000px">wide</div>
  <script src="/script.js"></script><script>window.inline = true</script></main>`;
const SCRIPT = `console.error('an error is written'); fetch('/cut').catch(() => undefined);
  setTimeout(() => { throw new Error('nobody catches it'); });`;
const POLICY = "default-src 'self'";

let site: Server;
let url: string;

beforeAll(async () => {
  site = createServer((request, answer) => {
    if (request.url === '/cut') return void request.socket.destroy();
    if (request.url === '/script.js') return void answer.setHeader('Content-Type', 'text/javascript').end(SCRIPT);
    const body = request.url === '/bad' ? BAD : GOOD;
    answer.statusCode = request.url === '/missing.png' ? 404 : 200;
    answer.setHeader('Content-Type', 'text/html').setHeader('Content-Security-Policy', POLICY);
    answer.end(`<!doctype html><html lang="en"><title>t</title><link rel="icon" href="/icon"><body>${body}`);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  url = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
});

afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await once(site, 'close');
});

/** Empty once the process has ended. */
const commandOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const folders = (): string[] => globSync(join(tmpdir(), 'wiber-browser-*'));

testWithBrowser(
  'it opens a page and collects errors, refusals of the policy, cut requests and violations',
  async () => {
    const before = folders();
    const browser = await Browser.start();
    try {
      const good = await browser.open(url);
      expect(await good.page.locator('h1').textContent()).toBe('Good');
      expect(await good.sidewaysOverflow()).toBe(0);
      expect(await accessibilityViolations(good)).toEqual([]);
      expect(good.faults).toEqual([]);

      const bad = await browser.open(`${url}/bad`, { width: 375 });
      await eventually(() => {
        const seen = bad.faults.map(({ kind, text }) => `${kind} ${text}`).join('\n');
        for (const part of ['console an error is written', 'exception Error: nobody catches it'])
          expect(seen).toContain(part);
        expect(seen).toMatch(/^console .*404/m);
        expect(seen).toMatch(/^policy script-src-elem refuses inline/m);
        expect(seen).toMatch(/^request GET http:.*\/cut: net::/m);
      });
      expect((await accessibilityViolations(bad)).map(({ rule }) => rule)).toContain('image-alt');
      expect(good.faults).toEqual([]);
    } finally {
      await browser.close();
    }
    expect(folders()).toEqual(before);
  },
);

testWithBrowser('it ends, and its folder is removed, when the process that started it is killed', async () => {
  const before = folders();
  const module = JSON.stringify(join(import.meta.dirname, 'browser.ts'));
  const script = `const { Browser } = await import(${module});
    const { page } = await (await Browser.start()).open(${JSON.stringify(url)});
    console.log(await page.locator('h1').textContent());
    setInterval(() => undefined, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [title] = (await once(createInterface({ input: owner.stdout }), 'line')) as [string];
  expect(title).toBe('Good');
  const [own] = folders().filter((folder) => !before.includes(folder));
  const processes = () => globSync('/proc/[0-9]*/cmdline').filter((file) => commandOf(file).includes(own!));
  expect(processes()).not.toEqual([]);
  owner.kill('SIGKILL');
  await eventually(() => {
    expect(processes()).toEqual([]);
    expect(folders()).toEqual(before);
  });
});

test('a machine without a browser is told how to get one', async () => {
  const { PATH, CHROMIUM_BIN } = process.env;
  try {
    process.env['PATH'] = '/nowhere';
    delete process.env['CHROMIUM_BIN'];
    expect(Browser.missing()).toBe(
      'there is no Chromium, so no page is opened in a real browser; install chromium (Debian: chromium) or set CHROMIUM_BIN to a Chromium or Chrome',
    );
    await expect(Browser.start()).rejects.toThrow(/Debian: chromium/);
  } finally {
    process.env['PATH'] = PATH;
    if (CHROMIUM_BIN !== undefined) process.env['CHROMIUM_BIN'] = CHROMIUM_BIN;
  }
});
