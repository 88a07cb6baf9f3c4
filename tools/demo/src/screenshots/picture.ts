import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ConsolePage } from '@wiber/harness';
import { withPalette } from './png.palette.ts';

/** In CSS pixels. A picture is as tall as what the view shows, within these bounds. */
const SIZES = [
  { width: 1920, lowest: 900, tallest: 1400 },
  { width: 375, lowest: 700, tallest: 1800 },
] as const;
const BELOW = 32;
/** Height of the navigation at the bottom of a narrow page. */
const NAVIGATION = 48;
const THEMES = ['dark', 'light'] as const;

/** Larger pictures make the repository slow to clone. */
export const PICTURE_MAX_BYTES = 150_000;

/** What the page may take to draw itself anew in another size and theme. Charts are drawn with the next look, a second later. */
const DRAW_MS = 1100;

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
  // Nothing is under the pointer.
  await page.mouse.move(0, 0);
  for (const { width, lowest, tallest } of SIZES)
    for (const theme of THEMES) {
      await opened.show({ width, height: tallest, theme, isStill: true });
      await pause(DRAW_MS);
      const bottom = await page.evaluate<number>(
        'Math.max(...[...document.querySelector("main").children].map((each) => each.getBoundingClientRect().bottom))',
      );
      const height = Math.min(Math.max(Math.ceil(bottom) + BELOW + (width < 768 ? NAVIGATION : 0), lowest), tallest);
      await opened.show({ width, height, theme, isStill: true });
      await page.evaluate('window.scrollTo(0, 0)');
      await pause(DRAW_MS);
      const image = withPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
      const file = `${name}-${width}-${theme}.png`;
      writeFileSync(join(out, file), image);
      taken.push({ file, bytes: image.length });
    }
  await opened.show({});
  return taken;
};
