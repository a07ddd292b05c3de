import { Badge, Card, Loaded, Moment, TimeAgo } from '../../components/index.ts';
import { useResource } from '../../resource.ts';
import { w } from './words.ts';

/** What fires next, and what cannot. */
export function NextSchedules() {
  const schedules = useResource('/schedules', {
    query: { limit: 200 },
    topics: ['runs'],
    calmMs: 2000,
    everyMs: 60_000,
  });
  return (
    <Card title={w.next} icon="clock" tools={<a href="#/schedules">{w.open}</a>}>
      <Loaded of={schedules}>
        {({ items }) => {
          const next = items
            .filter(({ nextAt }) => nextAt !== null)
            .sort((a, b) => (a.nextAt ?? 0) - (b.nextAt ?? 0))
            .slice(0, 5);
          const faulty = items.filter(({ fault, pausedReason }) => fault ?? pausedReason);
          if (next.length + faulty.length === 0) return <p class="faint">{w.noNext}</p>;
          return (
            <ul class="next-list">
              {faulty.slice(0, 5).map(({ name, fault, pausedReason }) => (
                <li key={name}>
                  <a href={`#/schedules/${encodeURIComponent(name)}`}>{name}</a>
                  <Badge tone="bad">{w.stopped}</Badge>
                  <span class="small">{fault ?? pausedReason}</span>
                </li>
              ))}
              {next.map(({ name, nextAt }) => (
                <li key={name}>
                  <a href={`#/schedules/${encodeURIComponent(name)}`}>{name}</a>
                  <TimeAgo at={nextAt} />
                  <span class="faint small">
                    <Moment at={nextAt} />
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}
