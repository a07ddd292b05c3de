import { type Answer, api } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  Choice,
  Facts,
  Loaded,
  Note,
  TimeAgo,
  toast,
  useAction,
} from '../../components/index.ts';
import { bytes } from '../../format.ts';
import { useResource } from '../../resource.ts';
import { may } from '../../session.ts';
import { w } from './words.ts';

type Status = Answer<'get', '/status'>;
const levels = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** Whether it can work, and what does not stop it but wants an eye. */
export function Health() {
  const status = useResource('/status', { topics: ['system', 'bots'], everyMs: 10_000 });
  return (
    <Loaded of={status}>
      {(data) => (
        <div class="halves">
          <Card
            title={w.health}
            icon="gauge"
            tools={
              <Badge tone={data.ready.status === 'ready' ? 'good' : 'bad'}>
                {data.ready.status === 'ready' ? w.ready : w.notReady}
              </Badge>
            }
          >
            <div class="stack">
              {data.ready.reasons.map((one) => (
                <Note key={one} tone="bad">
                  {one}
                </Note>
              ))}
              {data.ready.warnings.map((one) => (
                <Note key={one} tone="warn">
                  {one}
                </Note>
              ))}
              {data.ready.reasons.length + data.ready.warnings.length === 0 && (
                <p class="faint">{w.noWarnings}</p>
              )}
            </div>
          </Card>
          <Process status={data} reload={status.reload} />
        </div>
      )}
    </Loaded>
  );
}

function Process({ status, reload }: { status: Status; reload: () => void }) {
  const readAgain = async (): Promise<void> => {
    const { waiting } = await api.post('/reload');
    toast(waiting.length === 0 ? w.reloaded : w.reloadedBut(waiting.join(', ')));
  };
  return (
    <Card
      title={w.process}
      icon="gear"
      tools={
        <Action
          needs="admin"
          icon="reload"
          run={readAgain}
          ask={{ title: w.reloadAsk, text: w.reloadText }}
          done={null}
          then={reload}
        >
          {w.reload}
        </Action>
      }
    >
      <Facts
        of={[
          [w.version, status.version],
          [w.node, status.node],
          [w.started, <TimeAgo key="started" at={status.startedAt} />],
          [w.memory, bytes(status.memoryBytes)],
          [
            w.url,
            <span key="url" class="mono break">
              {status.url}
            </span>,
          ],
          [w.zone, status.timezone],
        ]}
      />
      <LogLevel />
      <p class="row">
        <a href="/docs" target="_blank" rel="noreferrer">
          {w.docs}
        </a>
        <a href="/metrics" target="_blank" rel="noreferrer">
          {w.metrics}
        </a>
      </p>
    </Card>
  );
}

function LogLevel() {
  const level = useResource('/log-level');
  const [, run] = useAction();
  const set = async (chosen: (typeof levels)[number]): Promise<void> => {
    await run(() => api.put('/log-level', { body: { level: chosen } }), chosen);
    level.reload();
  };
  return (
    <Choice
      label={w.logLevel}
      hint={w.logAbout}
      disabled={!may('admin')}
      value={levels.find((one) => one === level.data?.level) ?? ''}
      options={levels.map((one) => [one, one])}
      set={(one) => void set(one)}
    />
  );
}
