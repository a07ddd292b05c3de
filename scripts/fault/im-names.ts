/** A notice of a group: what has changed, and what is told of it. */
export interface Notice {
  kind: string;
  gid: number;
  name: string;
  member: number;
}

export function readNotice(text: string): Notice {
  const [[kind, facts] = ['', {}]] = Object.entries(
    JSON.parse(text) as Record<string, Record<string, unknown>>,
  );
  return {
    kind,
    gid: Number(facts['group_id']),
    name: String(facts['name'] ?? facts['group_name']),
    member: Number(facts['member_id']),
  };
}

/** What makes a notice one of its kind: each change has a name of its own. */
export function nameOf(text: string): string {
  const { kind, name } = readNotice(text);
  return `${kind} ${name}`;
}
