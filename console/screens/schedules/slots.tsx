import { useEffect, useState } from 'preact/hooks';
import { type Answer, api, type Body } from '../../api.ts';
import { faultOf } from '../../components/fault-of.ts';
import { Note } from '../../components/index.ts';
import { w } from './words.ts';

type List = Answer<'post', '/report-tools/next'>;

/** The next ten slots of what is being written, in its zone. */
export function Slots({ timing }: { timing: Body<'post', '/report-tools/next'> }) {
  const given = JSON.stringify(timing);
  const [list, setList] = useState<List | undefined>(undefined);
  const [fault, setFault] = useState<string | undefined>(undefined);
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      api
        .post('/report-tools/next', { body: JSON.parse(given) as typeof timing })
        .then((found) => {
          if (over) return;
          setList(found);
          setFault(undefined);
        })
        .catch((error: unknown) => {
          if (!over) setFault(faultOf(error).message);
        });
    }, 300);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [given]);
  if (fault !== undefined) return <Note tone="warn">{fault}</Note>;
  if (list === undefined) return null;
  return <SlotList list={list} />;
}

export function SlotList({ list }: { list: List }) {
  return (
    <details open>
      <summary>{w.zone(list.zone)}</summary>
      <ol class="number small">
        {list.items.map((one) => (
          <li key={one.slot}>{one.local.replace('T', ' ').replace(/(?:Z|[+-]\d\d:\d\d)$/, '')}</li>
        ))}
      </ol>
    </details>
  );
}
