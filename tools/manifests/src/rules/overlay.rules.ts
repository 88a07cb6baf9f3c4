import { exposureRules } from './exposure.rules.ts';
import { fileRules } from './file.rules.ts';
import type { Finding } from './finding.ts';
import { kafkaRules } from './kafka.rules.ts';
import { loginRules } from './login.rules.ts';
import { memberRules } from './member.rules.ts';
import { nameRules } from './name.rules.ts';
import { networkRules } from './network.rules.ts';
import { operatorPodRules } from './operator.pod.rules.ts';
import type { OverlayView, Rule } from './overlay.view.ts';
import { pauseRules } from './pause.rules.ts';
import { podRules } from './pod.rules.ts';
import { portRules } from './port.rules.ts';
import { probeRules } from './probe.rules.ts';
import { resourceRules } from './resource.rules.ts';
import { rolloutRules } from './rollout.rules.ts';
import { scalingRules } from './scaling.rules.ts';
import { secretRules } from './secret.rules.ts';
import { selectorRules } from './selector.rules.ts';
import { serverMemoryRules } from './server.memory.rules.ts';
import { serverRules } from './server.rules.ts';
import { variableRules } from './variable.rules.ts';

const RULES: readonly Rule[] = [
  variableRules,
  portRules,
  probeRules,
  podRules,
  resourceRules,
  selectorRules,
  rolloutRules,
  scalingRules,
  secretRules,
  fileRules,
  kafkaRules,
  serverRules,
  serverMemoryRules,
  operatorPodRules,
  memberRules,
  nameRules,
  loginRules,
  pauseRules,
  exposureRules,
  networkRules,
];

/** What is wrong with an overlay beside its schemas. */
export const findingsOf = (view: OverlayView): Finding[] => RULES.flatMap((rule) => rule(view));
