import { useResource } from '../resource.ts';
import { Choice } from './inputs.tsx';

/** The channels there are. @param botcode only those that may command this bot */
export function useChids(botcode = ''): string[] {
  const channels = useResource('/channels', { query: { limit: 200 } });
  return (channels.data?.items ?? [])
    .filter(({ bots }) => botcode === '' || bots.includes('*') || bots.includes(botcode))
    .map(({ chid }) => chid);
}

/** One of the channels; before them what else can be chosen, e.g. all. */
export function ChannelChoice(props: {
  label: string;
  value: string;
  before: readonly (readonly [string, string])[];
  set: (chid: string) => void;
}) {
  const { label, value, before, set } = props;
  const channels = useChids().map((chid) => [chid, chid] as const);
  return <Choice label={label} value={value} options={[...before, ...channels]} set={set} />;
}
