import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a program of this folder without a terminal, with its temporary files in a folder that must stay empty. */
const run = (main: string, args: readonly string[], env: Record<string, string> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'wiber-demo-'));
  try {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, main), ...args], {
      encoding: 'utf8',
      env: { ...process.env, TMPDIR: folder, ...env },
    });
    return { status, stdout, stderr, left: readdirSync(folder).filter((name) => name.startsWith('wiber-')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('the tour without a terminal is refused with one line and code 2, before anything starts', () => {
  const { status, stdout, stderr, left } = run('tour.main.ts', []);
  expect({ status, stdout, left }).toEqual({ status: 2, stdout: '', left: [] });
  expect(stderr).toMatch(/^demo: it waits for Enter, and there is no terminal; add --auto [^\n]+\n$/);
});

test('without a browser the screenshots say how to get one, before anything starts', () => {
  const out = mkdtempSync(join(tmpdir(), 'wiber-demo-out-'));
  try {
    const ended = run('screenshots.main.ts', ['--out', out], { CHROMIUM_BIN: '/nowhere/chromium' });
    expect(ended).toMatchObject({ status: 2, left: [] });
    expect(ended.stderr).toMatch(
      /^screenshots: there is no Chromium, [^\n]*install chromium \(Debian: chromium\)[^\n]*\n$/,
    );
  } finally {
    rmSync(out, { recursive: true });
  }
});
