import { type Answer, api } from '../../api.ts';
import {
  Action,
  Badge,
  Card,
  Facts,
  Loaded,
  Moment,
  Note,
  TimeAgo,
} from '../../components/index.ts';
import { number, span } from '../../format.ts';
import { wordOf } from '../../i18n.ts';
import { now } from '../../now.ts';
import { useResource } from '../../resource.ts';
import { common } from '../../words/common.ts';
import { terms, w } from './words.ts';

type Bot = Answer<'get', '/bots/{botcode}'>;

export function About({ bot }: { bot: Bot }) {
  const { botcode, account, boundAccountId, driver, since, source, ages, reason } = bot;
  const proof = (age: number | null) => <TimeAgo at={age === null ? null : now.peek() - age} />;
  const can = Object.entries(bot.capabilities).filter(([, yes]) => yes);
  return (
    <div class="halves">
      <Card title={w.about}>
        <Facts
          of={[
            [w.code, <span class="mono">{botcode}</span>],
            [
              w.account,
              account === null ? (
                common.none
              ) : (
                <>
                  {account.name} <span class="faint mono small">{account.id}</span>
                </>
              ),
            ],
            ...(boundAccountId === null || boundAccountId === account?.id
              ? []
              : ([[w.bound, <span class="mono">{boundAccountId}</span>]] as const)),
            [w.since, <Moment at={since} />],
            ...(reason === null ? [] : ([[w.reason, reason]] as const)),
            [w.driver, driver === 'simulator' ? w.simulated : driver],
            [w.source, source === 'config' ? w.sourceConfig : w.sourceAdmin],
          ]}
        />
      </Card>
      <Queue botcode={botcode} />
      <Card title={w.proofs}>
        <Facts
          of={[
            [w.stream, proof(ages.stream)],
            [w.accountProof, proof(ages.account)],
            [w.canSend, proof(ages.canSend)],
            [w.roomsProof, proof(ages.rooms)],
          ]}
        />
      </Card>
      {can.length > 0 && (
        <Card title={w.can}>
          <p class="row">
            {can.map(([name]) => (
              <Badge key={name} tone="idle">
                {wordOf(terms, name) ?? <span lang="en">{name}</span>}
              </Badge>
            ))}
          </p>
        </Card>
      )}
    </div>
  );
}

function Queue({ botcode }: { botcode: string }) {
  const params = { botcode };
  const queue = useResource('/bots/{botcode}/queue', {
    params,
    query: {},
    topics: ['sends', 'bots'],
    calmMs: 1000,
    everyMs: 10_000,
  });
  return (
    <Card
      title={w.queue}
      tools={<a href={`#/sends?bot=${encodeURIComponent(botcode)}`}>{w.seeSends}</a>}
    >
      <Loaded of={queue}>
        {({ length, onTheWay, unknown, etaMs, reason, waiting, heldForOtherAccount }) => (
          <div class="stack">
            {heldForOtherAccount > 0 && (
              <Note
                tone="warn"
                action={
                  <span class="row">
                    <Action
                      run={() =>
                        api.post('/bots/{botcode}/held', { params, body: { action: 'adopt' } })
                      }
                      ask={{ title: w.adopt, text: w.heldNote(heldForOtherAccount) }}
                      done={w.adopted}
                      then={queue.reload}
                    >
                      {w.adopt}
                    </Action>
                    <Action
                      run={() =>
                        api.post('/bots/{botcode}/held', { params, body: { action: 'cancel' } })
                      }
                      ask={{
                        title: w.cancelHeld,
                        text: w.heldNote(heldForOtherAccount),
                        danger: true,
                      }}
                      done={w.cancelledHeld}
                      then={queue.reload}
                    >
                      {w.cancelHeld}
                    </Action>
                  </span>
                }
              >
                {w.heldNote(heldForOtherAccount)}
              </Note>
            )}
            <Facts
              of={[
                [w.length, <span class="number">{number(length)}</span>],
                [w.onTheWay, <span class="number">{number(onTheWay)}</span>],
                [w.unknown, <span class="number">{number(unknown)}</span>],
                [w.eta, length === 0 ? '–' : etaMs === null ? common.unknown : span(etaMs)],
                ...(reason === null ? [] : ([[w.waits, reason]] as const)),
                ...waiting.map(({ reason: why, count }) => [why, number(count)] as const),
              ]}
            />
          </div>
        )}
      </Loaded>
    </Card>
  );
}
