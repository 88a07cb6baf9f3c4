import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KustomizeCommand } from './kustomize.program.ts';
import { overlayNames, renderOverlay, type Overlay } from './overlay.renderer.ts';

/** A component that is off: its line in kustomization.yaml is a comment. */
const SWITCH = /^( *)# (- \.\.\/\.\.\/components\/[\w-]+)$/gm;

const fileOf = (root: string, name: string): string => join(root, 'k8s', 'overlays', name, 'kustomization.yaml');

/** The overlays that name components in comments. */
export const switchableNames = (root: string): string[] =>
  overlayNames(root).filter((name) => readFileSync(fileOf(root, name), 'utf8').search(SWITCH) >= 0);

/**
 * An overlay with every component that is off by default. It is rendered from a copy, which is removed.
 * @throws ManifestsError with what kustomize says, when it refuses the overlay
 */
export const renderSwitchedOn = (root: string, name: string, kustomize: KustomizeCommand): Overlay => {
  const copy = mkdtempSync(join(tmpdir(), 'wiber-manifests-'));
  try {
    cpSync(join(root, 'k8s'), join(copy, 'k8s'), { recursive: true });
    const file = fileOf(copy, name);
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(SWITCH, '$1$2'));
    return { ...renderOverlay(copy, name, kustomize), name: `${name} with all components` };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};
