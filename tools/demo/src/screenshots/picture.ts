import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsolePage } from '@wiber/harness';

/** In CSS pixels. */
const SIZES = [
  { width: 1920, height: 1080, tallest: 1400 },
  { width: 375, height: 812, tallest: 1800 },
] as const;
const THEMES = ['dark', 'light'] as const;

/** Larger pictures make the repository slow to clone. */
export const PICTURE_MAX_BYTES = 150_000;

/** What the page may take to draw itself anew in another size and theme. Charts are drawn with the next look, a second later. */
const DRAW_MS = 1500;

export interface Picture {
  file: string;
  bytes: number;
}

/** Takes the page as it is, at both widths and in both themes: `flow-1920-dark.png` and so on. */
export const takePictures = async (
  { opened, page }: ConsolePage,
  { name, out }: { name: string; out: string },
): Promise<Picture[]> => {
  const taken: Picture[] = [];
  for (const { tallest, ...size } of SIZES)
    for (const theme of THEMES) {
      await opened.show({ ...size, theme, isStill: true });
      await pause(DRAW_MS);
      const wanted = await page.evaluate<number>('document.documentElement.scrollHeight');
      const height = Math.min(Math.max(wanted, size.height), tallest);
      // The page is made as tall as what it shows, so that what sticks to the window ends where the picture does.
      if (height !== size.height) await opened.show({ ...size, height, theme, isStill: true });
      await page.evaluate('window.scrollTo(0, 0)');
      const image = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      const file = `${name}-${size.width}-${theme}.png`;
      writeFileSync(join(out, file), image);
      taken.push({ file, bytes: image.length });
    }
  await opened.show({});
  return taken;
};
