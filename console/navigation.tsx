import { Icon } from './components/icon.tsx';
import { say } from './i18n.ts';
import { type Group, groups, type Screen, screens } from './screens.ts';
import { may } from './session.ts';
import { shell } from './words/shell.ts';

/** The screens, at the side; on a phone behind a button. */
export function Navigation({ open }: { open: Screen | undefined }) {
  return (
    <>
      <nav class="side" aria-label={shell.nav}>
        <Screens open={open} />
      </nav>
      <div id="drawer" class="side-drawer" popover="auto">
        <nav class="side" aria-label={shell.nav}>
          <Screens open={open} />
        </nav>
      </div>
    </>
  );
}

function Screens({ open }: { open: Screen | undefined }) {
  const seen = screens.filter(({ group, role = 'viewer' }) => group !== undefined && may(role));
  return (
    <>
      <a class="brand" href="#/">
        <Mark />
        wxrc
      </a>
      {(Object.keys(groups) as Group[]).map((group) => {
        const own = seen.filter((one) => one.group === group);
        if (own.length === 0) return null;
        return (
          <div key={group}>
            <h2>{say(groups[group])}</h2>
            <ul>
              {own.map((screen) => (
                <li key={screen.path}>
                  <a
                    href={`#${screen.path}`}
                    aria-current={isWithin(open, screen) ? 'page' : undefined}
                    onClick={closeDrawer}
                  >
                    <Icon name={screen.icon} size={17} />
                    {say(screen.title)}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </>
  );
}

export function Mark() {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b6e5f" />
      <path
        d="M7 12.5C7 9.5 10 7.500 13.500 7.500s6.500 2 6.500 5-3 5-6.500 5q-1 0-1.900-.2L8.500 19l.7-2.600C7.800 15.500 7 14.100 7 12.500Z"
        fill="#fff"
      />
      <path
        d="M14.500 19.300c1 1.800 3.200 3 5.700 3q.9 0 1.700-.2l2.700 1.400-.6-2.300c1.300-.8 2-2.100 2-3.500 0-1.700-1.100-3.200-2.800-4-.3 3.300-4 5.900-8.700 5.600Z"
        fill="#8fe0cf"
      />
    </svg>
  );
}

/** A detail belongs to the screen it is reached from. */
function isWithin(open: Screen | undefined, screen: Screen): boolean {
  if (open === undefined) return false;
  return (
    open.path === screen.path || (screen.path !== '/' && open.path.startsWith(`${screen.path}/`))
  );
}

function closeDrawer(): void {
  const drawer = document.getElementById('drawer');
  if (drawer?.matches(':popover-open')) drawer.hidePopover();
}
