import type { GroupRow } from '../../store/im-groups.ts';
import type { MemberInput, NamedMember } from './group.ts';
import type { User } from './message.ts';
import type { Draft } from './message-log.ts';

/** Whose notice it is, at which time. `name`: left out of the notices of what a client did. */
export interface NoticeHead {
  gid: number;
  name: string | undefined;
  /** Epoch ms. */
  at: number;
}

/**
 * What members are told of a change of their group.
 * @NOTE clients parse these texts strictly: keys and their order are those of the original, ids are
 * integers, times seconds. What is undefined is left out.
 */
/** What fits into a frame of the clients' protocol. */
const mostBytes = 32_743;

export const groupNotices = {
  /** `members` as they were sent. */
  created: (head: NoticeHead, group: GroupRow, members: readonly MemberInput[]): Buffer => {
    const { master, name } = group;
    const of = (some: readonly MemberInput[]): Buffer =>
      notice('create', {
        group_id: head.gid,
        master,
        name,
        members: some,
        timestamp: seconds(head),
      });
    let text = of(members);
    // Of a very large group as many are named as a frame holds.
    for (let count = members.length; text.length > mostBytes && count > 0; ) {
      count = Math.floor(count / 2);
      text = of(members.slice(0, count));
    }
    return text;
  },

  renamed: (head: NoticeHead, name: string): Buffer =>
    notice('update_name', { group_id: head.gid, timestamp: seconds(head), name }),

  noticed: (head: NoticeHead, text: string): Buffer =>
    notice('update_notice', { group_id: head.gid, timestamp: seconds(head), notice: text }),

  disbanded: (head: NoticeHead): Buffer =>
    notice('disband', { group_id: head.gid, group_name: head.name, timestamp: seconds(head) }),

  upgraded: (head: NoticeHead): Buffer =>
    notice('upgrade', {
      group_id: head.gid,
      group_name: head.name,
      timestamp: seconds(head),
      super: 1,
    }),

  joined: (head: NoticeHead, member: NamedMember, inviter: NamedMember | undefined): Buffer =>
    notice('add_member', { ...aboutMember(head, member), inviter }),

  left: (head: NoticeHead, member: NamedMember): Buffer =>
    notice('quit_group', aboutMember(head, member)),

  nicknamed: (head: NoticeHead, uid: number, nickname: string): Buffer =>
    notice('update_member_nickname', {
      group_id: head.gid,
      group_name: head.name,
      timestamp: seconds(head),
      nickname,
      member_id: uid,
    }),
};

/** Where a notice is laid: for each member, or once in the inbox of a super group. */
export type Audience = Pick<Draft, 'inboxes' | 'group'>;

export function audienceOf(group: GroupRow, members: readonly number[]): Audience {
  if (group.super) return { inboxes: [], group: { gid: group.gid, members } };
  return { inboxes: members.map((uid) => ({ appid: group.appid, uid })) };
}

/** @param also somebody outside the audience, told in the own inbox */
export function noticeDraft(
  group: GroupRow,
  content: Buffer,
  audience: Audience,
  also?: User,
): Draft {
  return {
    kind: 'notice',
    appid: group.appid,
    sender: 0,
    receiver: group.gid,
    device: 0,
    clientId: 0,
    content,
    push: 'tell',
    ...audience,
    ...(also !== undefined && { inboxes: [...audience.inboxes, also] }),
  };
}

function aboutMember(head: NoticeHead, { uid, name, avatar }: NamedMember): object {
  return {
    group_id: head.gid,
    group_name: head.name,
    member_id: uid,
    timestamp: seconds(head),
    name: name === '' ? undefined : name,
    avatar: avatar === '' ? undefined : avatar,
  };
}

function notice(kind: string, facts: object): Buffer {
  return Buffer.from(JSON.stringify({ [kind]: facts }), 'utf8');
}

function seconds({ at }: NoticeHead): number {
  return Math.floor(at / 1000);
}
