import { useResource } from '../resource.ts';
import { Choice } from './inputs.tsx';

/** One of the channels; before them what else can be chosen, e.g. all. */
export function ChannelChoice(props: {
  label: string;
  value: string;
  before?: readonly (readonly [string, string])[];
  set: (chid: string) => void;
}) {
  const { label, value, before = [], set } = props;
  const channels = useResource('/channels', { query: { limit: 200 } });
  const known = channels.data?.items.map(({ chid }) => [chid, chid] as const) ?? [];
  return <Choice label={label} value={value} options={[...before, ...known]} set={set} />;
}
