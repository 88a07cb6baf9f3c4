import { SERIES, STEPS, type SeriesChoice, type StepChoice } from './series.choice.ts';

interface SeriesChoicesProps {
  metric: SeriesChoice;
  step: StepChoice;
  onMetric: (metric: SeriesChoice) => void;
  onStep: (step: StepChoice) => void;
}

/** What the chart of windows shows. */
export function SeriesChoices({ metric, step, onMetric, onStep }: SeriesChoicesProps) {
  return (
    <div className="choices">
      <label>
        <span className="unseen">What is shown</span>
        <select className="select" value={metric} onChange={(event) => onMetric(event.target.value as SeriesChoice)}>
          {SERIES.map(({ metric: each, name }) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="unseen">Length of a window</span>
        <select className="select" value={step} onChange={(event) => onStep(event.target.value as StepChoice)}>
          {STEPS.map(({ step: each, name }) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
