import type { Lane, Lanes } from './lanes.ts';
import { headOf, type SendCore } from './send-core.ts';

/** Rows moved in one transaction. */
const batch = 1000;

/**
 * Moves what a lane holds into the lane of the room or contact it turned out to mean. The lane is
 * busy meanwhile and the other stands still, so that in the end the oldest of both goes first.
 */
export async function moveLane(
  core: SendCore,
  lanes: Lanes,
  move: { botcode: string; lane: Lane; to: string; roomId: string | undefined },
): Promise<void> {
  const { botcode, lane, to } = move;
  const rows = { botcode, from: lane.key, to, roomId: move.roomId ?? null };
  lanes.block(to);
  try {
    for (;;) {
      const moved = await core.db.transaction(async (tx) => {
        const count = await core.store.relane(tx, rows, batch);
        const head = await core.store.head(tx, botcode, to);
        const left = await core.store.head(tx, botcode, lane.key);
        return { count, head, left };
      });
      const now = core.clock.now();
      lanes.left(lane, moved.count);
      if (moved.head !== undefined) lanes.add(to, headOf(moved.head, now), moved.count);
      if (moved.left !== undefined && moved.count > 0) continue;
      lanes.release(lane, moved.left === undefined ? undefined : headOf(moved.left, now));
      return;
    }
  } finally {
    lanes.unblock(to);
  }
}
