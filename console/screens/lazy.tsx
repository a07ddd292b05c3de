import type { FunctionComponent } from 'preact';
import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { Note } from '../components/notes.tsx';
import type { Screen } from '../screens.ts';
import { common } from '../words/common.ts';

type Content = FunctionComponent<Record<string, string>>;
const known = new Map<string, Content>();

/** A screen, once it is loaded. What fails in one leaves the shell and the others alone. */
export function Lazy({ screen, parts }: { screen: Screen; parts: Record<string, string> }) {
  const [Content, setContent] = useState<Content | undefined>(() => known.get(screen.path));
  const [failed, setFailed] = useState(false);
  const [broken] = useErrorBoundary((error) => console.error(error));
  useEffect(() => {
    if (Content !== undefined) return;
    screen.load().then(
      ({ Screen }) => {
        known.set(screen.path, Screen);
        setContent(() => Screen);
      },
      () => setFailed(true),
    );
  }, [screen]);
  if (failed || broken !== undefined) {
    return (
      <div role="alert">
        <Note
          tone="bad"
          action={
            <button type="button" onClick={() => location.reload()}>
              {common.reloadPage}
            </button>
          }
        >
          {/* After an update of the daemon the parts of the former console are gone. */}
          {failed ? common.updated : common.screenFailed}
        </Note>
      </div>
    );
  }
  if (Content === undefined) {
    return (
      <p class="loading" role="status">
        {common.loading}
      </p>
    );
  }
  return <Content {...parts} key={Object.values(parts).join('/')} />;
}
