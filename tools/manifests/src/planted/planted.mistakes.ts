import { DOCUMENT_MISTAKES } from './document.mistakes.ts';
import { EXPOSURE_MISTAKES } from './exposure.mistakes.ts';
import { LOGIN_MISTAKES } from './login.mistakes.ts';
import { MEMBER_MISTAKES } from './member.mistakes.ts';
import { OPERATOR_MISTAKES } from './operator.mistakes.ts';
import { PATIENCE_MISTAKES } from './patience.mistakes.ts';
import { POD_MISTAKES } from './pod.mistakes.ts';
import { ROLLOUT_MISTAKES } from './rollout.mistakes.ts';
import { SERVER_MISTAKES } from './server.mistakes.ts';
import { SETTING_MISTAKES } from './setting.mistakes.ts';
import type { PlantedMistake } from './planted.mistake.ts';

/** What the checks must catch, each by its own finding. */
export const PLANTED_MISTAKES: readonly PlantedMistake[] = [
  ...DOCUMENT_MISTAKES,
  ...SETTING_MISTAKES,
  ...POD_MISTAKES,
  ...ROLLOUT_MISTAKES,
  ...SERVER_MISTAKES,
  ...OPERATOR_MISTAKES,
  ...LOGIN_MISTAKES,
  ...MEMBER_MISTAKES,
  ...EXPOSURE_MISTAKES,
  ...PATIENCE_MISTAKES,
];
