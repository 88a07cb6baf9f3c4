import { Spinner, Text } from '@radix-ui/themes';

/** Shown while something is asked for the first time. */
export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <div className="loading" role="status">
      <Spinner size="2" />
      <Text size="2" color="gray">
        {what}
      </Text>
    </div>
  );
}
