import type { Reference } from '../app.settings.ts';
import type { Overlay } from '../render/overlay.renderer.ts';
import type { Finding, FindingCode } from './finding.ts';

/** What a rule looks at: one overlay, and what it must fit. */
export interface OverlayView extends Overlay {
  reference: Reference;
  /** The version of package.json. */
  version: string;
}

/** Looks at a whole overlay. */
export type Rule = (view: OverlayView) => Finding[];

export const finding = (code: FindingCode, where: string, message: string): Finding => ({ code, where, message });
