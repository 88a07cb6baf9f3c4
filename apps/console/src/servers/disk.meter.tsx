import { bytesText, countText } from '../frame/number.text.ts';

/** How full a disk is, as a bar and in words. */
export function DiskMeter({ bytes, freeBytes }: { bytes?: number; freeBytes?: number }) {
  if (bytes === undefined || freeBytes === undefined || bytes === 0) return <span>not known</span>;
  const text = `${bytesText(freeBytes)} of ${bytesText(bytes)} free (${countText((freeBytes / bytes) * 100)} %)`;
  return (
    <span className="disk">
      <meter min={0} max={bytes} high={bytes * 0.85} optimum={0} value={bytes - freeBytes} aria-label="Disk used">
        {text}
      </meter>
      <span className="number">{text}</span>
    </span>
  );
}
